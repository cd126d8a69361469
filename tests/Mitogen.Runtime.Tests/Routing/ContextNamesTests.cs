using Mitogen.Routing;

namespace Mitogen.Runtime.Tests.Routing;

public sealed class ContextNamesTests
{
    [Theory]
    [InlineData("web 1 (Köln)", true)]
    [InlineData("", false)]
    [InlineData("a/b", false)]
    [InlineData("a\tb", false)]
    [InlineData("a\nb", false)]
    [InlineData("a\u001bb", false)]
    [InlineData("a\u202eb", false)]
    public void A_name_is_shown_as_it_is(string name, bool isName)
    {
        Assert.Equal(isName, ContextNames.IsName(name));
        Assert.False(ContextNames.IsName(new string('x', 101)));
    }

    [Fact]
    public async Task No_context_has_another_name()
    {
        Assert.Throws<ArgumentException>(() => MitogenRoot.Create(new MitogenOptions { Name = "ro\not" }));
        await using MitogenRoot root = MitogenRoot.Create();
        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(() => root.ConnectAsync(new LocalConnection { Name = "a\u001b" }, TestContext.Current.CancellationToken));
        Assert.StartsWith("'a\\x1b' is not a context's name", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("root/a/b", "root/a", true)]
    [InlineData("root/a", "root/a", false)]
    [InlineData("root/ab", "root/a", false)]
    [InlineData("root/a/", "root/a", false)]
    [InlineData("root/a//b", "root/a", false)]
    [InlineData("root/a/\r", "root/a", false)]
    public void A_context_is_below_another_one_when_names_follow(string path, string above, bool isBelow) =>
        Assert.Equal(isBelow, ContextNames.IsBelow(path, above));

    [Fact]
    public void What_a_context_does_not_say_is_empty() => Assert.Equal(new ContextInfo("", "", 0, "", "", ""), ContextNames.Shown(null));
}
