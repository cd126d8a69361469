using Mitogen.Testing;

namespace Mitogen.Toolkit.Tests.Files;

/// <summary>The base of tests on files of this machine, in a folder of their own, through a root in memory.</summary>
public abstract class FilesTest : IAsyncDisposable
{
    private readonly InProcessRoot _root = InProcessRoot.Create();

    protected FilesTest()
    {
        Directory.CreateDirectory(Folder);
        Files = _root.Get<IFiles>();
    }

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected string Folder { get; } = Path.Combine(Path.GetTempPath(), $"toolkit-{Guid.NewGuid():N}");

    protected IFiles Files { get; }

    protected InProcessRoot Root => _root;

    protected string At(string name) => $"{Folder}/{name}";

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _root.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    protected static async Task<List<T>> AllAsync<T>(IAsyncEnumerable<T> items)
    {
        List<T> result = [];
        await foreach (T item in items)
        {
            result.Add(item);
        }

        return result;
    }

    protected static UnixFileMode Mode(string octal) => (UnixFileMode)Convert.ToInt32(octal, 8);
}
