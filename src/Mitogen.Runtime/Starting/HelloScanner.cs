using System.Buffers.Binary;
using System.Text;
using Mitogen.Handshake;
using Mitogen.Processes;
using Mitogen.Routing;

namespace Mitogen.Starting;

/// <summary>
/// Finds a new context's hello in what its process prints, and the lines of the stages before it: anything else may come before the
/// nonce (a banner, a profile's output), and is kept for the error message. Pure: it takes bytes and says what it has found.
/// </summary>
internal sealed class HelloScanner(byte[] nonce)
{
    /// <summary>The bytes that may come before the nonce; more means that this is not a context.</summary>
    public const int MaxNoise = 256 * 1024;

    private const int KeptNoise = 8 * 1024;

    private const int MaxLine = 8 * 1024;

    private readonly byte[] _marker = Encoding.ASCII.GetBytes($"mitogen:{MarkerOf(nonce)} ");
    private readonly Queue<string> _lines = new();
    private readonly List<byte> _bytes = [];
    private int _nonceEnd = -1;
    private int _searched;

    /// <summary>The text that a start's stages are told to begin their lines with.</summary>
    public static string MarkerOf(byte[] nonce) => Convert.ToHexStringLower(nonce);

    /// <summary>The hello, when it is complete.</summary>
    public Hello? Hello { get; private set; }

    /// <summary>The bytes that came behind the hello.</summary>
    public byte[] Leftover { get; private set; } = [];

    /// <summary>Whether anything came that is not the hello.</summary>
    public bool HasNoise => _nonceEnd < 0 ? _bytes.Count > 0 : _nonceEnd > HandshakeCodec.NonceSize;

    /// <summary>The last lines of what came instead of a hello.</summary>
    public IReadOnlyList<string> NoiseLines
    {
        get
        {
            int end = _nonceEnd < 0 ? _bytes.Count : _nonceEnd - HandshakeCodec.NonceSize;
            int start = Math.Max(0, end - KeptNoise);
            string text = Encoding.UTF8.GetString([.. _bytes.GetRange(start, end - start)]);
            LastLines lines = new();
            foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                lines.Add(line);
            }

            return lines.Kept;
        }
    }

    /// <summary>The text behind the last end of a line, while there is no nonce.</summary>
    public string Tail
    {
        get
        {
            if (_nonceEnd >= 0)
            {
                return "";
            }

            ReadOnlySpan<byte> all = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_bytes);
            ReadOnlySpan<byte> tail = all[(all.LastIndexOf((byte)'\n') + 1)..];
            return Encoding.UTF8.GetString(tail[Math.Max(0, tail.Length - KeptNoise)..]);
        }
    }

    /// <exception cref="ProtocolBrokenException">This is not a context.</exception>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        if (_nonceEnd < 0)
        {
            FindLines();
            FindNonce();
        }

        if (_nonceEnd >= 0 && Hello is null)
        {
            TryReadHello();
        }
    }

    /// <summary>The next line of a stage that has come whole, without its marker; <see langword="null"/> if there is none.</summary>
    public string? TakeLine() => _lines.TryDequeue(out string? line) ? line : null;

    private void FindLines()
    {
        while (true)
        {
            ReadOnlySpan<byte> all = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_bytes);
            int start = all.IndexOf(_marker);
            int length = start < 0 ? -1 : all[start..].IndexOf((byte)'\n');
            if (length is < 0 or > MaxLine)
            {
                return;
            }

            _lines.Enqueue(Encoding.UTF8.GetString(all.Slice(start, length)[_marker.Length..]).TrimEnd('\r'));
            _bytes.RemoveRange(start, length + 1);
            _searched = 0;
        }
    }

    private void FindNonce()
    {
        ReadOnlySpan<byte> all = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_bytes);
        int found = all[_searched..].IndexOf(nonce);
        if (found >= 0)
        {
            _nonceEnd = _searched + found + HandshakeCodec.NonceSize;
            return;
        }

        _searched = Math.Max(0, all.Length - HandshakeCodec.NonceSize + 1);
        if (all.Length > MaxNoise)
        {
            throw new ProtocolBrokenException($"More than {MaxNoise} bytes came, and no hello among them.");
        }
    }

    private void TryReadHello()
    {
        ReadOnlySpan<byte> rest = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_bytes)[_nonceEnd..];
        if (rest.Length < 4)
        {
            return;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(rest);
        if (length > HandshakeCodec.MaxHello)
        {
            throw new ProtocolBrokenException($"A hello of {length} bytes is announced; {HandshakeCodec.MaxHello} is the most.");
        }

        if (rest.Length < 4 + length)
        {
            return;
        }

        Hello = HandshakeCodec.ReadHello(rest.Slice(4, (int)length));
        Leftover = rest[(4 + (int)length)..].ToArray();
        if (Hello.Info is not { HostName: not null, UserName: not null, OperatingSystem: not null, Architecture: not null, Runtime: not null })
        {
            throw new ProtocolBrokenException("A hello does not say who it is from.");
        }

        Hello = Hello with { Info = ContextNames.Shown(Hello.Info) };

        if (Hello.Protocol != HandshakeCodec.Protocol)
        {
            throw new ProtocolBrokenException($"The context speaks version {Hello.Protocol} of the protocol, this one {HandshakeCodec.Protocol}.");
        }
    }
}
