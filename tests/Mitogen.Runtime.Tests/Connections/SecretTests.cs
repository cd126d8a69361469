using System.Text.Json;

namespace Mitogen.Runtime.Tests.Connections;

public sealed class SecretTests
{
    [Fact]
    public void It_never_prints()
    {
        Secret secret = "correct horse";
        Assert.Equal("***", secret.ToString());
        Assert.Equal("***", $"{secret}");
        Assert.Equal("{}", JsonSerializer.Serialize(secret));
        Assert.Equal("Box { Secret = *** }", new Box(secret).ToString());
        Assert.Equal("correct horse", secret.Reveal());
    }

    [Theory]
    [InlineData("a", "a", true)]
    [InlineData("", "", true)]
    [InlineData("a", "b", false)]
    [InlineData("a", "aa", false)]
    [InlineData("ü", "u", false)]
    public void It_is_compared_by_its_text(string one, string other, bool equal)
    {
        Secret left = new(one);
        Secret right = new(string.Concat(other));
        Assert.Equal(equal, left.Equals(right));
        Assert.Equal(equal, left == right);
        Assert.Equal(!equal, left != right);
        Assert.Equal(equal, left.GetHashCode() == right.GetHashCode());
        Assert.Equal(equal, new Box(left) == new Box(right));
        Assert.False(left == null);
        Assert.False(null == right);
        Assert.False(left.Equals((object)other));
    }

    [Fact]
    public void No_text_is_no_secret()
    {
        Secret? none = (string?)null;
        Assert.Null(none);
        Assert.True(none == null);
        Assert.Throws<ArgumentNullException>(() => new Secret(null!));
    }

    private sealed record Box(Secret Secret);
}
