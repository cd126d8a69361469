using Microsoft.CodeAnalysis;
using Mitogen.Generators.Diagnostics;
using Mitogen.Generators.Tests.Harness;

namespace Mitogen.Generators.Tests.Diagnostics;

/// <summary>
/// Each diagnostic stands at the smallest piece of source that has to change, and names it: a type where a signature has it, a parameter by
/// its name, a result as one.
/// </summary>
public sealed class PositionTests
{
    private const string Folder = " [Remote] public interface IFolder { void M(); }";
    private const string Bad = " public record Bad(object X);";
    private const string Lossy = " public class Lossy { public int A; private int _b; }";
    private const string Money =
        " [MemoryPack.MemoryPackable(MemoryPack.GenerateType.NoGenerate)] public sealed partial class Money { public decimal Amount; }";
    private const string Service = " [Remote] public interface IC { void M(); }";

    private static readonly (string Source, string Message)[] s_rows =
    [
        ("[Remote] public interface {|MITO001:IC|}<T>;", "The contract 'IC' has type parameters"),
        ("public class Outer { [Remote] private interface {|MITO002:IC|}; }", "The contract 'IC' cannot be implemented"),
        ("[Remote] public interface IC { int {|MITO003:Size|} { get; set; } }", "'IC.Size' is an indexer, or a property that can be set"),
        ("[Remote] public interface IC { event Action {|MITO004:Changed|}; }", "'IC.Changed' is an event"),
        ("[Remote] public interface IC { void {|MITO005:M|}<T>(T a); }", "'IC.M' has type parameters"),
        ("[Remote] public interface IC { void M(ref int {|MITO006:x|}); }", "'x' is passed by reference: take it by value, and return what changes"),
        ("[Remote] public interface IC { {|MITO006:ref int|} M(); }", "The result of 'IC.M' is passed by reference: return it by value"),
        ("[Remote] public interface IC { {|MITO006:ref int|} P { get; } }", "The property 'IC.P' is passed by reference: return it by value"),
        ("[Remote] public interface IC { void M({|MITO008:Action<int>?|} done); }", "'done' is a delegate"),
        ("[Remote] public interface IC { Task<{|MITO008:Action|}> M(); }", "The result of 'IC.M' is a delegate"),
        ("[Remote] public interface IC { {|MITO008:Action|} P { get; } }", "The property 'IC.P' is a delegate"),
        ("[Remote] public interface IC { static abstract void {|MITO009:M|}(); }", "'IC.M' is static"),
        ("[Remote] public interface IC { void {|MITO010:M|}() { } }", "'IC.M' has a body"),
        ("public interface IB { void M(); } [Remote] public interface IC : IB { void IB.{|MITO010:M|}() { } }", "'IC.IB.M' has a body"),
        ("[Remote] public interface IC { void M({|MITO011:Task<int>|} x); }", "'x' is a task"),
        ("[Remote] public interface IC { Task<{|MITO011:Task|}> M(); }", "The result of 'IC.M' is a task"),
        ("[Remote] public interface IC { {|MITO011:Span<int>|} M(); }", "The result of 'IC.M' is a view of memory"),
        ("[Remote] public interface IC { void {|MITO011:M|}(__arglist); }", "The last parameter of 'IC.M' is a list of arguments of any types"),
        ("[Remote] public interface IC { Task M({|MITO012:Bad|} x); }" + Bad, "'x' cannot be sent, because of Bad.X: 'object' may be of any type"),
        ("[Remote] public interface IC { Task<List<{|MITO012:Bad|}>> M(); }" + Bad, "The result of 'IC.M' cannot be sent, because of List<Bad>[].X: 'object'"),
        ("[Remote] public interface IC { Dictionary<string, {|MITO012:Bad|}[]?> P { get; } }" + Bad, "The property 'IC.P' cannot be sent, because of "),
        ("[Remote] public interface IC { Task M((int A, {|MITO012:Bad?|} B)[][,] x); }" + Bad, "'x' cannot be sent, because of "),
        ("[Remote] public interface IC { Task M(System.Collections.Generic.List<global::System.Collections.Generic.List<{|MITO012:Bad|}>> x); }" + Bad, "'x' cannot"),
        ("[Remote] public interface IC { Task M(Box<{|MITO012:Bad|}> x); } public record Box<T>(T Item);" + Bad, "'x' cannot be sent, because of Box<Bad>.Item.X"),
        ("[Remote] public interface IC { Task M({|MITO012:Box<Bad>|} x); } public record Box<T>(object Item);" + Bad, "'x' cannot be sent, because of Box<Bad>.Item"),
        ("using Bads = System.Collections.Generic.List<Bad>; [Remote] public interface IC { Task<{|MITO012:Bads|}> M(); }" + Bad, "The result of 'IC.M' cannot be"),
        ("[Remote] public interface IC { Task M(IProgress<{|MITO012:Bad|}> x); }" + Bad, "'x' cannot be sent"),
        ("[Remote] public interface IC { IAsyncEnumerable<{|MITO012:IFolder|}> M(CancellationToken t); }" + Folder, "The result of 'IC.M' cannot be sent, because of "),
        ("[Remote] public interface IC { Task M(List<IAsyncEnumerable<(int, {|MITO012:Stream|})>> x); }", "'x' cannot be sent, because of "),
        ("[Remote] public interface IC { Task M(KeyValuePair<int, {|MITO012:int[,,,,]|}> x); }", "'x' cannot be sent, because of "),
        ("[Remote] public interface IC { Task M({|MITO012:S|} x); } public static class S;", "'x' cannot be sent, because of S: 'S' is static"),
        ("public interface IB { Task M({|MITO012:Bad|} x); } [Remote] public interface IC : IB;" + Bad, "'x' cannot be sent"),
        ("public interface IB<T> { Task<T> M(); } [Remote] public interface IC : IDisposableLike, {|MITO012:IB<Bad>|}; public interface IDisposableLike;" + Bad, "The result of 'IB.M' cannot"),
        ("[Remote] public interface IC { [OneWay] {|MITO013:Task<int>|} M(); }", "'IC.M' is [OneWay] and returns a result"),
        ("[Remote] public interface IC { Task M(CancellationToken a, CancellationToken {|MITO014:b|}); }", "'b' is a second CancellationToken"),
        ("public interface IB; [Remote] public interface IC : IB, {|MITO015:IDisposable|};", "The contract 'IC' inherits 'IDisposable'"),
        ("public interface IB : IDisposable; [Remote] public interface IC : {|MITO015:IB|};", "The contract 'IC' inherits 'IDisposable'"),
        ("[Remote] public interface IC { internal void {|MITO018:M|}(); }", "'IC.M' is not public"),
        ("public class C { [OneWay] public void {|MITO019:M|}() { } }", "'C.M' is not declared in an interface"),
        ("[RemoteService] public class {|MITO020:S|};", "'S' is a [RemoteService], but implements no"),
        ("[RemoteService] public abstract class {|MITO021:S|} : IC { public abstract void M(); }" + Service, "The service 'S' cannot be created"),
        ("[RemoteService] file class {|MITO022:S|} : IC { public void M() { } }" + Service, "The service 'S' cannot be created by generated code"),
        ("[RemoteService] public class {|MITO023:S|} : IC { private S() { } public void M() { } }" + Service, "The service 'S' has no constructors"),
        ("[RemoteService] public class A : IC { public void M() { } } [RemoteService] public class {|MITO024:B|} : IC { public void M() { } }" + Service, "'A' and 'B' both"),
        ("[RemoteService] public class S(ref int {|MITO025:a|}) : IC { public void M() { } }" + Service, "'a' cannot be supplied, because it is passed by reference"),
        ("[RemoteService] public class S({|MITO025:Span<int>|} a) : IC { public void M() { } }" + Service, "'a' cannot be supplied, because it has a type"),
        ("[RemoteStartup] public class {|MITO030:S|};", "The startup class 'S' cannot be used, because it is not static"),
        ("[RemoteStartup] public static class S { public static void {|MITO031:Configure|}() { } }", "The startup class 'S' needs exactly one"),
        ("[Remote] public interface IC { List<{|MITO040:IFolder|}> M(); }" + Folder, "'IC.M' blocks its caller, and its result holds List<IFolder>[], which is a contract"),
        ("[Remote] public interface IC { (int, {|MITO040:Place|}) P { get; } } public record Place(IFolder At);" + Folder, "'IC.P' blocks its caller, and its result holds "),
        ("[Remote] public interface IC { {|MITO041:IFolder?|} M(); }" + Folder, "'IC.M' gives a promise of its object at once, when it is not known"),
        ("[Remote] public interface IC { IFolder M(CancellationToken {|MITO041:t|}); }" + Folder, "'IC.M' gives a promise of its object at once, and there is nothing"),
        ("[Remote] public interface IC { [OneWay] void M(IProgress<int> {|MITO042:p|}); }", "'p' is reported to while a caller waits"),
        ("[Remote] public interface IC { IAsyncEnumerable<int> {|MITO043:M|}(); }", "'IC.M' returns a stream of items and has no CancellationToken"),
        ("[Remote] public interface IC { Task M(List<{|MITO050:Money|}> x); }" + Money, "'x' can be sent, but bytes from a less trusted context"),
        ("[Remote] public interface IC { Task<Dictionary<{|MITO050:Money|}, {|MITO050:Money2|}>> M(); }" + Money + "[MemoryPack.MemoryPackable(MemoryPack.GenerateType.NoGenerate)] public sealed partial class Money2;", "The result of 'IC.M' can be sent, but bytes"),
        ("[Remote] public interface IC { Task M({|MITO061:Lossy|}[] x); }" + Lossy, "'x' would arrive as less than it is, because of Lossy[][]._b"),
        ("[Remote] public interface IC { Task<List<{|MITO061:Lossy|}>> M(); }" + Lossy, "The result of 'IC.M' would arrive as less than it is"),
        ("[Remote] public interface IC { [Obsolete(\"\", true)] void {|MITO070:M|}(); }", "'IC.M' is marked [Obsolete] as an error"),
        ("[MemoryPack.MemoryPackable] public partial class {|MITO072:T|};", "'T' is marked [MemoryPackable], and nothing was generated for it"),
        ("[Remote] public interface IC { Task M(T t); Task N(U? u); } [MemoryPack.MemoryPackable] public partial class {|MITO072:T|}; [MemoryPack.MemoryPackable, MemoryPack.MemoryPackUnion(0, typeof(T))] public partial interface {|MITO072:U|};", "' is marked [MemoryPackable], and nothing was generated for it"),
    ];

    // Of several projects, of calls and of programs: their own tests have their places.
    private static readonly string[] s_elsewhere = ["MITO016", "MITO017", "MITO026", "MITO044", "MITO045", "MITO060", "MITO062", "MITO063", "MITO064", "MITO065", "MITO071"];

    public static TheoryData<string, string> Rows
    {
        get
        {
            TheoryData<string, string> rows = [];
            foreach ((string source, string message) in s_rows)
            {
                rows.Add(source, message);
            }

            return rows;
        }
    }

    [Fact]
    public void Each_diagnostic_has_a_row() => Assert.Equal(
        Descriptors.All.Select(static d => d.Id),
        s_rows.SelectMany(static row => new Markup(row.Source).Expected).Select(static e => e.Id).Concat(s_elsewhere).Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Rows))]
    public void It_stands_at_what_has_to_change_and_names_it(string marked, string message)
    {
        Diagnostic[] reported = DiagnosticAssert.Reported(marked);

        Assert.All(reported, d => Assert.Contains(message, d.Message(), StringComparison.Ordinal));
    }
}
