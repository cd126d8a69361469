using System.ComponentModel;
using System.IO.Pipelines;
using MemoryPack;

namespace Mitogen.CompilerServices;

/// <summary>Writes streams of bytes as references. For generated code and the runtime only.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ByteStreamFormatters
{
    /// <summary>Formats a <see cref="System.IO.Stream"/>.</summary>
    public static readonly MemoryPackFormatter<Stream> Stream = new StreamFormatter();

    /// <summary>Formats a <see cref="System.IO.Pipelines.PipeReader"/>.</summary>
    public static readonly MemoryPackFormatter<PipeReader> PipeReader =
        new AdaptedFormatter<PipeReader>(static reader => new PipeStream(reader), static stream => new StreamPipeReader(stream));

    /// <summary>Formats a <see cref="System.IO.Pipelines.PipeWriter"/>.</summary>
    public static readonly MemoryPackFormatter<PipeWriter> PipeWriter =
        new AdaptedFormatter<PipeWriter>(static writer => new PipeStream(writer), static stream => new StreamPipeWriter(stream));

    private sealed class StreamFormatter : MemoryPackFormatter<Stream>
    {
        public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref Stream? value) =>
            writer.WriteUnmanaged(value is null ? 0 : ReferenceScope.Current.Write(value, ReferenceScope.Current.Streams));

        public override void Deserialize(ref MemoryPackReader reader, scoped ref Stream? value)
        {
            uint place = reader.ReadUnmanaged<uint>();
            value = place == 0 ? null : ReferenceScope.Current.Read(place, ReferenceScope.Current.Streams);
        }
    }

    private sealed class AdaptedFormatter<T>(Func<T, Stream> toStream, Func<Stream, T> fromStream) : MemoryPackFormatter<T>
        where T : class
    {
        public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref T? value) =>
            WireData.Write(ref writer, Stream, value is null ? null : toStream(value));

        public override void Deserialize(ref MemoryPackReader reader, scoped ref T? value) =>
            value = WireData.Read(ref reader, Stream) is { } stream ? fromStream(stream) : null;
    }
}
