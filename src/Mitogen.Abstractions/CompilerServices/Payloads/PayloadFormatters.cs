using System.ComponentModel;
using System.Text;
using MemoryPack;
using MemoryPack.Formatters;

namespace Mitogen.CompilerServices;

/// <summary>Formatters of types that need no generated one. For generated code and the runtime only.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class PayloadFormatters
{
    /// <summary>Formats strings.</summary>
    public static MemoryPackFormatter<string> ForString { get; } = new CheckedStringFormatter();

    /// <summary>Formats URIs.</summary>
    public static MemoryPackFormatter<Uri> ForUri { get; } = new CheckedUriFormatter();

    /// <summary>Formats versions.</summary>
    public static MemoryPackFormatter<Version> ForVersion { get; } = new VersionFormatter();

    /// <summary>Formats string builders.</summary>
    public static MemoryPackFormatter<StringBuilder> ForStringBuilder { get; } = new StringBuilderFormatter();

    /// <summary>Formats secrets.</summary>
    public static MemoryPackFormatter<Secret> ForSecret { get; } = new SecretFormatter();

    /// <summary>Formats dates with an offset, whose memory has padding.</summary>
    public static RawFormatter<DateTimeOffset> ForDateTimeOffset { get; } = new(RawLayout.ForDateTimeOffset);

    /// <summary>The formatter that a type marked with <c>[MemoryPackable]</c> registers.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <returns>The formatter.</returns>
    public static MemoryPackFormatter<T> Registered<T>()
        where T : IMemoryPackFormatterRegister
    {
        MemoryPackFormatterProvider.Register<T>();
        return new ProvidedFormatter<T>();
    }

    /// <summary>The formatter that the application registers.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <returns>The formatter.</returns>
    public static MemoryPackFormatter<T> Provided<T>() => new ProvidedFormatter<T>();

    private sealed class ProvidedFormatter<T> : MemoryPackFormatter<T>
    {
        public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref T? value) =>
            writer.WriteValue(value);

        public override void Deserialize(ref MemoryPackReader reader, scoped ref T? value) => reader.ReadValue(ref value);
    }

    private sealed class CheckedStringFormatter : MemoryPackFormatter<string>
    {
        public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref string? value) =>
            writer.WriteString(value);

        public override void Deserialize(ref MemoryPackReader reader, scoped ref string? value) => value = Payload.ReadString(ref reader);
    }

    private sealed class SecretFormatter : MemoryPackFormatter<Secret>
    {
        public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref Secret? value) =>
            writer.WriteString(value?.Reveal());

        public override void Deserialize(ref MemoryPackReader reader, scoped ref Secret? value) => value = Payload.ReadString(ref reader);
    }

    private sealed class CheckedUriFormatter : MemoryPackFormatter<Uri>
    {
        public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref Uri? value) =>
            writer.WriteString(value?.OriginalString);

        public override void Deserialize(ref MemoryPackReader reader, scoped ref Uri? value)
        {
            string? text = Payload.ReadString(ref reader);
            if (text is null)
            {
                value = null;
            }
            else if (!Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out value))
            {
                Payload.ThrowInvalid("A text was sent as a URI and is none.");
            }
        }
    }
}
