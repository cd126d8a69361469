using System.ComponentModel;
using System.Text;
using MemoryPack;
using MemoryPack.Formatters;

namespace Mitogen.CompilerServices;

/// <summary>Formatters of types that need no generated one. For generated code and the runtime only.</summary>
/// <remarks>Each is held by a class of its own, so that a native program contains only those that it uses.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class WireFormatters
{
    /// <summary>Formats strings.</summary>
    public static MemoryPackFormatter<string> ForString => CheckedStringFormatter.Instance;

    /// <summary>Formats URIs.</summary>
    public static MemoryPackFormatter<Uri> ForUri => CheckedUriFormatter.Instance;

    /// <summary>Formats versions.</summary>
    public static MemoryPackFormatter<Version> ForVersion => Versions.Formatter;

    /// <summary>Formats string builders.</summary>
    public static MemoryPackFormatter<StringBuilder> ForStringBuilder => StringBuilders.Formatter;

    /// <summary>Formats secrets.</summary>
    public static MemoryPackFormatter<Secret> ForSecret => SecretFormatter.Instance;

    /// <summary>Formats dates, of which local ones travel as the instant that they mean.</summary>
    public static RawFormatter<DateTime> ForDateTime => DateTimes.Formatter;

    /// <summary>Formats dates with an offset, whose memory has padding.</summary>
    public static RawFormatter<DateTimeOffset> ForDateTimeOffset => DateTimeOffsets.Formatter;

    /// <summary>The formatter of a type that is marked with <c>[MemoryPackable]</c> and writes itself.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <returns>The formatter.</returns>
    public static MemoryPackFormatter<T> Packable<T>()
        where T : IMemoryPackable<T> => new MemoryPackableFormatter<T>();

    /// <summary>Stands for the formatter of a type for which the generator of MemoryPack printed nothing.</summary>
    /// <remarks>
    /// The compiler takes this method where the type does not fit the other one. So what is wrong is told by MITO072, at the type, and not
    /// by an error in generated code.
    /// </remarks>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="isGenerated">Tells the two methods apart.</param>
    /// <returns>Nothing.</returns>
    /// <exception cref="NotSupportedException">Always: MITO072 was turned off.</exception>
    public static MemoryPackFormatter<T> Packable<T>(bool isGenerated = false) => throw Ungenerated(typeof(T));

    /// <summary>The formatter that a type marked with <c>[MemoryPackable]</c> registers.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <returns>The formatter.</returns>
    public static MemoryPackFormatter<T> Registered<T>()
        where T : IMemoryPackFormatterRegister
    {
        MemoryPackFormatterProvider.Register<T>();
        return new ProvidedFormatter<T>();
    }

    /// <summary>Stands for that of a type for which the generator of MemoryPack printed nothing, as the other <c>Packable</c> does.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="isGenerated">Tells the two methods apart.</param>
    /// <returns>Nothing.</returns>
    /// <exception cref="NotSupportedException">Always: MITO072 was turned off.</exception>
    public static MemoryPackFormatter<T> Registered<T>(bool isGenerated = false) => throw Ungenerated(typeof(T));

    /// <summary>The formatter that the application registers.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <returns>The formatter.</returns>
    public static MemoryPackFormatter<T> Provided<T>() => new ProvidedFormatter<T>();

    private static NotSupportedException Ungenerated(Type type) => new(
        $"'{type}' is marked [MemoryPackable], and nothing was generated for it: add the package 'MemoryPack' to its project, or take the mark away.");

    private sealed class ProvidedFormatter<T> : MemoryPackFormatter<T>
    {
        public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref T? value) =>
            writer.WriteValue(value);

        public override void Deserialize(ref MemoryPackReader reader, scoped ref T? value) => reader.ReadValue(ref value);
    }

    private sealed class CheckedStringFormatter : MemoryPackFormatter<string>
    {
        internal static readonly CheckedStringFormatter Instance = new();

        public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref string? value) =>
            WireData.WriteString(ref writer, value);

        public override void Deserialize(ref MemoryPackReader reader, scoped ref string? value) => value = WireData.ReadString(ref reader);
    }

    private sealed class SecretFormatter : MemoryPackFormatter<Secret>
    {
        internal static readonly SecretFormatter Instance = new();

        public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref Secret? value) =>
            WireData.WriteString(ref writer, value?.Reveal());

        public override void Deserialize(ref MemoryPackReader reader, scoped ref Secret? value) => value = WireData.ReadString(ref reader);
    }

    private sealed class CheckedUriFormatter : MemoryPackFormatter<Uri>
    {
        internal static readonly CheckedUriFormatter Instance = new();

        public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref Uri? value) =>
            WireData.WriteString(ref writer, value?.OriginalString);

        public override void Deserialize(ref MemoryPackReader reader, scoped ref Uri? value)
        {
            string? text = WireData.ReadString(ref reader);
            if (text is null)
            {
                value = null;
            }
            else if (!Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out value))
            {
                WireData.ThrowInvalid("A text was sent as a URI and is none.");
            }
        }
    }

    private static class Versions
    {
        internal static readonly VersionFormatter Formatter = new();
    }

    private static class StringBuilders
    {
        internal static readonly StringBuilderFormatter Formatter = new();
    }

    private static class DateTimes
    {
        internal static readonly RawFormatter<DateTime> Formatter = new(RawLayout.ForDateTime);
    }

    private static class DateTimeOffsets
    {
        internal static readonly RawFormatter<DateTimeOffset> Formatter = new(RawLayout.ForDateTimeOffset);
    }
}
