using System.Reflection;

namespace Mitogen.Toolkit.Tests;

/// <summary>What the library may use.</summary>
public sealed class AssemblyTests
{
    [Fact]
    public void The_toolkit_uses_no_internals_of_the_runtime()
    {
        IEnumerable<string> friends =
            from attribute in typeof(MitogenRoot).Assembly.GetCustomAttributes<System.Runtime.CompilerServices.InternalsVisibleToAttribute>()
            select attribute.AssemblyName;

        Assert.DoesNotContain("Mitogen.Toolkit", friends);
    }
}
