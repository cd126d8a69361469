using Mitogen.CompilerServices;
using Mitogen.Multiplexing;

namespace Mitogen.Calls;

/// <summary>A part of an answer on the way in: some items, some bytes, or a report.</summary>
internal sealed class IncomingPart
{
    // The bytes that a part takes in a queue, beside its own.
    private const int Overhead = 512;

    // How far a producer of items may run ahead, in bytes.
    private const int ItemsAhead = 256 * 1024;

    private readonly AnswerHeader _header;
    private readonly MessageAssembler _message = new(overhead: Overhead);

    /// <param name="header">Its header.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="account">Who is charged for it, until it is taken.</param>
    public IncomingPart(AnswerHeader header, KernelOptions options, Account? account)
    {
        _header = header;
        _message.Start(header.Length, account: account);
        ReadAhead = header.Kind switch
        {
            AnswerKind.Bytes => options.BulkWindow,
            AnswerKind.Items => Math.Min(ItemsAhead, options.BulkWindow),
            _ => options.InitialWindow,
        };
    }

    public AnswerKind Kind => _header.Kind;

    /// <summary>The progress parameter that a report is for.</summary>
    public int Number => _header.Number;

    /// <summary>The bytes, for who took the part.</summary>
    public CallBuffer Buffer
    {
        get
        {
            _ = _message.Join();
            return _message.Buffer;
        }
    }

    public long Missing => _message.Missing;

    /// <summary>Bytes that came and that the other side has not been given credit for. Guarded by the hub's lock.</summary>
    public int Uncredited { get; set; }

    /// <summary>How much the other side may send ahead once this is taken.</summary>
    public int ReadAhead { get; }

    /// <summary>The bytes were read: their memory goes to the next part.</summary>
    public void Recycle() => _message.Reset();

    /// <summary>The part is its reader's, or nobody wants it.</summary>
    public void GiveBack(in HubLock locked) => _message.GiveBack();

    /// <summary>Takes bytes.</summary>
    /// <returns>Whether the sender's account has room for the bytes.</returns>
    public bool Append(in HubLock locked, ReadOnlySpan<byte> bytes)
    {
        Uncredited += bytes.Length;
        return _message.Append(bytes);
    }
}
