using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Mitogen.Generators.Tests.Harness;

namespace Mitogen.Generators.Tests;

/// <summary>Contracts that nobody writes twice: each builds without a warning in generated code, or has a diagnostic.</summary>
public sealed class OddContractTests
{
    private static readonly Dictionary<string, string> s_samples = new()
    {
        ["constraint class"] = "public struct Id<T> where T : class { public Guid Value; private int _x; } public class Order; [Remote] public interface IC { Id<Order> M(Id<Order> x); }",
        ["constraint class?"] = "public struct Id<T> where T : class? { private Guid _value; } public class Order; [Remote] public interface IC { Id<Order> M(Id<Order?> x); }",
        ["constraint new"] = "public struct Id<T> where T : new() { private Guid _value; } public class Order; [Remote] public interface IC { Id<Order> M(); }",
        ["constraint class new base"] = "public interface IEntity; public class Base; public struct Id<T> where T : Base, IEntity, new() { private Guid _value; } public class Order : Base, IEntity; [Remote] public interface IC { Id<Order> M(); }",
        ["constraint class iface new"] = "public interface IEntity<T>; public struct Id<T> where T : class, IEntity<T>, new() { private Guid _value; } public class Order : IEntity<Order>; [Remote] public interface IC { Id<Order> M(); }",
        ["constraint notnull"] = "public struct Id<T> where T : notnull { private Guid _value; } [Remote] public interface IC { Id<string> M(); }",
        ["constraint unmanaged"] = "public struct Id<T> where T : unmanaged { private T _value; } [Remote] public interface IC { Id<int> M(); }",
        ["constraint struct"] = "public struct Id<T> where T : struct { private T _value; } [Remote] public interface IC { Id<int> M(); }",
        ["constraint struct iface"] = "public struct Id<T> where T : struct, IComparable<T> { private T _value; } [Remote] public interface IC { Id<int> M(); }",
        ["constraint enum"] = "public struct Id<T> where T : struct, Enum { private T _value; } [Remote] public interface IC { Id<DayOfWeek> M(); }",
        ["constraint two"] = "public struct Id<T, U> where T : class where U : T { private Guid _value; } public class A; public class B : A; [Remote] public interface IC { Id<A, B> M(); }",
        ["constraint base?"] = "public class A; public struct Id<T> where T : A? { private Guid _value; } [Remote] public interface IC { Id<A> M(); }",
        ["constraint allows"] = "public struct Id<T> where T : allows ref struct { private Guid _value; } [Remote] public interface IC { Id<string> M(); }",
        ["constraint class allows"] = "public interface IE; public struct Id<T> where T : IE, allows ref struct { private Guid _value; } public class O : IE; [Remote] public interface IC { Id<O> M(); }",
        ["keyword type parameter"] = "public struct Id<@class, @event> where @class : struct where @event : class { private Guid _value; private @class _x; } [Remote] public interface IC { Id<int, string> M(); }",
        ["keyword members"] = "public class @class { public int @event { get; set; } public string? @return; } public struct @struct { public int @int; private int @new; } public record @record(int @class, string @params); [Remote] public interface IC { @class M(@struct a, @record b); }",
        ["contextual names"] = "public record @dynamic(int A); public record @nint(int A); public record @async(int A); public record @await(int A); public record @partial(int A); public record @required(int A); public record @scoped(int A); public record @file(int A); public record @where(int A); public record @global(int @field); [Remote] public interface IC { void M(@dynamic a, @nint b, @async c, @await d, @partial e, @required f, @scoped g, @file h, @where i, @global global); }",
        ["tuple names"] = "[Remote] public interface IC { Task<(int @class, string? @event)?> M((int, (string @in, int)) x, List<(int a, int)> y); (int @if, int b) P { get; } }",
        ["obsolete error contract"] = "[Obsolete(\"no\", true)] [Remote] public interface IC { void M(); }",
        ["obsolete error outer"] = "[Obsolete(\"no\", true)] public class Outer { [Remote] public interface IC { void M(); } }",
        ["obsolete error member"] = "[Remote] public interface IC { [Obsolete(\"no\", true)] void M(); [Obsolete(\"no\", true)] int P { get; } int Q { [Obsolete(\"no\", true)] get; } }",
        ["obsolete error data"] = "[Obsolete(\"no\", true)] public record D(int A); \n#pragma warning disable CS0619\n[Remote] public interface IC { [Obsolete] void M(D d); [Obsolete] List<D> N(); }",
        ["obsolete error data member"] = "public record D(int A) { [Obsolete(\"no\", true)] public int B { get; set; } } [Remote] public interface IC { void M(D d); }",
        ["obsolete error data raw member"] = "public struct D { [Obsolete(\"no\", true)] public int B; public byte C; } [Remote] public interface IC { void M(D d); }",
        ["obsolete error constructor"] = "public class D { [Obsolete(\"no\", true)] public D() { } public D(int a) => A = a; public int A { get; } } [Remote] public interface IC { void M(D d); }",
        ["obsolete error only constructor"] = "public class D { [Obsolete(\"no\", true)] public D() { } public int A { get; set; } } [Remote] public interface IC { void M(D d); }",
        ["obsolete error enum"] = "[Obsolete(\"no\", true)] public enum E { A } [Remote] public interface IC { [Obsolete] void M(E d); [Obsolete] Dictionary<E, int> N(); }",
        ["obsolete error service"] = "[Remote] public interface IC { void M(); } [Obsolete(\"no\", true)] [RemoteService] public class S : IC { public void M() { } }",
        ["obsolete error service constructor"] = "[Remote] public interface IC { void M(); } [RemoteService] public class S : IC { [Obsolete(\"no\", true)] public S() { } public void M() { } }",
        ["obsolete error startup"] = "[Obsolete(\"no\", true)] [RemoteStartup] public static class S { public static void Configure(Microsoft.Extensions.DependencyInjection.IServiceCollection x) { } }",
        ["obsolete error configure"] = "[RemoteStartup] public static class S { [Obsolete(\"no\", true)] public static void Configure(Microsoft.Extensions.DependencyInjection.IServiceCollection x) { } }",
        ["obsolete error base interface"] = "[Obsolete(\"no\", true)] public interface IBase { void B(); } \n#pragma warning disable CS0619\n[Obsolete] [Remote] public interface IC : IBase { void M(); }",
        ["obsolete error case"] = "public abstract class Shape { private protected Shape() { } } public class Circle : Shape; [Obsolete(\"no\", true)] public class Square : Shape; [Remote] public interface IC { Shape M(); }",
        ["obsolete error dependency"] = "[Obsolete(\"no\", true)] public class Dep; [Remote] public interface IC { void M(); } [RemoteService] public class S : IC { [Obsolete] public S(Dep dep) { } public void M() { } }",
        ["obsolete id"] = "[Obsolete(\"no\", DiagnosticId = \"APP1\")] [Remote] public interface IC { [Obsolete(\"no\", DiagnosticId = \"APP2\")] void M(); [Obsolete(DiagnosticId = \"APP3\")] D N(D x); } [Obsolete(\"no\", DiagnosticId = \"APP4\")] public record D(int A) { [Obsolete(DiagnosticId = \"APP5\")] public int X { get; set; } } [Obsolete(\"no\", DiagnosticId = \"APP6\")] [RemoteService] public class S : IC { [Obsolete(\"no\", DiagnosticId = \"APP7\")] public S() { } public void M() { } public D N(D x) => x; }",
        ["experimental"] = "using System.Diagnostics.CodeAnalysis; [Experimental(\"APP1\")] [Remote] public interface IC { [Experimental(\"APP2\")] void M(); [Experimental(\"APP3\")] D N(D x); } [Experimental(\"APP3\")] public record D(int A) { [Experimental(\"APP5\")] public int X { get; set; } } [Experimental(\"APP6\")] [RemoteService] public class S : IC { [Experimental(\"APP7\")] public S() { } public void M() { } public D N(D x) => x; } [Experimental(\"APP8\")] [RemoteStartup] public static class U { [Experimental(\"APP9\")] public static void Configure(Microsoft.Extensions.DependencyInjection.IServiceCollection x) { } }",
        ["preview"] = "using System.Runtime.Versioning; [RequiresPreviewFeatures] [Remote] public interface IC { [RequiresPreviewFeatures] void M(); }",
        ["cls"] = "[assembly: CLSCompliant(true)] [Remote] public interface IC { int M(int a); Task<D> N(D d); } public class D { public int A; } [RemoteService] public class S : IC { public int M(int a) => a; public Task<D> N(D d) => Task.FromResult(d); }",
        ["cls underscore"] = "[assembly: CLSCompliant(true)] namespace Foo; [Remote] public interface I_c { int M(int a); } [CLSCompliant(false)] [Remote] public interface IUnsigned { uint M(ulong a); }",
        ["nullability attributes"] = """
            using System.Diagnostics.CodeAnalysis;
            [Remote] public interface IC
            {
                string A([AllowNull] string x); string? B([DisallowNull] string? x); [return: NotNull] string? C(); [return: MaybeNull] string D();
                [DoesNotReturn] void E(); void F([NotNull] string? x); [return: NotNullIfNotNull("x")] string? G(string? x); void H([MaybeNull] string x);
                [return: NotNull] Task<string?> I(); bool J([NotNullWhen(true)] string? x); bool K([MaybeNullWhen(false)] string x); void L([DoesNotReturnIf(true)] bool x);
                [NotNull] string? M { get; } [MaybeNull] string N { get; } [DoesNotReturn] Task O(); [DoesNotReturn] int P();
                void Q([NotNull] IProgress<int>? p); void R([AllowNull] IProgress<int> p); [return: NotNull] IAsyncEnumerable<string?> S(CancellationToken t);
            }
            """,
        ["nullability data attributes"] = """
            using System.Diagnostics.CodeAnalysis;
            public class D { [AllowNull] public string A { get; set; } = ""; [DisallowNull] public string? B { get; set; } [NotNull] public string? C { get; set; } = ""; [MaybeNull] public string E { get; set; } = ""; }
            [Remote] public interface IC { D M(D x); }
            """,
        ["arglist"] = "[Remote] public interface IC { void M(int a, __arglist); }",
        ["arglist constructor"] = "public class D { public D(__arglist) { } public int A { get; set; } } [Remote] public interface IC { void M(D d); }",
        ["arglist service"] = "[Remote] public interface IC { void M(); } [RemoteService] public class S : IC { public S(__arglist) { } public void M() { } }",
        ["arglist startup"] = "[RemoteStartup] public static class S { public static void Configure(Microsoft.Extensions.DependencyInjection.IServiceCollection x, __arglist) { } }",
        ["long names"] = $"namespace {string.Join(".", Enumerable.Repeat("Namespace", 20))}; public interface IOuter {{ [Remote] public interface I{new string('x', 200)} {{ void M(List<D{new string('y', 300)}> x); }} }} public record D{new string('y', 300)}(int A); [RemoteService] public class S{new string('z', 250)} : IOuter.I{new string('x', 200)} {{ public void M(List<D{new string('y', 300)}> x) {{ }} }}",
        ["long unicode names"] = $"namespace N; [Remote] public interface I{new string('文', 120)} {{ void M{new string('文', 120)}(); }}",
        ["deep generics"] = $"public record Box<T>(T Value); [Remote] public interface IC {{ void M({string.Concat(Enumerable.Repeat("Dictionary<string, Box<", 25))}int{string.Concat(Enumerable.Repeat(">>", 25))} x); }}",
        ["long data names"] = $"public record {new string('a', 500)}(int A); public record {new string('b', 500)}(int A); [Remote] public interface IC {{ void M(Dictionary<{new string('a', 500)}, {new string('b', 500)}> x); }}",
        ["long method name"] = $"[Remote] public interface IC {{ void {new string('m', 900)}(); }}",
        ["unicode"] = "namespace Ünï.文; public record Größe(int Höhe, string 名前); [Remote] public interface IДом { Task<Größe> Öffne(Größe größe, int ᛒ); }",
        ["own System"] = "namespace App.System { public class Int32; public class Exception; } namespace App { [Remote] public interface IC { Task<int> M(global::System.Int32 x); } }",
        ["own Mitogen"] = "namespace App.Mitogen.CompilerServices { public class RemoteContract; } namespace App { [Remote] public interface IC { Task<int> M(int x); } }",
        ["own Task"] = "namespace App; public class Task; public class List<T>; public class CancellationToken; [Remote] public interface IC { global::System.Threading.Tasks.Task<int> M(global::System.Collections.Generic.List<int> x, global::System.Threading.CancellationToken t); }",
        ["own Formatters"] = "[Remote] public interface Formatters { void M(List<int> x); } [Remote] public interface Registration { Task<Build> M(); } public record Build(int A); [Remote] public interface Proxy { void Proxy(); } [Remote] public interface Catalog { int Instance { get; } }",
        ["file data"] = "file class Hidden { public int A; } file class Outer { public class Inner { public int A; } } file interface I { void M(Hidden h); } [Remote] public interface IC { void M(int a); }",
        ["nested in file"] = "file class Outer { [Remote] public interface IC { void M(int a); } public class D { public int A; } [RemoteStartup] public static class S { public static void Configure(Microsoft.Extensions.DependencyInjection.IServiceCollection x) { } } }",
        ["file case"] = "public abstract class Shape { private protected Shape() { } } public class Circle : Shape; file class Square : Shape; [Remote] public interface IC { Shape M(); }",
        ["private case"] = "public abstract class Shape { private Shape() { } public class Circle : Shape; private class Square : Shape; } [Remote] public interface IC { Shape M(); }",
        ["required"] = "public class D { public required int A { get; init; } public required string B; } public record E(int X) { public required int Y { get; init; } } [Remote] public interface IC { E M(D d); }",
        ["ref struct"] = "public ref struct R { public int A; } [Remote] public interface IC { void M(R r); }",
        ["partial"] = "[Remote] public partial interface IC { void M(); } public partial interface IC { void N(); }",
        ["reimplementation"] = "public interface IA { int M(); } public interface IB : IA { new int M(); } [Remote] public interface IC : IB { new int M(); }",
        ["variance"] = "public interface IA<out T> { T M(); } [Remote] public interface IC : IA<int>, IA<string>;",
        ["object members"] = "[Remote] public interface IC { bool Equals(string x); int GetHashCode(); string ToString(); void Finalize(); Type? GetTypeName() => null; }",
        ["object members 2"] = "[Remote] public interface IC { bool Equals(string x); int GetHashCode(); string ToString(); string GetType(); int MemberwiseClone(); int Target { get; } int ContextName { get; } void Dispose(); }",
        ["pointers"] = "public unsafe struct P { public int* A; } [Remote] public unsafe interface IC { void M(P p, int*[] x); }",
        ["function pointers"] = "public unsafe struct P { public delegate*<int, void> A; } [Remote] public unsafe interface IC { void M(P p); }",
        ["unsafe array"] = "[Remote] public unsafe interface IC { void M(int*[] x); delegate*<int>[] N(); }",
        ["arrays"] = "[Remote] public interface IC { void M(int[][,][,,] x, string?[]?[]? y, params List<int?>[] z); }",
        ["params collections"] = "[Remote] public interface IC { void M(params List<int> z); void N(params IEnumerable<string> z); }",
        ["params span"] = "[Remote] public interface IC { void M(params ReadOnlySpan<int> z); }",
        ["defaults"] = "public enum K { A, B } [Remote] public interface IC { void M(K k = K.B, K? n = K.A, decimal d = 1.5m, double x = double.NaN, string s = \"\\n\\\"\", char c = '\\'', DateTime t = default, int? i = null, CancellationToken token = default); }",
        ["service defaults"] = "public enum K { A, B } [Remote] public interface IC { void M(); } [RemoteService] public class S(K k = K.B, K? n = K.A, decimal d = decimal.MaxValue, double x = double.NegativeInfinity, float f = float.NaN, string s = \"\\n\\\"\\u2028\", char c = '\\'', DateTime t = default, int? i = 5, long l = long.MinValue, nint p = -1, byte b = 255, Guid g = default, CancellationToken token = default, List<int>? list = null) : IC { public void M() => _ = (k, n, d, x, f, s, c, t, i, l, p, b, g, token, list); }",
        ["caller info"] = "using System.Runtime.CompilerServices; [Remote] public interface IC { void M([CallerMemberName] string m = \"\", [CallerLineNumber] int l = 0); }",
        ["trimming"] = "using System.Diagnostics.CodeAnalysis; [Remote] public interface IC { [RequiresUnreferencedCode(\"x\")] void M(); [RequiresDynamicCode(\"x\")] void N(); }",
        ["platform"] = "using System.Runtime.Versioning; [SupportedOSPlatform(\"windows\")] [Remote] public interface IC { [UnsupportedOSPlatform(\"linux\")] void M(); }",
        ["default interface"] = "[Remote] public interface IC { void M(); void N() => M(); }",
        ["static abstract"] = "[Remote] public interface IC { static abstract IC Create(); }",
        ["operators"] = "[Remote] public interface IC { static abstract IC operator +(IC a, IC b); }",
        ["virtual static"] = "[Remote] public interface IC { static virtual int X => 1; }",
        ["protected member"] = "[Remote] public interface IC { protected internal void M(); }",
        ["sealed"] = "[Remote] public interface IC { sealed void M() { } }",
        ["memorypackable not partial"] = "[MemoryPack.MemoryPackable] public class D { public int A { get; set; } } [Remote] public interface IC { void M(D d); }",
        ["memorypackable nested not partial"] = "public class Outer { [MemoryPack.MemoryPackable] public partial class D { public int A { get; set; } } } [Remote] public interface IC { void M(Outer.D d); }",
        ["memorypackable without generator"] = "[MemoryPack.MemoryPackable] public partial class D { public int A { get; set; } } [Remote] public interface IC { void M(D d); }",
        ["memorypackable union without generator"] = "[MemoryPack.MemoryPackable] [MemoryPack.MemoryPackUnion(0, typeof(D))] public partial interface IU; [MemoryPack.MemoryPackable] public partial class D : IU { public int A { get; set; } } [Remote] public interface IC { void M(IU d); }",
        ["memorypackable collection without generator"] = "[MemoryPack.MemoryPackable(MemoryPack.GenerateType.Collection)] public partial class D : List<int>; [Remote] public interface IC { void M(D d); }",
        ["packable struct not partial"] = "[MemoryPack.MemoryPackable] public struct D { public string A { get; set; } } [Remote] public interface IC { void M(D d); }",
        ["ref fields"] = "public class D { public ref int A => throw new Exception(); public int B { get; set; } } [Remote] public interface IC { void M(D d); }",
        ["indexer data"] = "public class D { public int this[int i] { get => i; set { } } public int B { get; set; } public event Action? E; public void Fire() => E?.Invoke(); } [Remote] public interface IC { void M(D d); }",
        ["volatile"] = "public class D { public volatile int B; } public struct E { public volatile int B; private volatile bool _c; } [Remote] public interface IC { void M(D d, E e); }",
        ["readonly raw"] = "public readonly struct E { public readonly int B; private readonly byte _c; } [Remote] public interface IC { void M(E e); }",
        ["shadowed generic"] = "public class Outer<T> { public struct D { public int A; } public class E { public T? A; } } [Remote] public interface IC { void M(Outer<int>.E e); }",
        ["shadowed generic struct"] = "public class Outer<T> { public struct D { private int _a; } } [Remote] public interface IC { void M(Outer<int>.D e); }",
        ["explicit interface data"] = "public interface IX { int A { get; set; } } public class D : IX { int IX.A { get; set; } public int B { get; set; } } [Remote] public interface IC { void M(D d); }",
        ["event-like"] = "public class D { public Action? A; } [Remote] public interface IC { void M(D d); }",
        ["double underscore"] = "[Remote] public interface __IC { void __M(int __a); } [Remote] public interface _ { int _(int _); }",
        ["underscores"] = "[Remote] public interface IC { void M(int _, string __); IAsyncEnumerable<int> N(int _, CancellationToken __); Task O(IProgress<int> _, int item, int result, int cancellationToken); }",
        ["parameter names"] = "[Remote] public interface IC { Task M(int methodIndex, int catalog, int context, int proxy, int Proxy, int Instance, int Dispatch, int Id, int s_reader0, int enumerationToken, int global, int System, int Mitogen, int MemoryPack, int var, int nameof); IAsyncEnumerable<int> N(int var, int call, int enumerationToken, CancellationToken enumerationToken_); }",
        ["method names"] = "[Remote] public interface IC { Task CreateProxy(); Task Dispatch(); Task Dispatch0(); Task Proxy(); Task Instance(); Task s_method0(); Task nameof(); Task var(); Task System(); Task global(); }",
        ["member hides"] = "public record D(int value, int writer, int reader, int count, int nesting, int member0, int type, int tag); [Remote] public interface IC { void M(D d); }",
        ["class members named"] = "public class D { public int value; public int Serialize; public D? member0 { get; set; } public int count { get; set; } } [Remote] public interface IC { void M(D d); }",
        ["records in interface"] = "[Remote] public interface IC { record Order(int A); enum K { A } Task<Order> M(K k); }",
        ["service odd"] = "[Remote] public interface @class { void M(); } public class Outer { [RemoteService] public record @struct(string? @event = null) : @class { public void M() => _ = @event; } }",
        ["service explicit"] = "[Remote] public interface IA { int M(); } [Remote] public interface IB { int M(); } [RemoteService] public class S : IA, IB { int IA.M() => 1; int IB.M() => 2; }",
        ["service keyword parameter type"] = "public class @class; [Remote] public interface IA { int M(); } [RemoteService] public class S(@class @class, Microsoft.Extensions.Logging.ILogger<@class> log) : IA { public int M() => (@class, log).GetHashCode(); }",
        ["nullable struct generic"] = "public struct Id<T> where T : struct { public T Value; } [Remote] public interface IC { Id<int>? M(Id<Guid>?[] x); }",
        ["long tuple"] = "[Remote] public interface IC { (int, int, int, int, int, int, int, string, int) M((int a, int b, int c, int d, int e, int f, int g, int h) x); }",
        ["inherit enumerable"] = "[Remote] public interface IC : IEnumerable<int> { void M(); }",
        ["inherit comparable"] = "[Remote] public interface IC : IComparable<int>, IEquatable<string> { void M(); }",
        ["init only interface"] = "[Remote] public interface IC { int P { get; } string? Q { get; } List<int>? R { get; } }",
        ["params of contract"] = "[Remote] public interface IC { Task M(params IC[] all); Task N(IC? a, (IC, int) b); }",
        ["native ints"] = "[Remote] public interface IC { void M(nint a, List<nuint> b); }",
        ["attribute alias"] = "using R = Mitogen.RemoteAttribute; using W = Mitogen.OneWayAttribute; [R] public interface IC { [W] void M(); }",
        ["global attribute"] = "[global::Mitogen.Remote] public interface IC { [Mitogen.OneWay] void M(); }",
        ["target"] = "[type: Remote] public interface IC { [method: OneWay] void M(); }",
        ["many parameters"] = $"[Remote] public interface IC {{ Task M({string.Join(", ", Enumerable.Range(0, 120).Select(i => $"int p{i}"))}); }}",
        ["case differs"] = "[Remote] public interface IC { void m(); void M(); int A { get; } int a { get; } } public record D(int x); [Remote] public interface Ic { D M(d x); } public record d(int x);",
        ["inaccessible argument"] = "public struct Id<T> { private Guid _value; } public class Outer { private class Hidden; internal Id<Hidden2> F; internal class Hidden2 { } } [Remote] internal interface IC { Id<Outer.Hidden2> M(); }",
        ["conversion operators"] = "public readonly record struct Name(string Value) { public static implicit operator string(Name n) => n.Value; } [Remote] public interface IC { Name M(Name n); }",
        ["inline array"] = "[System.Runtime.CompilerServices.InlineArray(4)] public struct B { private int _a; } public class D { public B X; } [Remote] public interface IC { void M(D d); }",
        ["fixed buffer"] = "public unsafe struct B { public fixed int A[4]; } [Remote] public interface IC { void M(B d); }",
        ["extern alias none"] = "public class D { public int A { get; set; } } [Remote] public interface IC { void M(D d); }",
        ["record inheritance"] = "public record A(int X); public record B(int X, int Y) : A(X) { public virtual int Z { get; init; } } public sealed record C(int X, int Y) : B(X, Y) { public override int Z { get; init; } } [Remote] public interface IC { C M(B b); }",
        ["self constraint"] = "public struct Id<T> where T : IParsable<T> { private int _v; } [Remote] public interface IC { Id<int> M(); }",
        ["nested generic struct"] = "public struct Pair<T> where T : class, new() { private int _v; public Inner<T> I; } public struct Inner<T> where T : class { private int _w; } public class O; [Remote] public interface IC { Pair<O> M(); }",
        ["default constraint delegate"] = "public struct Id<T> where T : Delegate { private int _v; } [Remote] public interface IC { Id<Action> M(); }",
    };

    private const string UnusedField = "CS0169";

    public static TheoryData<string> Names => [.. s_samples.Keys];

    /// <summary>The language's words, and those that are words in some places only.</summary>
    public static TheoryData<string> Words =>
    [
        "_", "allows", "args", "async", "await", "base", "by", "class", "default", "dynamic", "event", "extension", "field", "file", "from", "get",
        "global", "init", "into", "let", "managed", "nameof", "new", "nint", "not", "notnull", "nuint", "on", "or", "partial", "record", "required",
        "scoped", "select", "set", "this", "unmanaged", "value", "var", "void", "when", "where", "with", "yield",
    ];

    [Theory]
    [MemberData(nameof(Words))]
    public void Whatever_can_have_a_name_can_have_a_word_for_one(string word)
    {
        string source = """
            namespace N.@WORD.Inner
            {
                public class @WORD { public int A { get; set; } }
                public record Members(int @WORD, string? B) { public List<int>? C { get; set; } }
                public class Plain { public string? @WORD { get; set; } public Plain? Next { get; set; } }
                public struct Raw<@WORD> where @WORD : struct { private @WORD _value; public byte B; }
                public struct Id<@WORD, U> where @WORD : class where U : class, @WORD { private Guid _value; }
                public abstract class Shape { private protected Shape() { } public class @WORD : Shape { public int X { get; set; } } }
                public enum Kind { @WORD }
                [Remote] public interface IC
                {
                    Task<@WORD> @WORD(@WORD @WORD, Members members, Plain[] plain, Kind k = Kind.@WORD, CancellationToken token = default);
                    ValueTask<int> Token(int a, CancellationToken @WORD);
                    IAsyncEnumerable<@WORD> Items(Raw<int> @WORD, Id<string, string> id, CancellationToken token);
                    Task Report(IProgress<@WORD?> @WORD, Shape shape);
                    Shape.@WORD Block(int @WORD, Stream stream);
                    [OneWay] void Post(List<@WORD> @WORD);
                    IC Open(string @WORD);
                }
                [Remote] public interface IWord { Task M(int x); }
                [RemoteService] public class Word(int @WORD = 1) : IWord { public Task M(int x) => Task.FromResult(@WORD); }
            }
            namespace Other
            {
                public class Outer { [Remote] public interface @WORD { Task M(int @WORD); } }
                [RemoteService] public class Both : Outer.@WORD { public Task M(int x) => Task.CompletedTask; }
            }
            public class @WORD { public int A { get; set; } }
            [Remote] public interface IGlobal { Task<@WORD> M(@WORD[] @WORD); Dictionary<string, @WORD?> Map { get; } }
            """.Replace("WORD", word, StringComparison.Ordinal);
        GeneratedSample sample = TestCompiler.Generate(TestCompiler.Compile(source, "Sample", isExecutable: true));

        Assert.Null(sample.Result.Exception);
        Assert.Empty(sample.Diagnostics);
        Assert.Empty(sample.Output.GetDiagnostics().Where(static d => d.Severity >= DiagnosticSeverity.Warning && d.Id != UnusedField));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_builds_or_has_a_diagnostic(string name)
    {
        GeneratedSample sample = TestCompiler.Generate(TestCompiler.Compile(s_samples[name], "Sample", isExecutable: true));

        Assert.Null(sample.Result.Exception);
        AssertNothingFollows(sample);
        Assert.All(sample.Result.GeneratedSources, static s => Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(s.HintName), 1, 200));
    }

    /// <summary>What is forbidden, and by which diagnostic.</summary>
    [Theory]
    [InlineData("obsolete error contract", "MITO070")]
    [InlineData("obsolete error outer", "MITO070")]
    [InlineData("obsolete error member", "MITO070", "MITO070", "MITO070")]
    [InlineData("obsolete error service", "MITO070")]
    [InlineData("obsolete error service constructor", "MITO070")]
    [InlineData("obsolete error data", "MITO012", "MITO012")]
    [InlineData("obsolete error data member", "MITO012")]
    [InlineData("obsolete error data raw member")]
    [InlineData("obsolete error constructor")]
    [InlineData("obsolete error only constructor", "MITO012")]
    [InlineData("obsolete error dependency", "MITO025")]
    [InlineData("obsolete error startup", "MITO030")]
    [InlineData("obsolete error configure", "MITO031")]
    [InlineData("obsolete id")]
    [InlineData("experimental")]
    [InlineData("cls")]
    [InlineData("nullability attributes")]
    [InlineData("arglist", "MITO011")]
    [InlineData("arglist constructor", "MITO012")]
    [InlineData("arglist service", "MITO023")]
    [InlineData("arglist startup", "MITO031")]
    [InlineData("constraint class")]
    [InlineData("constraint new")]
    [InlineData("keyword type parameter")]
    [InlineData("nested in file", "MITO002", "MITO030")]
    [InlineData("memorypackable not partial", "MITO012")]
    [InlineData("memorypackable nested not partial", "MITO012")]
    [InlineData("memorypackable without generator", "MITO072")]
    public void It_is_reported(string name, params string[] expected)
    {
        GeneratedSample sample = TestCompiler.Generate(TestCompiler.Compile(s_samples[name], "Sample", isExecutable: true));

        Assert.Equal(expected, sample.Diagnostics.Concat(sample.Analyze()).Select(static d => d.Id));
    }

    [Theory]
    [InlineData(LanguageVersion.CSharp10, "MITO071")]
    [InlineData(LanguageVersion.CSharp11, "MITO071")]
    [InlineData(LanguageVersion.CSharp12, "MITO071")]
    [InlineData(LanguageVersion.CSharp13)]
    [InlineData(LanguageVersion.Latest)]
    public void An_old_language_is_reported(LanguageVersion version, params string[] expected)
    {
        const string Source = """
            namespace App
            {
                public record Order(int Id, List<string> Lines) { public Order Next { get; init; } }
                public struct Point { public int X; private byte _y; }
                public abstract class Shape { private protected Shape() { } }
                public class Circle : Shape { public Order[] Orders { get; set; } }
                [MemoryPack.MemoryPackable] [MemoryPack.MemoryPackUnion(0, typeof(Note))] public partial interface INote { }
                [MemoryPack.MemoryPackable] public partial class Note : INote { public Point? At; public string Of; }
                [Remote] public interface IC
                {
                    Task<INote> M(Order order, Point point, IProgress<int> p, CancellationToken t);
                    IAsyncEnumerable<Shape> N(Stream s, CancellationToken t);
                    IC Open(string name);
                    [OneWay] void Post(int x);
                }
                [RemoteService] public class C : IC
                {
                    public C(int size = 1) { }
                    public Task<INote> M(Order order, Point point, IProgress<int> p, CancellationToken t) => null;
                    public IAsyncEnumerable<Shape> N(Stream s, CancellationToken t) => null;
                    public IC Open(string name) => this;
                    public void Post(int x) { }
                }
            }
            """;
        CSharpCompilation input = TestCompiler.Compile(Source, "Sample", isExecutable: false).AddPackables();
        GeneratedSample sample = TestCompiler.Generate(
            input.WithOptions(input.Options.WithNullableContextOptions(NullableContextOptions.Disable)), version);

        Assert.Equal(expected, sample.Diagnostics.Select(static d => d.Id));
        Assert.Empty(sample.Output.GetDiagnostics().Where(static d =>
            d.Severity >= DiagnosticSeverity.Warning && d.Location.SourceTree!.FilePath.StartsWith("Mitogen.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_library_that_has_an_alias_alone_is_in_the_catalog()
    {
        GeneratedSample library = TestCompiler.Generate("""
            namespace Lib;
            [Remote] public interface IName { ValueTask<string> NameAsync(); }
            [RemoteService] internal sealed class Name : IName { public ValueTask<string> NameAsync() => new("lib"); }
            """, "Library").AssertClean();
        CSharpCompilation input = TestCompiler.Compile("""
            extern alias other;
            public static class Driver
            {
                public static async Task<string> RunAsync(IRemoteContext context) => await context.Get<other::Lib.IName>().NameAsync();
            }
            """, "Program", isExecutable: true, library.ToReference().WithAliases(["other"]));

        Assert.Equal("lib", await TestCompiler.Generate(input).AssertClean().RunAsync(referenced: [library]));
    }

    [Theory]
    [InlineData("extern alias other; [Remote] public interface IC { void M(other::Lib.Data data); }", "MITO012")]
    [InlineData("extern alias other; [Remote] public interface IC { Task<List<other::Lib.Data>> M(); }", "MITO012")]
    [InlineData("extern alias other; public record D(other::Lib.Kind K); [Remote] public interface IC { void M(D d); }", "MITO012")]
    [InlineData("extern alias other; [Remote] public interface IC : other::Lib.IBase { void M(); }", "MITO012")]
    [InlineData("extern alias other; [Remote] public interface IC { void M(); } [RemoteService] public class S(other::Lib.Data d) : IC { public void M() => _ = d; }", "MITO025")]
    public void What_has_an_alias_alone_is_reported(string source, string expected)
    {
        MetadataReference library = TestCompiler.Compile(
            "namespace Lib { public record Data(int A); public enum Kind { A } public interface IBase { void B(); } }", "Library").EmitToImageReference();
        GeneratedSample sample = TestCompiler.Generate(TestCompiler.Compile(source, "Program", isExecutable: true, library.WithAliases(["other"])));

        Assert.Equal([expected], sample.Diagnostics.Select(static d => d.Id));
        AssertNothingFollows(sample);
    }

    private static void AssertNothingFollows(GeneratedSample sample)
    {
        bool isReported = sample.Diagnostics.Concat(sample.Analyze()).Any(static d => d.Severity == DiagnosticSeverity.Error);
        bool lacksPackables = sample.Analyze().Any(static d => d.Id == "MITO072");
        IEnumerable<Diagnostic> found = sample.Output.GetDiagnostics().Where(d =>
            (d.Severity == DiagnosticSeverity.Error && !isReported)
            || (d.Severity >= DiagnosticSeverity.Warning && !lacksPackables && d.Location.SourceTree?.FilePath is not ("Sample.cs" or "Project.cs")));
        Assert.True(!found.Any(), string.Join('\n', found) + "\n" + string.Join('\n', sample.Diagnostics));
    }
}
