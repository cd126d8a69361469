using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Mitogen.Generators.Model;
using Mitogen.Generators.Parsing;
using Mitogen.Generators.Tests.Harness;

namespace Mitogen.Generators.Tests.Data;

/// <summary>What cannot be sent is refused with the path to it and what to do.</summary>
public sealed class WireParserTests
{
    [Theory]
    [InlineData("object", "object", "declare the type that is sent")]
    [InlineData("dynamic", "dynamic", "declare the type that is sent")]
    [InlineData("IntPtr", "nint", "send a long")]
    [InlineData("nuint", "nuint", "send a ulong")]
    [InlineData("System.Numerics.BigInteger", "BigInteger", "ToByteArray()")]
    [InlineData("System.Collections.BitArray", "BitArray", "send a bool[]")]
    [InlineData("System.Globalization.CultureInfo", "CultureInfo", "send its Name")]
    [InlineData("TimeZoneInfo", "TimeZoneInfo", "send its Id")]
    [InlineData("Type", "Type", "send its name")]
    [InlineData("MemoryStream", "MemoryStream", "declare Stream")]
    [InlineData("IProgress<int>", "IProgress<int>", "parameter of the method")]
    [InlineData("Progress<int>", "Progress<int>", "IProgress<T>")]
    [InlineData("IAsyncEnumerable<IFile>", "IAsyncEnumerable<IFile>[]", "in a Task<>")]
    [InlineData("(int, IAsyncEnumerable<List<Stream>>)", "(int, IAsyncEnumerable<List<Stream>>).Item2[][]", "in a Task<>")]
    [InlineData("IAsyncEnumerable<IAsyncEnumerable<int>>", "IAsyncEnumerable<IAsyncEnumerable<int>>[]", "in a Task<>")]
    [InlineData("Endless", "Endless.All[].All", "in a Task<>")]
    [InlineData("Task<int>", "Task<int>", "send the result")]
    [InlineData("ValueTask<int>", "ValueTask<int>", "send the result")]
    [InlineData("CancellationToken", "CancellationToken", "parameter of the method")]
    [InlineData("System.Linq.Expressions.Expression<Func<int>>", "Expression<Func<int>>", "send what it should find")]
    [InlineData("Exception", "Exception", "send its message")]
    [InlineData("InvalidOperationException", "InvalidOperationException", "send its message")]
    [InlineData("Action", "Action", "as a value")]
    [InlineData("IDisposable", "IDisposable", "send a record")]
    [InlineData("IQueryable<int>", "IQueryable<int>", "ToList()")]
    [InlineData("ILookup<int, int>", "ILookup<int, int>", "dictionary of lists")]
    [InlineData("System.Threading.Lock", "Lock", "send a record")]
    [InlineData("int[,,,,]", "int[,,,,]", "send an array of arrays")]
    [InlineData("List<object>", "List<object>[]", "declare the type that is sent")]
    [InlineData("Dictionary<string, FileStream>", "Dictionary<string, FileStream>[].Value", "declare Stream")]
    [InlineData("(int A, Action B)", "(int A, Action B).B", "as a value")]
    [InlineData("Order", "Order.Customer.Handle", "send a long")]
    [InlineData("List<Order>", "List<Order>[].Customer.Handle", "send a long")]
    [InlineData("Basket", "Basket.Lines[].Tag", "declare the type that is sent")]
    [InlineData("Derived", "Derived.Tag", "declare the type that is sent")]
    [InlineData("Raw", "Raw.Inner._handle", "send a long")]
    [InlineData("RawPointer", "RawPointer.P", "send a byte[]")]
    [InlineData("Fixed", "Fixed.Bytes", "send an array")]
    [InlineData("Inline", "Inline", "send an array")]
    [InlineData("IShape", "IShape", "[MemoryPackUnion]")]
    [InlineData("IShape", "IShape", "mark it [Remote]")]
    [InlineData("Shape", "Shape", "[MemoryPackUnion]")]
    [InlineData("Node<FileStream>", "Node<FileStream>.Value", "declare Stream")]
    [InlineData("Half.Round", "Round", "[MemoryPackUnion]")]
    [InlineData("Barren", "Barren", "nothing derives from it")]
    [InlineData("Closed", "Closed(Second).Tag", "declare the type that is sent")]
    [InlineData("List<Choice<FileStream>>", "List<Choice<FileStream>>[](Yes).Value", "declare Stream")]
    [InlineData("Loose", "Loose(Generic)", "derive a type without parameters")]
    [InlineData("Guarded", "Guarded(Secret)", "internal or public")]
    [InlineData("PackedFile", "PackedFile.File", "as a plain record")]
    [InlineData("Packed", "Packed.Inner.Tag", "send its name")]
    [InlineData("PackedUnion", "PackedUnion(PackedCase).Sizes[]", "ToByteArray()")]
    [InlineData("PackedBox<Order>", "PackedBox<Order>.Value.Customer.Handle", "send a long")]
    [InlineData("PackedHidden", "PackedHidden.Part", "internal or public")]
    [InlineData("TwoConstructors", "TwoConstructors", "Mark one with [MemoryPackConstructor]")]
    [InlineData("NoConstructor", "NoConstructor", "add one")]
    [InlineData("GetOnly", "GetOnly.Tags", "[MemoryPackIgnore]")]
    [InlineData("PrivateSet", "PrivateSet.A", "[MemoryPackIgnore]")]
    [InlineData("ReadOnlyField", "ReadOnlyField.A", "[MemoryPackIgnore]")]
    [InlineData("Hidden", "Hidden", "internal or public")]
    [InlineData("Outer.Nesting<int>.Raw", "Raw", "out of it")]
    [InlineData("Overlaid", "Overlaid", "'B' may lie over 'A'")]
    [InlineData("OverlaidInside", "OverlaidInside.Inner", "the one that counts")]
    [InlineData("OverlaidText", "OverlaidText", "the one that counts")]
    [InlineData("System.Collections.Generic.SortedSet<Line>", "SortedSet<Line>", "IComparable<Line>")]
    [InlineData("List<System.Collections.Immutable.ImmutableSortedSet<int[]>>", "List<ImmutableSortedSet<int[]>>[]", "send a list")]
    [InlineData("SortedDictionary<(int, Line), int>", "SortedDictionary<(int, Line), int>", "IComparable<Line>")]
    [InlineData("SortedList<IFile, int>", "SortedList<IFile, int>", "'IFile' has no order")]
    [InlineData("System.Collections.Immutable.ImmutableSortedDictionary<Tree, int>", "ImmutableSortedDictionary<Tree, int>", "'Tree' has no order")]
    [InlineData("PriorityQueue<int, Tree>", "PriorityQueue<int, Tree>", "'Tree' has no order")]
    [InlineData("PackedSorted", "PackedSorted.All", "'Tree' has no order")]
    [InlineData("MyList", "MyList", "derives from 'List<int>'")]
    [InlineData("MyEnumerable", "MyEnumerable", "GenerateType.Collection")]
    [InlineData("Wide", "Wide", "group them in records")]
    public void Refuses(string type, string path, string remedy)
    {
        WireError error = Parse(type).Error!;
        Assert.Equal(path, error.Path);
        Assert.Contains(remedy, error.Reason, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\n', error.Reason);
    }

    [Theory]
    [InlineData("Tree")]
    [InlineData("Node<Node<int>>")]
    [InlineData("Computed")]
    [InlineData("Marked")]
    [InlineData("Ignoring")]
    [InlineData("Internal")]
    [InlineData("(int, int, int, int, int, int, int, string, int)")]
    [InlineData("Union")]
    [InlineData("Id<Task>")]
    [InlineData("Stream")]
    [InlineData("HashSet<IFile>")]
    [InlineData("Dictionary<IFile, System.IO.Pipelines.PipeReader?>")]
    [InlineData("(IFile?, IAsyncEnumerable<Order2>)")]
    [InlineData("Node<IFile>")]
    [InlineData("Choice<int>")]
    [InlineData("Half")]
    [InlineData("Explicit")]
    [InlineData("SortedSet<(int, string?, DateTime?)>")]
    [InlineData("SortedDictionary<DayOfWeek, Order2>")]
    [InlineData("PriorityQueue<Tree, Ordered>")]
    [InlineData("SortedSet<OrderedMore>")]
    [InlineData("SortedSet<Version?>")]
    [InlineData("SortedSet<Tuple<Ordered, Guid>>")]
    [InlineData("PackedBox<Choice<int>>")]
    public void Accepts(string type) => Assert.Null(Parse(type).Error);

    [Fact]
    public void A_computed_property_is_not_sent()
    {
        ObjectShape shape = Assert.IsType<ObjectShape>(Assert.Single(Parse("Computed").Formatters).Shape);
        Assert.Equal(["A"], shape.Members.Select(member => member.Name));
    }

    [Fact]
    public void A_member_of_another_assembly_is_not_mistaken_for_a_computed_one()
    {
        CSharpCompilation library = TestCompiler.Compile("public class Base { public string A { get; } = \"\"; }", "Library");
        using MemoryStream stream = new();
        Assert.True(library.Emit(stream, cancellationToken: TestContext.Current.CancellationToken).Success);
        CSharpCompilation user = TestCompiler.Compile(
            "public class Case { public Base? Field; }", references: MetadataReference.CreateFromImage(stream.ToArray()));
        Assert.Equal("Base.A", new WireParser(user).Parse(FieldType(user, "Case")).Error!.Path);
    }

    [Fact]
    public void Bases_come_first_and_the_most_derived_of_one_name_counts()
    {
        FormatterModel model = Parse("Leaf").Formatters.Single(formatter => formatter.TypeName == "global::Leaf");
        Assert.Equal(["Root", "Middle", "Own", "Hidden"], Assert.IsType<ObjectShape>(model.Shape).Members.Select(member => member.Name));
    }

    [Theory]
    [InlineData("Tree", true)]
    [InlineData("A1", true)]
    [InlineData("B1", true)]
    [InlineData("Linked", true)]
    [InlineData("Leaf", false)]
    public void Only_recursive_types_count_their_depth(string type, bool recursive) =>
        Assert.All(
            Parse(type).Formatters.Select(formatter => formatter.Shape).OfType<ObjectShape>(),
            shape => Assert.Equal(recursive, shape.IsRecursive));

    [Fact]
    public void A_type_is_the_same_from_wherever_it_is_reached()
    {
        FormatterModel[] fromA = [.. Parse("A1").Formatters];
        FormatterModel[] fromList = [.. Parse("List<B1>").Formatters];
        Assert.Equal(fromA.Where(model => model.Shape is ObjectShape), fromList.Where(model => model.Shape is ObjectShape));
        Assert.Equal(Parse("A1"), Parse("A1"));
    }

    [Fact]
    public void Annotations_are_kept_for_the_contract_and_do_not_make_another_formatter()
    {
        WireType annotated = Parse("List<string?>?");
        Assert.Equal("global::System.Collections.Generic.List<string?>?", annotated.TypeName);
        Assert.Equal(Parse("List<string>").Formatters, annotated.Formatters);
    }

    [Fact]
    public void What_a_generic_type_of_the_library_writes_is_registered_with_it()
    {
        Assert.Contains(Parse("Id<DayOfWeek>").Formatters, model => model is { TypeName: "global::System.DayOfWeek", IsRegistered: true });
        Assert.Contains(Parse("Id<List<Leaf>>").Formatters, model => model is { TypeName: "global::Leaf", IsRegistered: true });
        Assert.Equal(
            "global::Id<global::System.Threading.Tasks.Task>", Assert.Single(Parse("Id<Task>").Formatters).TypeName);

        // What was tried in vain leaves nothing that hides a later error.
        Assert.Equal("(Id<Task>, Task).Item2", Parse("(Id<Task>, Task)").Error!.Path);
    }

    [Theory]
    [InlineData("Order2", null)]
    [InlineData("IFile", "IFile")]
    [InlineData("List<Node<IFile?>>", "List<Node<IFile>>[].Value")]
    [InlineData("(int A, Stream? B)", "(int A, Stream B).B")]
    [InlineData("Dictionary<int, IAsyncEnumerable<int>>", "Dictionary<int, IAsyncEnumerable<int>>[].Value")]
    public void What_is_not_data_is_known(string type, string? path)
    {
        WireReferences? references = Parse(type).References;
        Assert.Equal(path, references?.Path);
        Assert.Equal(type.Contains("IFile", StringComparison.Ordinal) ? ["IFile"] : [], references?.Contracts ?? default);
    }

    private static WireType Parse(string type)
    {
        CSharpCompilation compilation = TestCompiler.Compile(
            $"{s_types}\npublic unsafe partial class Case {{ private {type} Field = default!; }}");
        Assert.DoesNotContain(compilation.GetDiagnostics(), d => d.Severity == DiagnosticSeverity.Error);
        return new WireParser(compilation).Parse(FieldType(compilation, "Case"));
    }

    private static ITypeSymbol FieldType(CSharpCompilation compilation, string type) =>
        compilation.GetTypeByMetadataName(type)!.GetMembers("Field").OfType<IFieldSymbol>().Single().Type;

    private static readonly string s_types = $$"""
        using MemoryPack;
        public record Order(int Id, Customer Customer);
        public class Customer { public nint Handle { get; set; } }
        public record Basket(List<Line?>? Lines);
        public record struct Line(string Name, object Tag);
        public class WithTag { public object? Tag { get; set; } }
        public class Derived : WithTag { public int A { get; set; } }
        public struct Raw { public RawInner Inner; }
        public struct RawInner { private nint _handle; public nint Handle { get => _handle; set => _handle = value; } public nint Auto { get; set; } }
        public unsafe struct RawPointer { public byte* P; }
        public unsafe struct Fixed { public fixed byte Bytes[4]; }
        [System.Runtime.CompilerServices.InlineArray(4)] public struct Inline { private int _first; }
        [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Explicit)]
        public struct Overlaid { [System.Runtime.InteropServices.FieldOffset(0)] public int A; [System.Runtime.InteropServices.FieldOffset(0)] public bool B; }
        public struct OverlaidInside { public byte A; public Overlaid Inner; }
        [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Explicit)]
        public struct OverlaidText { [System.Runtime.InteropServices.FieldOffset(0)] public string A; [System.Runtime.InteropServices.FieldOffset(0)] public string B; }
        [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Explicit)]
        public struct Explicit { [System.Runtime.InteropServices.FieldOffset(8)] public DayOfWeek B; [System.Runtime.InteropServices.FieldOffset(0)] public long A; [System.Runtime.InteropServices.FieldOffset(12)] public Guid C; }
        public class Ordered : IComparable<Ordered> { public int CompareTo(Ordered? other) => 0; }
        public class OrderedMore : Ordered { public int A { get; set; } }
        [MemoryPackable] public partial class PackedSorted { public SortedSet<Tree>? All { get; set; } }
        public interface IShape;
        [Remote] public interface IFile { void M(); }
        public record Endless(IAsyncEnumerable<Endless> All);
        public record Order2(List<string> Lines);
        public abstract class Shape;
        public class Node<T> { public T? Value { get; set; } public Node<T>? Next { get; set; } }
        public class TwoConstructors { public TwoConstructors(int a) { A = a; } public TwoConstructors(string b) { B = b; } public int A { get; } public string? B { get; } }
        public class NoConstructor(int x) { public int Y => x; }
        public class GetOnly { public List<string> Tags { get; } = []; }
        public class PrivateSet { public int A { get; private set; } public void Set() => A = 1; }
        public class ReadOnlyField { public readonly int A = 1; }
        public partial class Case { private sealed class Hidden; }
        public class Outer { public class Nesting<T> { public struct Raw { public int A; } } }
        public class MyList : List<int>;
        public class MyEnumerable : IEnumerable<int>
        {
            public IEnumerator<int> GetEnumerator() => throw null!;
            System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => throw null!;
        }
        public class Wide { {{string.Concat(Enumerable.Range(0, 250).Select(i => $"public int M{i};"))}} }
        public class Tree { public List<Tree?>? Children { get; set; } }
        public class A1 { public B1[]? Bs { get; set; } }
        public class B1 { public Dictionary<string, A1>? As { get; set; } }
        public record Computed(int A) { public int Twice => A * 2; public int this[int i] => i; public static int S { get; set; } }
        public class Marked { public Marked(int a) { A = a; } [MemoryPackConstructor] public Marked(string b) { B = b; } public int A { get; set; } public string? B { get; } }
        public class Ignoring { [MemoryPackIgnore] public object? Tag { get; set; } public int A { get; set; } }
        internal class Internal { public int A { get; set; } }
        [MemoryPackable(GenerateType.NoGenerate)] public abstract class Union;
        [MemoryPackable(GenerateType.NoGenerate)] public class Id<T> { public int Value; }
        public abstract record Closed { private Closed() { } public sealed record First(int A) : Closed; public sealed record Second(object Tag) : Closed; }
        public abstract class Half { internal Half() { } public abstract class Round : Half; public class Ball : Round; }
        public abstract class Barren { private protected Barren() { } }
        public abstract record Choice<T> { private Choice() { } public sealed record Yes(T Value) : Choice<T>; public sealed record No : Choice<T>; }
        public abstract record Loose { private protected Loose() { } }
        public record Generic<T> : Loose;
        public abstract record Guarded { private Guarded() { } private sealed record Secret : Guarded; }
        [MemoryPackable] public partial class PackedFile { public IFile? File { get; set; } }
        [MemoryPackable] public partial class Packed { public PackedInner? Inner { get; set; } }
        [MemoryPackable] public partial class PackedInner { public Type? Tag { get; set; } }
        [MemoryPackable, MemoryPackUnion(0, typeof(PackedCase))] public abstract partial class PackedUnion;
        [MemoryPackable] public partial class PackedCase : PackedUnion { public List<System.Numerics.BigInteger>? Sizes { get; set; } }
        [MemoryPackable] public partial class PackedBox<T> { public T? Value { get; set; } }
        [MemoryPackable] public partial class PackedHidden { [MemoryPackInclude] private Raw Part; private struct Raw { public int A; } }
        public class Linked { public Id<Linked>? Next { get; set; } }
        public class RootClass { public int Root { get; set; } public virtual string? Hidden { get; set; } }
        public class MiddleClass : RootClass { public int Middle { get; set; } }
        public class Leaf : MiddleClass { public string? Own { get; set; } public override string? Hidden { get; set; } }
        """;
}
