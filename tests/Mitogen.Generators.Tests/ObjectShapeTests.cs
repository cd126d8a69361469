using Mitogen.Generators.Tests.Harness;

namespace Mitogen.Generators.Tests;

/// <summary>Contracts as arguments and results, promises and properties, in the code that is generated for them.</summary>
public sealed class ObjectShapeTests
{
    [Fact]
    public async Task Contracts_as_arguments_and_results()
    {
        GeneratedSample sample = TestCompiler.Generate("""
            namespace App;

            [Remote]
            public interface IFolder : IAsyncDisposable
            {
                Task<string> NameAsync();
                Task<IFolder?> FindAsync(string name);
                Task<List<IFolder>> ChildrenAsync();
                ValueTask<Dictionary<string, Entry>> EntriesAsync();
            }

            public sealed record Entry(int Size, IFolder? Folder);

            [Remote]
            public interface IWalker
            {
                ValueTask<int> WalkAsync(IFolder start, IVisitor? visitor, params IFolder?[] rest);
                [OneWay] void Watch(IVisitor visitor);
                void Visit(HashSet<IVisitor> visitors);
            }

            [Remote]
            public interface IVisitor
            {
                void Visit(string name);
            }

            public sealed class Folder(string name, params Folder[] children) : IFolder
            {
                public static int Disposed;
                public Task<string> NameAsync() => Task.FromResult(name);
                public Task<IFolder?> FindAsync(string wanted) =>
                    Task.FromResult<IFolder?>(children.FirstOrDefault(c => c.NameAsync().Result == wanted));
                public Task<List<IFolder>> ChildrenAsync() => Task.FromResult(children.ToList<IFolder>());
                public ValueTask<Dictionary<string, Entry>> EntriesAsync() =>
                    new(new Dictionary<string, Entry> { ["first"] = new(1, children[0]), ["none"] = new(2, null) });
                public ValueTask DisposeAsync() { Disposed++; return default; }
            }

            [RemoteService(Concurrency = ServiceConcurrency.Exclusive, Ordered = false)]
            public sealed class Walker : IWalker
            {
                public async ValueTask<int> WalkAsync(IFolder start, IVisitor? visitor, params IFolder?[] rest)
                {
                    foreach (IFolder child in await start.ChildrenAsync()) visitor?.Visit(await child.NameAsync());
                    return rest.Count(r => r is not null);
                }
                public void Watch(IVisitor visitor) => visitor.Visit("watched");
                public void Visit(HashSet<IVisitor> visitors) { foreach (IVisitor visitor in visitors) visitor.Visit("all"); }
            }

            [RemoteService]
            public sealed class Root : IFolder
            {
                private readonly Folder _folder = new("root", new Folder("a", new Folder("deep")), new Folder("b"));
                public Task<string> NameAsync() => _folder.NameAsync();
                public Task<IFolder?> FindAsync(string name) => _folder.FindAsync(name);
                public Task<List<IFolder>> ChildrenAsync() => _folder.ChildrenAsync();
                public ValueTask<Dictionary<string, Entry>> EntriesAsync() => _folder.EntriesAsync();
                public ValueTask DisposeAsync() => default;
            }

            public static class Driver
            {
                private sealed class Visitor(List<string> into) : IVisitor
                {
                    public void Visit(string name) => into.Add(name);
                }

                public static async Task<string> RunAsync(IRemoteContext context)
                {
                    IFolder root = context.Get<IFolder>();
                    IWalker walker = context.Get<IWalker>();
                    var results = new List<string>();
                    var visitor = new Visitor(results);
                    results.Add((await walker.WalkAsync(root, visitor, root, null, root)).ToString());
                    results.Add((await walker.WalkAsync(new Folder("mine", new Folder("x")), null)).ToString());
                    walker.Watch(visitor);
                    walker.Visit(new() { visitor });
                    results.Add(await root.FindAsync("c") is null ? "null" : "found");
                    await using (IFolder a = (await root.FindAsync("a"))!) results.Add(await (await a.ChildrenAsync())[0].NameAsync());
                    var entries = await root.EntriesAsync();
                    results.Add(await entries["first"].Folder!.NameAsync() + entries["none"].Folder?.ToString() + Folder.Disposed);
                    return string.Join(",", results);
                }
            }
            """).AssertClean();

        Assert.Equal("a,b,2,0,watched,all,null,deep,a1", await sample.RunAsync());
        Snapshot.Verify(sample);
    }

    [Fact]
    public async Task Promises_and_properties()
    {
        GeneratedSample sample = TestCompiler.Generate("""
            namespace App;

            [Remote]
            public interface IShell
            {
                IFolder Home { get; }
                IFolder Open(string path, IFolder? from);
                string? @class { get; }
                int Count { get; }
                List<string> Names { get; }
                IAsyncEnumerable<int> Ticks(CancellationToken token);
            }

            [Remote]
            public interface IFolder
            {
                IFolder Open(string name);
                Task<string> PathAsync();
            }

            public sealed class Folder(string path) : IFolder
            {
                public IFolder Open(string name) => name == "" ? throw new ArgumentException("no name") : new Folder(path + "/" + name);
                public Task<string> PathAsync() => Task.FromResult(path);
            }

            [RemoteService]
            public sealed class Shell : IShell
            {
                public IFolder Home => new Folder("home");
                public IFolder Open(string path, IFolder? from) => new Folder((from?.PathAsync().Result ?? "") + path);
                public string? @class => null;
                public int Count => 3;
                public List<string> Names => new() { "a", "b" };
                public IAsyncEnumerable<int> Ticks(CancellationToken token) => throw new NotSupportedException();
            }

            public static class Driver
            {
                public static async Task<string> RunAsync(IRemoteContext context)
                {
                    IShell shell = context.Get<IShell>();
                    string failed = "";
                    try { await shell.Home.Open("").Open("x").PathAsync(); } catch (ArgumentException e) { failed = e.Message; }
                    IFolder ready = await shell.Home.ReadyAsync();
                    return string.Join(",", await shell.Home.Open("a").Open("b").PathAsync(), await shell.Open("p", ready).PathAsync(),
                        shell.Count, shell.@class ?? "null", shell.Names.Count, failed);
                }
            }
            """).AssertClean();

        Assert.Equal("home/a/b,homep,3,null,2,no name", await sample.RunAsync());
        Snapshot.Verify(sample);
    }

    [Fact]
    public async Task A_contract_of_another_assembly_is_passed_by_its_class()
    {
        GeneratedSample library = TestCompiler.Generate(
            "namespace Library; [Remote] public interface IFile { Task<int> SizeAsync(); }", "Library").AssertClean();

        GeneratedSample sample = TestCompiler.Generate("""
            using Library;

            [Remote]
            public interface IFiles
            {
                Task<IFile> FindAsync();
                IFile Open(IFile other);
            }

            public sealed class File(int size) : IFile
            {
                public Task<int> SizeAsync() => Task.FromResult(size);
            }

            [RemoteService]
            public sealed class Files : IFiles
            {
                public Task<IFile> FindAsync() => Task.FromResult<IFile>(new File(3));
                public IFile Open(IFile other) => new File(other.SizeAsync().Result + 1);
            }

            public static class Driver
            {
                public static async Task<string> RunAsync(IRemoteContext context)
                {
                    IFiles files = context.Get<IFiles>();
                    return (await files.Open(await files.FindAsync()).SizeAsync()).ToString();
                }
            }
            """, "Program", isExecutable: true, library.ToReference()).AssertClean();

        Assert.Equal("4", await sample.RunAsync(referenced: library));
    }
}
