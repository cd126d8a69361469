using System.Collections.Concurrent;
using Mitogen.Multiplexing;

namespace Mitogen.Runtime.Tests.Kit;

/// <summary>The bytes of a link in the hands of a test: what comes in, what went out and by whose thread, and what fails.</summary>
internal sealed class FakeTransport : ILinkTransport
{
    private readonly BlockingCollection<byte[]> _incoming = [];
    private readonly CancellationTokenSource _aborted = new();
    private byte[] _rest = [];

    public delegate int Reading(Span<byte> buffer);

    /// <summary>Reads in the place of what <see cref="Feed"/> brings.</summary>
    public Reading? OnRead { get; init; }

    /// <summary>Runs before each write, one that was tried included.</summary>
    public Action? OnWrite { get; init; }

    public Action? OnAbort { get; init; }

    /// <summary>How many more bytes are taken without blocking.</summary>
    public int Fits { get; set; } = int.MaxValue;

    /// <summary>All that was written, and the name of the thread that wrote it.</summary>
    public ConcurrentQueue<(byte[] Bytes, string? Thread)> Written { get; } = new();

    public bool IsWritingClosed { get; private set; }

    public bool IsDisposed { get; private set; }

    /// <summary>Bytes that come; none are the end of them.</summary>
    public void Feed(params byte[] bytes) => _incoming.Add(bytes);

    public int Read(Span<byte> buffer)
    {
        if (OnRead is not null)
        {
            return OnRead(buffer);
        }

        try
        {
            _rest = _rest.Length > 0 ? _rest : _incoming.Take(_aborted.Token);
        }
        catch (OperationCanceledException)
        {
            return 0;
        }

        int count = Math.Min(buffer.Length, _rest.Length);
        _rest.AsSpan(0, count).CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        OnWrite?.Invoke();
        Note(bytes);
    }

    public int TryWrite(ReadOnlySpan<byte> bytes)
    {
        int count = Math.Min(Fits, bytes.Length);
        if (count > 0)
        {
            OnWrite?.Invoke();
            Fits -= Fits == int.MaxValue ? 0 : count;
            Note(bytes[..count]);
        }

        return count;
    }

    public void CloseWriting() => IsWritingClosed = true;

    public void Abort()
    {
        _aborted.Cancel();
        OnAbort?.Invoke();
    }

    public void Dispose() => IsDisposed = true;

    private void Note(ReadOnlySpan<byte> bytes) => Written.Enqueue((bytes.ToArray(), Thread.CurrentThread.Name));
}
