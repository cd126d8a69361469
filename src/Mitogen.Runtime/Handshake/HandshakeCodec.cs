using System.Buffers.Binary;
using MemoryPack;
using Mitogen.Calls;
using Mitogen.CompilerServices;
using Mitogen.Generated.Mitogen_Runtime;
using Mitogen.Import;
using Mitogen.Multiplexing;
using Mitogen.Routing;

namespace Mitogen.Handshake;

/// <summary>
/// The first words of a new context: the nonce of its command line as 16 raw bytes, then this, with its length (u32) in front.
/// </summary>
/// <param name="Protocol">The version of the protocol.</param>
/// <param name="Info">Who it is.</param>
/// <param name="Build">Its catalog's <see cref="RemoteCatalog.BuildId"/>; 0 where the catalog is filled after the hello.</param>
internal sealed record Hello(int Protocol, ContextInfo Info, ulong Build = 0);

/// <summary>The answer of its parent, with its length (u32) in front. From there on both sides send frames.</summary>
/// <param name="Id">The context's id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Ancestors">The contexts above it, the root first.</param>
/// <param name="Kernel">The tree's bounds.</param>
/// <param name="GraceMilliseconds">How long user code may go on when the link is lost.</param>
/// <param name="Title">The title that <c>ps</c> is to show.</param>
/// <param name="Roots">The assemblies whose module initializers fill the catalog.</param>
/// <param name="Names">The assemblies that the parent has for it; null when it has the application's files itself.</param>
/// <param name="Assemblies">Those of them that are sent ahead.</param>
/// <param name="Culture">The cultures that the program uses.</param>
internal sealed record Welcome(
    uint Id,
    string Name,
    Ancestor[] Ancestors,
    KernelOptions Kernel,
    int GraceMilliseconds,
    string Title,
    string[] Roots,
    string[]? Names,
    CompressedAssembly[] Assemblies,
    ContextCulture Culture);

/// <summary>Is never called: it lets the generator make the formatters of the handshake's messages.</summary>
[Remote]
internal interface IHandshake
{
    Task<Welcome> GreetAsync(Hello hello);
}

/// <summary>Writes and reads the handshake's messages. Pure: bytes in, bytes out.</summary>
/// <remarks>
/// By the generated formatters, not through the library's provider: that makes one for each of the framework's simple types when it
/// is first asked, which is most of the time between a context's first instruction and its hello.
/// </remarks>
internal static class HandshakeCodec
{
    public const int Protocol = 4;

    public const int NonceSize = 16;

    /// <summary>A hello is small; whatever announces more is not one.</summary>
    public const int MaxHello = 64 * 1024;

    private const int LengthSize = 4;

    public static byte[] Write(Hello hello) => Write(hello, Formatters.Hello_7BF2E774);

    public static byte[] Write(Welcome welcome) => Write(welcome, Formatters.Welcome_4023CEC0);

    /// <exception cref="ProtocolBrokenException">The bytes are not a hello.</exception>
    public static Hello ReadHello(ReadOnlySpan<byte> body) => Read(body, Formatters.Hello_7BF2E774);

    /// <exception cref="ProtocolBrokenException">The bytes are not a welcome.</exception>
    public static Welcome ReadWelcome(ReadOnlySpan<byte> body) => Read(body, Formatters.Welcome_4023CEC0);

    private static byte[] Write<T>(T message, MemoryPackFormatter<T> formatter)
    {
        CallBuffer buffer = new();
        buffer.Begin(LengthSize);
        MemoryPackWriter<CallBuffer> writer = new(ref buffer, MemoryPackWriterOptionalStatePool.Rent(null));
        WireData.Write(ref writer, formatter, message);
        Messages.End(ref writer);
        BinaryPrimitives.WriteInt32LittleEndian(buffer.Front(LengthSize), buffer.WrittenCount - LengthSize);
        return buffer.WrittenSpan.ToArray();
    }

    private static T Read<T>(ReadOnlySpan<byte> body, MemoryPackFormatter<T> formatter)
        where T : class
    {
        MemoryPackReader reader = new(body, MemoryPackReaderOptionalStatePool.Rent(null));
        try
        {
            return WireData.Read(ref reader, formatter) ?? throw new ProtocolBrokenException($"The {typeof(T).Name} is null.");
        }
        catch (MemoryPackSerializationException e)
        {
            throw new ProtocolBrokenException($"The {typeof(T).Name} cannot be read: do both sides run the same build?", e);
        }
        finally
        {
            Messages.End(ref reader);
        }
    }
}
