using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Mitogen.Generators.Model;
using Mitogen.Generators.Parsing;
using Mitogen.Generators.Tests.Harness;

namespace Mitogen.Generators.Tests.Data;

/// <summary>A type with state that its formatter would not carry is refused, with the name of the field and what to do.</summary>
public sealed class LostStateTests
{
    private const string Attributes = """
        using System.ComponentModel;
        using System.Runtime.Serialization;
        using System.Text.Json.Serialization;
        using System.Xml.Serialization;
        using MemoryPack;
        [Remote] public interface IFile { void M(); }

        """;

    [Theory]
    [InlineData("_n", "class T { private int _n; public void Add() => _n++; public override string ToString() => $\"{_n}\"; }")]
    [InlineData("_n", "class T { public int A { get; set; } internal int _n; }")]
    [InlineData("_n", "class T { public int A { get; set; } protected int _n; }")]
    [InlineData("_n", "class T : B { public int A { get; set; } } class B { private readonly List<int> _n = []; public int Count => _n.Count; }")]
    [InlineData("_c", "class T { private double _c; public double Celsius => _c; public void Set(double c) => _c = c; }")]
    [InlineData("_c", "class T { private double _c; public double Celsius { get { return this._c; } } public T() { } public T(double kelvin) { _c = kelvin; } }")]
    [InlineData("_all", "class T { private readonly List<string> _all = []; public IReadOnlyList<string> All => _all; }")]
    [InlineData("_hits", "class T { private int _a, _hits; public int A { get { _hits++; return _a; } set => _a = value; } }")]
    [InlineData("_old", "class T { private int _a, _old; public int A { get => _a; set { _old = _a; _a = value; } } }")]
    [InlineData("_read", "class T { private int _a, _read; public int A { get { _read = 1; return _a; } set { _read = 0; _a = value; } } }")]
    [InlineData("_set", "class T { private int _a; public int A { set => _a = value; } private bool _set; }", "_a")]
    [InlineData("v", "readonly struct T(string v) { public override string ToString() => v; }")]
    [InlineData("v", "readonly struct T(string v) { public int Length => v.Length; public T() : this(\"\") { } }")]
    [InlineData("_v", "readonly struct T { private readonly string _v; public T(string v) { _v = v; } public override string ToString() => _v; }")]
    [InlineData("x", "class T(int x) { public int X { get; set; } = x; public int Twice => x * 2; }")]
    [InlineData("log", "class T(int a, Action log) { public int A { get; } = a; public T(int a) : this(a, () => { }) { } public void Log() => log(); }")]
    [InlineData("_error", "class T { private readonly string? _error; public int V { get; } public T(int v) { V = v; } private T(int v, string? e) { V = v; _error = e; } public bool Failed => _error != null; public static T Fail(string e) => new(0, e); }")]
    [InlineData("_error", "readonly struct T { private readonly string? _error; private T(string e) { _error = e; } public bool Failed => _error != null; public static T Fail(string e) => new(e); }")]
    [InlineData("N", "class T { internal int N { get; set; } }")]
    [InlineData("N", "class T { public int N { internal get; set; } }")]
    [InlineData("N", "class T { protected int N { get; set; } public int A { get; set; } }")]
    [InlineData("N", "class T { private int N { get; set; } public int A { get; set; } }")]
    [InlineData("N", "record T(int A) { private int N { get; init; } }")]
    [InlineData("N", "record T(int A, int N) { private int N { get; } = N; public T(int a) : this(a, 1) { } }")]
    [InlineData("IShape.N", "interface IShape { int N { get; set; } } class T : IShape { int IShape.N { get; set; } }")]
    [InlineData("Changed", "class T { public int A { get; set; } public event EventHandler? Changed; public void Raise() => Changed?.Invoke(this, EventArgs.Empty); }")]
    [InlineData("_semi", "class T { public int A { get; private set; } private int _semi; public T(int a) { A = a; } public int Read() => _semi; }")]
    [InlineData("_n", "class T { public T? Next { get; set; } public L? List { get; set; } public class L { private int _n; public int Read() => _n; } }")]
    [InlineData("_n", "abstract record H { private H() { } private int _n; public int Read() => _n; public sealed record A(int X) : H; } class T { public H? H { get; set; } }")]
    [InlineData("_n", "class T { public (int, L)? Pair { get; set; } } class L { private int _n; public int Read() => _n; }")]
    [InlineData("X", "class A { public int X { get; set; } } class T : A { public new int X { get; set; } }")]
    [InlineData("X", "class A { public int X { get; set; } } class T : A { public new string X => \"\"; }")]
    [InlineData("X", "class A { public int X; } class T : A { public new int X; }")]
    [InlineData("X", "class A { public int X { get; set; } } class T : A { [MemoryPackIgnore] public new int X { get; set; } }")]
    [InlineData("X", "class A { public int X { get; set; } } class T : A { public new void X() { } }")]
    [InlineData("X", "class A { public int X { get; set; } } class T : A { public new static int X; }")]
    public void State_that_nothing_carries(string member, string types, string? other = null)
    {
        WireError error = Parse(types).Error!;
        Assert.NotNull(error);
        Assert.True(error.IsLoss);
        Assert.EndsWith($".{other ?? member}", error.Path, StringComparison.Ordinal);
        Assert.Contains(other ?? member, error.Reason, StringComparison.Ordinal);
        Assert.Contains("NonSerialized]", error.Reason.Replace("IgnoreDataMember", "NonSerialized", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("_n", "class T { [DataMember] private int _n; public int Read() => _n; }", "[DataMember]")]
    [InlineData("_n", "class T { [JsonInclude] private int _n; public int Read() => _n; }", "[JsonInclude]")]
    [InlineData("_n", "class T { [MemoryPackInclude] private int _n; public int Read() => _n; }", "[MemoryPackInclude]")]
    [InlineData("N", "class T { [JsonInclude] internal int N { get; set; } }", "[JsonInclude]")]
    [InlineData("N", "class T { [DataMember] private int N { get => A; set => A = value; } public int A { get; set; } }", "[DataMember]")]
    [InlineData("N", "class T { [JsonIgnore] public int N { get; set; } }", "[JsonIgnore]")]
    [InlineData("N", "class T { [XmlIgnore] public int N { get; set; } }", "[XmlIgnore]")]
    [InlineData("N", "record T([property: JsonIgnore] int N);", "[JsonIgnore]")]
    [InlineData("N", "[DataContract] class T { [DataMember] public int A { get; set; } public int N { get; set; } }", "[DataContract]")]
    [InlineData("N", "[DataContract] class B { public int N { get; set; } } class T : B { }", "[DataContract]")]
    [InlineData("N", "struct T { public int A; [MemoryPackIgnore] public int N; }", "[MemoryPackIgnore]")]
    [InlineData("N", "struct T { public int A { get; set; } [field: NonSerialized] public int N { get; set; } }", "[NonSerialized]")]
    [InlineData("N", "record struct T(int A, [property: JsonIgnore] int N);", "[JsonIgnore]")]
    [InlineData("N", "class T { [Utf16StringFormatter] public string? N { get; set; } }", "[Utf16StringFormatter]")]
    [InlineData("N", "class T { [MemoryPackAllowSerialize] public List<int>? N { get; set; } }", "[MemoryPackAllowSerialize]")]
    [InlineData("", "class T { public int N { get; set; } [OnDeserialized] public void Done(StreamingContext c) { } }", "[OnDeserialized]")]
    [InlineData("", "class B { [MemoryPackOnSerializing] private void Done() { } } class T : B { public int N { get; set; } }", "[MemoryPackOnSerializing]")]
    [InlineData("", "class T : IJsonOnDeserialized { public void OnDeserialized() { } }", "IJsonOnDeserialized")]
    [InlineData("", "[JsonDerivedType(typeof(D))] class T { } class D : T { public int A { get; set; } }", "[JsonDerivedType]")]
    [InlineData("", "[KnownType(typeof(D))] class T { } class D : T { public int A { get; set; } }", "[KnownType]")]
    [InlineData("", "class T { [JsonConstructor] private T(int a) { A = a; } public T() { } public int A { get; } }", "[JsonConstructor]")]
    [InlineData("", "class T : IFile { public void M() { } }", "IFile")]
    [InlineData("", "record T(int A) : IFile { public void M() { } }", "IFile")]
    [InlineData("", "struct T : IFile { public int A; public void M() { } }", "IFile")]
    [InlineData("", "abstract class T : IFile { internal T() { } public abstract void M(); } class D : T { public override void M() { } }", "IFile")]
    public void Marks_of_others_are_heeded_or_refused(string member, string types, string mark)
    {
        WireError error = Parse(types).Error!;
        Assert.NotNull(error);
        Assert.Equal(member.Length == 0 ? "T" : "T." + member, error.Path);
        Assert.Contains(mark, error.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("class T { [IgnoreDataMember] private int _n; public int Read() => _n; }")]
    [InlineData("class T { [MemoryPackIgnore] private int _n; public int Read() => _n; }")]
    [InlineData("class T { [NonSerialized] private int _n; public int Read() => _n; }")]
    [InlineData("class T { [field: NonSerialized] internal int N { get; set; } [IgnoreDataMember] public object? Tag { get; set; } [field: NonSerialized] public object? Other { get; set; } }")]
    [InlineData("class T { [NonSerialized] public object? Tag; public int A; }")]
    [InlineData("class T { [field: NonSerialized] public event EventHandler? Changed; public void Raise() => Changed?.Invoke(this, EventArgs.Empty); }")]
    [InlineData("class T { public event EventHandler? Changed { add { } remove { } } public int A { get; set; } }")]
    [InlineData("class T { private int _a; public int A { get => _a; set => _a = value; } }", "A")]
    [InlineData("class T { private int _a; public int A { get { return _a; } set { if (value < 0) throw new ArgumentException(); _a = value; } } }", "A")]
    [InlineData("class T { private int _a; public int A { get => _a; set => Set(ref _a, value); } private void Set<V>(ref V at, V value) => at = value; }", "A")]
    [InlineData("class T { private int _a; public int A { get => Get(); init => Put(value); } private int Get() => _a; private void Put(int value) => _a = value; }", "A")]
    [InlineData("class T { private List<int>? _a; public List<int> A { get => _a ??= new(); set => _a = value; } }", "A")]
    [InlineData("class T { private readonly double _c; public double Celsius => _c; public T(double celsius) { _c = celsius; } }", "Celsius")]
    [InlineData("class T(double celsius) { private readonly double _k = celsius + 273; public double Celsius => _k - 273; }", "Celsius")]
    [InlineData("readonly struct T(string v) { public string V => v; }", "V")]
    [InlineData("class T(int x) { public int X { get => x; set => x = value; } }", "X")]
    [InlineData("class T(int x) { public int X { get; } = x; public int Twice => X * 2; }", "X")]
    [InlineData("class T { private const int C = 1; private static int s_n; public int A { get; set; } public static int N => s_n + C; }", "A")]
    [InlineData("record T(int A) { public int Twice => A * 2; public override string ToString() => \"\"; }", "A")]
    [InlineData("class T { public int A { get; set; } [JsonIgnore] public int Twice => A * 2; }", "A")]
    [InlineData("class T { [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? A { get; set; } [JsonIgnore, DataMember] public int B { get; set; } [JsonPropertyName(\"c\")] public int C { get; set; } }", "A,B,C")]
    [InlineData("[DataContract] class T { [DataMember] public int A { get; set; } [IgnoreDataMember] public int B { get; set; } public int Twice => A * 2; }", "A")]
    [InlineData("class T { [JsonConstructor] public T(int a) { A = a; } public T(string b) { B = b; } public int A { get; } public string? B { get; set; } }", "A,B")]
    [InlineData("[JsonDerivedType(typeof(D))] abstract class T { internal T() { } } class D : T { public int A { get; set; } }", null)]
    [InlineData("class B { private int _b; public int P { get => _b; set => _b = value; } } class T : B { public int A { get; set; } }", "P,A")]
    [InlineData("class B { protected int _b; } class T : B { public int P { get => _b; set => _b = value; } }", "P")]
    [InlineData("class A { public virtual int X { get; set; } } class T : A { public override int X { get => base.X; } }", "X")]
    [InlineData("class A { public virtual int X { get; set; } } class T : A { public override int X { set => base.X = value; } }", "X")]
    [InlineData("abstract class A { public abstract int X { get; set; } } class T : A { public override int X { get; set; } }", "X")]
    [InlineData("class A { public virtual int X { get; set; } } class T : A { [IgnoreDataMember] public override int X { get; set; } public int Y { get; set; } }", "Y")]
    [InlineData("class A { public int Twice => 2; } class T : A { public new int Twice { get; set; } }", "Twice")]
    [InlineData("class A { [IgnoreDataMember] public int X { get; set; } } class T : A { public new int X { get; set; } }", "X")]
    [InlineData("class A { private int X { get => 1; } } class T : A { public int X { get; set; } }", "X")]
    public void State_that_is_carried_or_meant_to_stay_behind(string types, string? members = "")
    {
        WireType type = Parse(types);
        Assert.Null(type.Error);
        if (members is { Length: > 0 })
        {
            ObjectShape shape = Assert.IsType<ObjectShape>(type.Formatters.Single(formatter => formatter.TypeName == "global::T").Shape);
            Assert.Equal(members, string.Join(',', shape.Members.Select(static member => member.Name)));
        }
    }

    [Theory]
    [InlineData("_n", "public class T { public int A { get; set; } private int _n; public int Read() => _n; }")]
    [InlineData("_c", "public class T { private double _c; public double Celsius => _c; public void Set(double c) => _c = c; }")]
    [InlineData("names_", "public class T { private readonly List<string> names_ = new(); public List<string> Names => names_; }")]
    [InlineData("_v", "public readonly struct T { private readonly string _v; public T(string v) { _v = v; } public int Length => _v.Length; }")]
    [InlineData("v", "public readonly struct T(string v) { public override string ToString() => v; }")]
    [InlineData("N", "public class T { internal int N { get; set; } }")]
    [InlineData("Changed", "public class T { public int A { get; set; } public event Action? Changed; public void Raise() => Changed?.Invoke(); }")]
    [InlineData("_n", "public class T : B { public int A { get; set; } } public class B { private int _n; public int Read() => _n; }")]
    public void State_of_a_library_that_nothing_carries(string field, string types)
    {
        WireError error = ParseForeign(types).Error!;
        Assert.True(error.IsLoss);
        Assert.Contains($"'{field}'", error.Reason, StringComparison.Ordinal);
        Assert.Contains("send a record", error.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("public record T(int A, string? B) { public int Twice => A * 2; }")]
    [InlineData("public class T { private int _a; public int A { get => _a; set => _a = value; } private int b_; public int B { get => b_; set => b_ = value; } private int m_c; public int C { get => m_c; set => m_c = value; } }")]
    [InlineData("public class T(int x) { public int X => x; }")]
    [InlineData("public class T { [System.Runtime.Serialization.IgnoreDataMember] private int _n; public int Read() => _n; }")]
    [InlineData("public class T { [NonSerialized] private int _n; public int Read() => _n; }")]
    [InlineData("public class T { [System.Runtime.Serialization.IgnoreDataMember] public int N { get; set; } [field: NonSerialized] public event Action? Changed; public void Raise() => Changed?.Invoke(); }")]
    [InlineData("public class T { public static int S; private const int C = 1; public int A { get; set; } public int B() => C; }")]
    public void State_of_a_library_that_is_carried_or_meant_to_stay_behind(string types) => Assert.Null(ParseForeign(types).Error);

    [Fact]
    public void Of_a_reference_assembly_only_public_members_are_known()
    {
        CSharpCompilation library = TestCompiler.Compile("public class T { public int A { get; set; } private int _n; public int Read() => _n; }", "Library");
        using MemoryStream stream = new();
        Assert.True(library.Emit(stream, options: new(metadataOnly: true, includePrivateMembers: false)).Success);
        Assert.Null(Parse(Compile("", MetadataReference.CreateFromImage(stream.ToArray()))).Error);
    }

    [Fact]
    public void An_editor_judges_another_project_by_its_source()
    {
        CSharpCompilation library = TestCompiler.Compile("public class T { private int _a, _n; public int A { get => _a; set => _a = value; } public int Read() => _n; }", "Library");
        Assert.EndsWith("._n", Parse(Compile("", library.ToMetadataReference())).Error!.Path, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("record T(int x, int X);", "x,X", "0,1")]
    [InlineData("record T(int X, int x);", "X,x", "0,1")]
    [InlineData("record T(int x) { public int X { get; set; } }", "x,X", "0")]
    [InlineData("class T(int x) { public int X { get; set; } = 1; public int x { get; } = x; }", "X,x", "1")]
    [InlineData("class T(int x, int X) { public int X { get; } = X; public int x { get; } = x; }", "X,x", "1,0")]
    [InlineData("class T(int x) { public int X { get; } = x; }", "X", "0")]
    public void Parameters_are_matched_exactly_first(string types, string members, string arguments)
    {
        ObjectShape shape = Assert.IsType<ObjectShape>(Assert.Single(Parse(types).Formatters).Shape);
        Assert.Equal(members, string.Join(',', shape.Members.Select(static member => member.Name)));
        Assert.Equal(arguments, string.Join(',', shape.ConstructorArguments));
    }

    [Fact]
    public void A_parameter_that_two_members_could_mean_is_refused()
    {
        WireError error = Parse("class T(int value) { public int Value { get; set; } = value; public int VALUE { get; set; } }").Error!;
        Assert.Contains("'Value' and for 'VALUE'", error.Reason, StringComparison.Ordinal);
    }

    private static WireType Parse(string types) => Parse(Compile(types));

    private static WireType ParseForeign(string types) =>
        Parse(Compile("", TestCompiler.Compile(types, "Library").EmitToImageReference()));

    private static CSharpCompilation Compile(string types, params MetadataReference[] references) =>
        TestCompiler.Compile($"{Attributes}{types}\nclass Case {{ private T Field = default!; }}", references: references);

    private static WireType Parse(CSharpCompilation compilation)
    {
        Assert.DoesNotContain(compilation.GetDiagnostics(), d => d.Severity == DiagnosticSeverity.Error);
        return new WireParser(compilation).Parse(
            compilation.GetTypeByMetadataName("Case")!.GetMembers("Field").OfType<IFieldSymbol>().Single().Type);
    }
}
