using Mitogen.Contexts;

namespace Mitogen.Runtime.Tests.Services;

public sealed class GivenAssembliesTests
{
    [Fact]
    public void One_assembly_is_given_twice_and_no_more()
    {
        GivenAssemblies given = new();

        Assert.Equal([true, true, false, false], Enumerable.Range(0, 4).Select(i => given.TryGive(i % 2 == 0 ? "App" : "app")));
        Assert.True(given.TryGive("Lib"));
    }
}
