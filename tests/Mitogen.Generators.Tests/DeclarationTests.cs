using Mitogen.Generators.Tests.Harness;

namespace Mitogen.Generators.Tests;

/// <summary>Where and how a contract may be declared.</summary>
public sealed class DeclarationTests
{
    [Fact]
    public async Task Nested_internal_and_global()
    {
        GeneratedSample sample = TestCompiler.Generate("""
            [Remote]
            internal interface IGlobal
            {
                ValueTask<int> OneAsync();
            }

            public class Outer
            {
                internal static class Inner
                {
                    [Remote]
                    public interface IGlobal
                    {
                        ValueTask<int> TwoAsync();
                    }
                }
            }

            [RemoteService]
            internal sealed class Both : IGlobal, Outer.Inner.IGlobal
            {
                public ValueTask<int> OneAsync() => new(1);
                public ValueTask<int> TwoAsync() => new(2);
            }

            public static class Driver
            {
                public static async Task<string> RunAsync(IRemoteContext context) =>
                    $"{await context.Get<IGlobal>().OneAsync()} {await context.Get<Outer.Inner.IGlobal>().TwoAsync()}";
            }
            """).AssertClean();

        Assert.Equal("1 2", await sample.RunAsync());
        Snapshot.Verify(sample);
    }

    [Fact]
    public async Task Inherited_members()
    {
        GeneratedSample sample = TestCompiler.Generate("""
            namespace App;

            public interface IStore<T>
            {
                ValueTask<T> LoadAsync(string key);
                ValueTask<string> WhoAsync();
            }

            [Remote]
            public interface INamed
            {
                ValueTask<string> WhoAsync();
            }

            public interface IShared : INamed;

            [Remote]
            public interface IOrders : IStore<int>, IStore<string>, IShared, INamed
            {
                new ValueTask<string> WhoAsync();
            }

            [RemoteService]
            public sealed class Orders : IOrders
            {
                ValueTask<int> IStore<int>.LoadAsync(string key) => new(key.Length);
                ValueTask<string> IStore<string>.LoadAsync(string key) => new(key + "!");
                ValueTask<string> IStore<int>.WhoAsync() => new("store of int");
                ValueTask<string> IStore<string>.WhoAsync() => new("store of string");
                ValueTask<string> INamed.WhoAsync() => new("named");
                ValueTask<string> IOrders.WhoAsync() => new("orders");
            }

            public static class Driver
            {
                public static async Task<string> RunAsync(IRemoteContext context)
                {
                    IOrders orders = context.Get<IOrders>();
                    return string.Join(", ",
                        await ((IStore<int>)orders).LoadAsync("four"), await ((IStore<string>)orders).LoadAsync("four"),
                        await ((IStore<int>)orders).WhoAsync(), await ((IStore<string>)orders).WhoAsync(),
                        await ((INamed)orders).WhoAsync(), await orders.WhoAsync(), await context.Get<INamed>().WhoAsync());
                }
            }
            """).AssertClean();

        Assert.Equal("4, four!, store of int, store of string, named, orders, named", await sample.RunAsync());
        Snapshot.Verify(sample);
    }

    [Fact]
    public async Task Names_that_collide_or_are_keywords()
    {
        GeneratedSample sample = TestCompiler.Generate("""
            namespace App.@event;

            [Remote]
            public interface @class
            {
                ValueTask<string> @return(string @int, string call, string writer, string reader, string error, string call_);
                string Target(string Target, string target, string s_method0, CancellationToken value = default);
                string ToString();
            }

            [RemoteService]
            public sealed class @struct : @class
            {
                public ValueTask<string> @return(string @int, string call, string writer, string reader, string error, string call_) =>
                    new(@int + call + writer + reader + error + call_);
                public string Target(string Target, string target, string s_method0, CancellationToken value) =>
                    Target + target + s_method0;
                string @class.ToString() => "text";
            }

            public static class Driver
            {
                public static async Task<string> RunAsync(IRemoteContext context)
                {
                    var proxy = context.Get<@class>();
                    return await proxy.@return("a", "b", "c", "d", "e", "f") + proxy.Target("g", "h", "i") + proxy.ToString();
                }
            }
            """).AssertClean();

        Assert.Equal("abcdefghitext", await sample.RunAsync());
        Snapshot.Verify(sample);
    }

    [Fact]
    public async Task Overloads_defaults_and_annotations()
    {
        GeneratedSample sample = TestCompiler.Generate("""
            namespace App;

            [Remote]
            public interface IFind
            {
                Task<string> FindAsync(int id);
                Task<string> FindAsync(int? id);
                Task<string> FindAsync(string name, int limit = 7, string? after = null);
                Task<string> FindAsync(params string[] names);
                (int Count, string? First) Summarize(List<string?> lines, (int X, int Y) at);
                [Obsolete("Use FindAsync.")] string Find();
            #nullable disable
                string Oblivious(string text);
            #nullable restore
            }

            [RemoteService]
            public sealed class Finder : IFind
            {
                public Task<string> FindAsync(int id) => Task.FromResult("id " + id);
                public Task<string> FindAsync(int? id) => Task.FromResult("maybe " + id);
                public Task<string> FindAsync(string name, int limit, string? after) => Task.FromResult(name + limit + (after ?? "-"));
                public Task<string> FindAsync(params string[] names) => Task.FromResult("names " + string.Join("+", names));
                public (int Count, string? First) Summarize(List<string?> lines, (int X, int Y) at) =>
                    (lines.Count + at.X + at.Y, lines[0]);
                public string Find() => "old";
                public string Oblivious(string text) => text;
            }

            public static class Driver
            {
                public static async Task<string> RunAsync(IRemoteContext context)
                {
                    var find = context.Get<IFind>();
                    (int count, string? first) = find.Summarize(new() { null, "x" }, (3, 4));
                    return string.Join("; ", await find.FindAsync(3), await find.FindAsync((int?)null), await find.FindAsync("n"),
                        await find.FindAsync("a", "b"), count, first ?? "null", find.Oblivious("text"));
                }
            }
            """).AssertClean();

        Assert.Equal("id 3; maybe ; n7-; names a+b; 9; null; text", await sample.RunAsync());
        Snapshot.Verify(sample);
    }

    [Fact]
    public void Files_of_types_whose_names_differ_in_case_or_namespace_differ()
    {
        GeneratedSample sample = TestCompiler.Generate("""
            namespace App { [Remote] public interface IFiles { void M(); } [Remote] public interface IFILES { void M(); } }
            namespace App.Sub { [Remote] public interface IFiles { void M(); } }
            namespace App_Sub { [Remote] public interface IFiles { void M(); } }
            public static class Sub { [Remote] public interface IFiles { void M(); } }
            """).AssertClean();

        string[] names = [.. sample.Result.GeneratedSources.Select(s => s.HintName)];
        Assert.Equal(7, names.Length);
        Assert.Equal(7, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public void Static_helpers_constants_and_nested_types_are_no_part_of_a_contract()
    {
        GeneratedSample sample = TestCompiler.Generate("""
            [Remote]
            public interface IFiles
            {
                const int Limit = 3;
                enum Kind { File, Folder }
                static string Join(string a, string b) => a + "/" + b;
                void Delete(string path);
            }
            """).AssertClean();

        string contract = sample.Result.GeneratedSources[0].SourceText.ToString();
        Assert.Contains("new global::Mitogen.CompilerServices.RemoteMethod[] { s_method0 }", contract, StringComparison.Ordinal);
    }
}
