using System.Security.Cryptography;
using Mitogen.Processes;
using Mitogen.Runtime.Tests.Leaks;

namespace Mitogen.Runtime.Tests.Processes;

public sealed class MemoryFileTests : LeakCheckedTest
{
    [Fact]
    public void Holds_its_content_until_it_is_disposed()
    {
        byte[] content = RandomNumberGenerator.GetBytes(1_000_000);
        string path;
        using (MemoryFile file = MemoryFile.Create("test", content))
        {
            path = file.Path;
            Assert.Equal(content, File.ReadAllBytes(path));
        }

        Assert.False(File.Exists(path));
    }

    [Fact]
    public void May_be_empty()
    {
        using MemoryFile file = MemoryFile.Create("test", []);
        Assert.Empty(File.ReadAllBytes(file.Path));
    }
}
