using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;

namespace Mitogen.HostileChild;

/// <summary>What a stream that this context opened ended with.</summary>
/// <param name="Reset">The code of a Reset; <see langword="null"/> if an answer came.</param>
/// <param name="Bytes">The answer's message, its header included; the Reset's text.</param>
internal sealed record Answer(WireReset? Reset, byte[] Bytes);

/// <summary>A call that came.</summary>
internal sealed record Incoming(uint Caller, ulong Stream, Call Call);

/// <summary>
/// The link to the parent, over standard input and output: frames go out as they are given, whatever the protocol says of them. What
/// comes is counted by a thread of its own.
/// </summary>
internal sealed class ParentLink(Stream input, Stream output)
{
    private const int BatchSize = 256 * 1024;

    private readonly Lock _sending = new();
    private readonly byte[] _batch = new byte[BatchSize];
    private readonly ManualResetEventSlim _reads = new(true);
    private readonly ConcurrentDictionary<ulong, TaskCompletionSource<Answer>> _asked = new();
    private readonly ConcurrentDictionary<ulong, List<byte>> _answers = new();
    private readonly ConcurrentDictionary<ulong, long> _credit = new();
    private readonly ConcurrentDictionary<WireReset, int> _resets = new();
    private int _filled;
    private long _sent;
    private long _received;

    public uint Self { get; set; }

    /// <summary>Whether credit is granted for answers, as a context that reads them does.</summary>
    public bool Grants { get; set; } = true;

    /// <summary>Takes the calls that come, on the reading thread.</summary>
    public Action<Incoming> OnCall { get; set; } = _ => { };

    /// <summary>How many bytes came, to see when no more come.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>What was sent, and what was refused with which code.</summary>
    public string Report => string.Create(CultureInfo.InvariantCulture, $"{_sent} frames")
        + string.Concat(_resets.OrderBy(r => r.Key).Select(r => string.Create(CultureInfo.InvariantCulture, $", {r.Value} {r.Key}")));

    public int CountOf(WireReset code) => _resets.GetValueOrDefault(code);

    /// <summary>Stops reading, or goes on with it.</summary>
    public void Read(bool reads)
    {
        if (reads)
        {
            _reads.Set();
        }
        else
        {
            _reads.Reset();
        }
    }

    public byte[] ReadExactly(int count)
    {
        byte[] bytes = new byte[count];
        input.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Bytes that are no frame, or the handshake's.</summary>
    public void SendRaw(ReadOnlySpan<byte> bytes)
    {
        lock (_sending)
        {
            FlushCore();
            output.Write(bytes);
            output.Flush();
        }
    }

    /// <summary>A frame; <see cref="Flush"/> sends what has gathered.</summary>
    public void Send(Kind kind, Mark mark, uint destination, ulong stream, ReadOnlySpan<byte> body, uint? source = null)
    {
        lock (_sending)
        {
            if (_filled + Wire.HeaderSize + body.Length > BatchSize)
            {
                FlushCore();
            }

            new Header(body.Length, kind, mark, destination, source ?? Self, stream).Write(_batch.AsSpan(_filled));
            body.CopyTo(_batch.AsSpan(_filled + Wire.HeaderSize));
            _filled += Wire.HeaderSize + body.Length;
            _sent++;
        }
    }

    public void Flush()
    {
        lock (_sending)
        {
            FlushCore();
        }
    }

    /// <summary>Opens a stream whose answer is wanted.</summary>
    public Task<Answer> Ask(uint destination, ulong stream, Call call)
    {
        TaskCompletionSource<Answer> asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[stream] = asked;
        SendMessage(Kind.Open, Mark.None, destination, stream, call.Write());
        return asked.Task;
    }

    /// <summary>Sends a message as credit comes, the way an honest context does.</summary>
    public void SendMessage(Kind first, Mark side, uint destination, ulong stream, ReadOnlySpan<byte> message)
    {
        _credit[stream] = Wire.InitialWindow;
        Kind kind = first;
        do
        {
            long credit;
            while ((credit = _credit[stream]) == 0 && !message.IsEmpty)
            {
                Flush();
                Thread.Sleep(1);
            }

            int piece = (int)Math.Min(Math.Min(message.Length, credit), Wire.MaxBody);
            _ = _credit.AddOrUpdate(stream, 0, (_, left) => left - piece);
            Send(kind, side | (piece == message.Length ? Mark.End : Mark.None), destination, stream, message[..piece]);
            message = message[piece..];
            kind = Kind.Data;
        }
        while (!message.IsEmpty);
        Flush();
    }

    /// <summary>Whether a message that <see cref="SendMessage"/> sends was refused meanwhile.</summary>
    public void GiveUp(ulong stream) => _credit[stream] = long.MaxValue / 2;

    /// <summary>Answers a call.</summary>
    public void Reply(Incoming to, WireAnswer kind, ReadOnlySpan<byte> body)
    {
        byte[] message = new byte[Wire.AnswerHeaderSize + body.Length];
        message[0] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(4), body.Length);
        body.CopyTo(message.AsSpan(Wire.AnswerHeaderSize));
        SendMessage(Kind.Data, Mark.FromAcceptor, to.Caller, to.Stream, message);
    }

    /// <summary>Reads frames until the link ends.</summary>
    public void Run()
    {
        while (true)
        {
            Header header = Header.Read(ReadExactly(Wire.HeaderSize));
            byte[] body = ReadExactly(header.Length);
            _ = Interlocked.Add(ref _received, Wire.HeaderSize + body.Length);
            Take(header, body);
            _reads.Wait();
        }
    }

    private void Take(in Header header, byte[] body)
    {
        switch (header.Kind)
        {
            case Kind.Open when (header.Mark & Mark.Skip) == 0 && body.Length >= Wire.CallHeaderSize:
                OnCall(new Incoming(header.Source, header.Stream, Call.Read(body)));
                break;
            case Kind.Data when (header.Mark & Mark.FromAcceptor) != 0:
                TakeAnswer(header, body);
                break;
            case Kind.Credit when body.Length == 4:
                long grant = BinaryPrimitives.ReadInt32LittleEndian(body);
                _ = _credit.AddOrUpdate(header.Stream, grant, (_, left) => left + grant);
                break;
            case Kind.Reset:
                WireReset code = body.Length == 0 ? WireReset.Malformed : (WireReset)body[0];
                _ = _resets.AddOrUpdate(code, 1, (_, count) => count + 1);
                GiveUp(header.Stream);
                if (_asked.TryRemove(header.Stream, out TaskCompletionSource<Answer>? reset))
                {
                    reset.SetResult(new Answer(code, body[Math.Min(1, body.Length)..]));
                }

                break;
            case Kind.Goodbye:
                Environment.Exit(0);
                break;
            default:
                break;
        }
    }

    private void TakeAnswer(in Header header, byte[] body)
    {
        if (!_asked.ContainsKey(header.Stream))
        {
            return;
        }

        List<byte> bytes = _answers.GetOrAdd(header.Stream, _ => []);
        bytes.AddRange(body);
        if ((header.Mark & Mark.End) != 0 && _asked.TryRemove(header.Stream, out TaskCompletionSource<Answer>? asked))
        {
            _ = _answers.TryRemove(header.Stream, out _);
            asked.SetResult(new Answer(null, [.. bytes]));
        }
        else if (Grants && body.Length > 0)
        {
            byte[] credit = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(credit, body.Length);
            Send(Kind.Credit, Mark.None, header.Source, header.Stream, credit);
            Flush();
        }
    }

    private void FlushCore()
    {
        if (_filled > 0)
        {
            output.Write(_batch.AsSpan(0, _filled));
            output.Flush();
            _filled = 0;
        }
    }
}
