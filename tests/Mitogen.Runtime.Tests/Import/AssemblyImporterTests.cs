using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.PortableExecutable;
using System.Runtime;
using System.Runtime.Loader;
using Mitogen.Import;

namespace Mitogen.Runtime.Tests.Import;

[Collection(nameof(AssemblyImporterTests))]
[CollectionDefinition(nameof(AssemblyImporterTests), DisableParallelization = true)]
public class AssemblyImporterTests
{
    private const string Library = "Mitogen.TestLibrary";
    private static readonly string s_libraryPath = Path.Combine(AppContext.BaseDirectory, "imported", Library + ".dll");

    [Fact]
    public async Task Imported_code_is_not_jitted_and_code_from_a_stream_is()
    {
        using (var image = new PEReader(File.OpenRead(s_libraryPath)))
        {
            Assert.NotEqual(0, image.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size);
        }

        Assembly root = new AssemblyLoadContext("root").LoadFromAssemblyPath(s_libraryPath);
        var loaded = new LoadedAssemblyProvider(AssemblyClosure.Compute([root], []));
        var imported = new ImportedAssemblyProvider(
            loaded.Names, loaded.SentAhead, _ => throw new InvalidOperationException("It was sent ahead."));
        imported.Add([(await loaded.FindAsync(Library, TestContext.Current.CancellationToken))!]);
        using var importer = new AssemblyImporter(imported);

        int fromMemoryFile = MethodsJittedBy(Assembly.Load(Library));
        byte[] bytes = File.ReadAllBytes(s_libraryPath);
        int fromStream = MethodsJittedBy(new AssemblyLoadContext("stream").LoadFromStream(new MemoryStream(bytes)));

        Assert.Equal(0, fromMemoryFile);
        Assert.True(fromStream > 0, "The measure sees no jitted method at all.");
    }

    [Fact]
    public void Every_way_to_load_works_and_leaves_nothing_of_ours_open_or_behind()
    {
        string[] names = [.. Enumerable.Range(0, 6).Select(_ => TestAssemblies.NewName())];
        byte[][] files = [.. names.Select(TestAssemblies.Make)];

        Assembly?[] assemblies =
        [
            AssemblyImage.LoadFromMemoryFile(names[0], files[0]),
            AssemblyImage.LoadFromMemoryFile(names[1], files[1]),
            AssemblyImage.LoadFromDirectory(files[2]),
            AssemblyImage.LoadFromDirectory(files[3]),
            AssemblyImage.LoadFromStream(files[4]),
            AssemblyImage.Load(names[5], files[5]),
        ];

        Assert.Equal(names, assemblies.Select(assembly => assembly?.GetName().Name));
        Assert.All(assemblies, assembly => Assert.NotNull(assembly!.GetType("Marker", throwOnError: true)));

        // The runtime keeps a loaded file open for itself, whatever it is; ours are closed.
        int ofTheRuntime = OpenFiles().Count(target => target == $"{assemblies[2]!.Location} (deleted)");
        Assert.Equal(ofTheRuntime, OpenFiles().Count(target => target == $"/memfd:{names[0]} (deleted)"));
        Assert.False(File.Exists(assemblies[0]!.Location));
        Assert.False(File.Exists(assemblies[2]!.Location));
    }

    [Fact]
    public void Threads_that_want_one_assembly_join_one_request()
    {
        string name = TestAssemblies.NewName();
        using var parent = new SlowParent([name]);
        using var importer = new AssemblyImporter(parent.Provider);

        Assembly[] loaded = OnThreads(64, _ => Assembly.Load(name));

        Assert.Single(loaded.Distinct());
        Assert.Equal(name, Assert.Single(parent.Asked));
    }

    [Fact]
    public void Requests_from_every_pool_thread_do_not_wait_for_one()
    {
        string[] names = [.. Enumerable.Range(0, 64).Select(_ => TestAssemblies.NewName())];
        using var parent = new SlowParent(names);
        using var importer = new AssemblyImporter(parent.Provider);

        // The pool has no more threads than wait for an assembly.
        ThreadPool.GetMaxThreads(out int workers, out int ports);
        Assert.True(ThreadPool.SetMaxThreads(Math.Max(Environment.ProcessorCount, ThreadPool.ThreadCount), ports));
        try
        {
            Assert.Equal(names, LoadOnPool(names).Select(assembly => assembly.GetName().Name));
        }
        finally
        {
            Assert.True(ThreadPool.SetMaxThreads(workers, ports));
        }

        Assert.Equal(names.Order(), parent.Asked.Order());
    }

    [Fact]
    public void What_the_parent_did_not_announce_is_not_asked_for()
    {
        using var parent = new SlowParent([]);
        using var importer = new AssemblyImporter(parent.Provider);

        Assert.Throws<FileNotFoundException>(() => Assembly.Load(TestAssemblies.NewName()));
        Assert.Empty(parent.Asked);
    }

    [Fact]
    public void A_negative_answer_is_remembered()
    {
        string name = TestAssemblies.NewName();
        int asked = 0;
        using var importer = new AssemblyImporter(new ImportedAssemblyProvider([name], [], _ =>
        {
            asked++;
            return Task.FromResult<CompressedAssembly?>(null);
        }));

        Assert.Throws<FileNotFoundException>(() => Assembly.Load(name));
        Assert.Throws<FileNotFoundException>(() => new AssemblyLoadContext("other").LoadFromAssemblyName(new AssemblyName(name)));
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task A_context_answers_its_children_from_what_it_received()
    {
        string[] names = [TestAssemblies.NewName(), TestAssemblies.NewName()];
        using var parent = new SlowParent(names);
        CompressedAssembly ahead = TestAssemblies.MakeCompressed(names[0]);
        parent.Provider.Add([ahead]);
        CancellationToken token = TestContext.Current.CancellationToken;

        Assert.Same(ahead, await parent.Provider.FindAsync(names[0], token));
        CompressedAssembly? asked = await parent.Provider.FindAsync(names[1], token);
        Assert.Same(asked, await parent.Provider.FindAsync(names[1], token));
        Assert.Null(await parent.Provider.FindAsync("../" + names[0], token));
        Assert.Equal(names[1], Assert.Single(parent.Asked));
        Assert.Throws<InvalidDataException>(() => parent.Provider.Add([ahead with { Name = "System.Text.Json" }]));
    }

    private static int MethodsJittedBy(Assembly assembly)
    {
        Type arithmetic = assembly.GetType("Mitogen.TestLibrary.Arithmetic", throwOnError: true)!;
        var run = arithmetic.GetMethod("Run")!.CreateDelegate<Func<int, int>>();
        long before = JitInfo.GetCompiledMethodCount(currentThread: true);
        int result = run(10);
        long after = JitInfo.GetCompiledMethodCount(currentThread: true);
        Assert.Equal((3 * 45) + 6, result);
        return (int)(after - before);
    }

    private static IEnumerable<string> OpenFiles() =>
        Directory.EnumerateFileSystemEntries("/proc/self/fd").Select(path => new FileInfo(path).LinkTarget ?? "");

    private static Assembly[] LoadOnPool(string[] names)
    {
        Task<Assembly[]> loading = Task.WhenAll(names.Select(name => Task.Run(() => Assembly.Load(name))));
        Assert.True(loading.Wait(Eventually.Patience), "The requests wait for a pool thread.");
        return loading.Result;
    }

    private static T[] OnThreads<T>(int count, Func<int, T> body)
    {
        var results = new T[count];
        using var start = new Barrier(count);
        Thread[] threads = [.. Enumerable.Range(0, count).Select(i => new Thread(() =>
        {
            start.SignalAndWait();
            results[i] = body(i);
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        return results;
    }

    /// <summary>A parent that answers one request after the other on a thread of its own, as a link does.</summary>
    private sealed class SlowParent : IDisposable
    {
        private readonly BlockingCollection<(string Name, TaskCompletionSource<CompressedAssembly?> Answer)> _requests = [];
        private readonly Thread _link;

        internal SlowParent(string[] names)
        {
            Dictionary<string, CompressedAssembly> assemblies = names.ToDictionary(name => name, TestAssemblies.MakeCompressed);
            Provider = new ImportedAssemblyProvider(names, [], Ask);
            _link = new Thread(() =>
            {
                foreach ((string name, TaskCompletionSource<CompressedAssembly?> answer) in _requests.GetConsumingEnumerable())
                {
                    Thread.Sleep(5);
                    answer.SetResult(assemblies[name]);
                }
            });
            _link.Start();
        }

        internal ImportedAssemblyProvider Provider { get; }

        internal ConcurrentQueue<string> Asked { get; } = [];

        public void Dispose()
        {
            _requests.CompleteAdding();
            _link.Join();
            _requests.Dispose();
        }

        private Task<CompressedAssembly?> Ask(string name)
        {
            Asked.Enqueue(name);
            // Continuations must not run on the link's thread; a blocked caller is woken by its event all the same.
            var answer = new TaskCompletionSource<CompressedAssembly?>(TaskCreationOptions.RunContinuationsAsynchronously);
            _requests.Add((name, answer));
            return answer.Task;
        }
    }
}
