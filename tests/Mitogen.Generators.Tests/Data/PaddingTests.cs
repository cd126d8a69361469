using System.Reflection;
using System.Runtime.CompilerServices;

namespace Mitogen.Generators.Tests.Data;

/// <summary>What was on the stack or in the heap before does not travel in the padding of structs.</summary>
public sealed class PaddingTests
{
    private const byte Dirt = 0xDD;

    private static readonly Lazy<DataSample> s_sample = new(() => DataSample.Compile("""
        public static class Cases
        {
            public static Padded Struct;
            public static Padded? Optional;
            public static Nested Nested;
            public static (byte, int, byte, long) Tuple;
            public static KeyValuePair<byte, long> Pair;
            public static Dictionary<byte, long> Map = new() { [1] = 2 };
            public static DateTimeOffset Date;
            public static Padded[] Array = [default];
            public static List<Padded> List = [default];
            public static Generic<byte, long> Generic;
            public static Record Record;
            public static Empty Empty;
            public static int? Number;
        }

        public struct Padded { public byte A; public int B; public byte C; }
        public struct Nested { public bool A; private Padded _b; public Padded? C; public DateTimeOffset D; public Padded B { get => _b; set => _b = value; } }
        public struct Generic<T, U> where T : struct { public T A { get; set; } private U _b; public void Set(U b) => _b = b; }
        public readonly record struct Record(byte A, decimal B, bool? C);
        public struct Empty;
        """));

    [Theory]
    [InlineData("Struct")]
    [InlineData("Nested")]
    [InlineData("Tuple")]
    [InlineData("Pair")]
    [InlineData("Date")]
    [InlineData("Generic")]
    [InlineData("Record")]
    [InlineData("Empty")]
    public void Padding_is_zero(string name) =>
        typeof(PaddingTests).GetMethod(nameof(AssertClean), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(s_sample.Value.Value(name)!.GetType())
            .Invoke(null, BindingFlags.DoNotWrapExceptions, null, [name], null);

    [Theory]
    [InlineData("Optional", "000000000000000000000000" + "00000000")]
    [InlineData("Number", "0000000000000000")]
    [InlineData("Map", "0100000001000000000000000200000000000000")]
    [InlineData("Array", "01000000000000000000000000000000")]
    [InlineData("List", "01000000000000000000000000000000")]
    public void Collections_and_nullables_have_none_either(string name, string bytes)
    {
        DirtyStack();
        Assert.Equal(bytes, Convert.ToHexStringLower(s_sample.Value.Write(name)));
    }

    // Sends a struct that is dirt in all of its bytes, fields and padding, and one whose fields alone are: what differs is padding.
    private static void AssertClean<T>(string name)
        where T : struct
    {
        DirtyStack();
        byte[] clean = s_sample.Value.Write(name, default(T));
        Assert.Equal(Unsafe.SizeOf<T>(), clean.Length);
        Assert.All(clean, b => Assert.Equal(0, b));

        T dirty = default;
        Span<byte> bytes = System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref Unsafe.As<T, byte>(ref dirty), Unsafe.SizeOf<T>());
        bytes.Fill(Dirt);
        byte[] written = s_sample.Value.Write(name, dirty);
        Assert.Equal(PaddingOf(typeof(T)), written.Count(b => b == 0));
        Assert.All(written, b => Assert.True(b is 0 or Dirt));
    }

    // The size less the sizes of all leaves.
    private static int PaddingOf(Type type) => SizeOf(type) - Leaves(type).Sum(SizeOf);

    private static IEnumerable<Type> Leaves(Type type)
    {
        if (type == typeof(DateTimeOffset))
        {
            return [typeof(int), typeof(long)];
        }

        FieldInfo[] fields = type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
        return type.IsPrimitive || type == typeof(decimal) ? [type] : fields.SelectMany(field => Leaves(field.FieldType));
    }

    private static int SizeOf(Type type) =>
        (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void DirtyStack()
    {
        Span<byte> stack = stackalloc byte[64 * 1024];
        stack.Fill(Dirt);
        GC.KeepAlive(stack[^1]);
    }
}
