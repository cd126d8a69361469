using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using MemoryPack;
using Mitogen.Import;
using Mitogen.Lifetime;
using Mitogen.Multiplexing;
using Mitogen.Services;

namespace Mitogen.Bootstrap;

/// <summary>What a new context says first: the nonce of its command line as 16 raw bytes, then this, with its length (u32) in front.</summary>
/// <param name="Protocol">The version of the protocol.</param>
/// <param name="Info">Who it is.</param>
internal sealed record Hello(int Protocol, ContextInfo Info);

/// <summary>What its parent answers, with its length (u32) in front. From there on both sides send frames.</summary>
/// <param name="Id">The context's id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Ancestors">The contexts above it, the root first.</param>
/// <param name="Kernel">The tree's bounds.</param>
/// <param name="GraceMilliseconds">How long user code may go on when the link is lost.</param>
/// <param name="Title">What <c>ps</c> is to show.</param>
/// <param name="Roots">The assemblies whose module initializers fill the catalog.</param>
/// <param name="Names">The assemblies that the parent has for it; null when it has the application's files itself.</param>
/// <param name="Assemblies">Those of them that are sent ahead.</param>
internal sealed record Welcome(
    uint Id,
    string Name,
    Ancestor[] Ancestors,
    KernelOptions Kernel,
    int GraceMilliseconds,
    string Title,
    string[] Roots,
    string[]? Names,
    CompressedAssembly[] Assemblies);

/// <summary>Is never called: it lets the generator make the formatters of the handshake's messages.</summary>
[Remote]
internal interface IHandshake
{
    Task<Welcome> GreetAsync(Hello hello);
}

/// <summary>Writes and reads the handshake's messages. Pure: bytes in, bytes out.</summary>
internal static class Handshake
{
    public const int Protocol = 1;

    public const int NonceSize = 16;

    /// <summary>A hello is small; whatever announces more is not one.</summary>
    public const int MaxHello = 64 * 1024;

    public static byte[] Write<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] T>(T message)
    {
        // The runtime's own registration makes the formatters known.
        _ = RuntimeContracts.Catalog;
        byte[] body = MemoryPackSerializer.Serialize(message);
        byte[] framed = new byte[4 + body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(framed, body.Length);
        body.CopyTo(framed, 4);
        return framed;
    }

    /// <exception cref="ProtocolViolationException">The bytes are not such a message.</exception>
    public static T Read<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] T>(ReadOnlySpan<byte> body)
        where T : class
    {
        _ = RuntimeContracts.Catalog;
        try
        {
            return MemoryPackSerializer.Deserialize<T>(body) ?? throw new ProtocolViolationException($"The {typeof(T).Name} is null.");
        }
        catch (MemoryPackSerializationException e)
        {
            throw new ProtocolViolationException($"The {typeof(T).Name} cannot be read: do both sides run the same build?", e);
        }
    }
}
