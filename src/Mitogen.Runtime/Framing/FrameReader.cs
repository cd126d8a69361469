namespace Mitogen.Framing;

/// <summary>Cuts a byte stream into frames, however the bytes are split. A frame that is whole in the input is not copied.</summary>
internal sealed class FrameReader
{
    private byte[] _partial = new byte[512];
    private int _count;

    /// <summary>Takes one frame off the input, or keeps what there is of it for the next call.</summary>
    /// <param name="input">The bytes; moved on by what was taken.</param>
    /// <param name="header">The frame's header.</param>
    /// <param name="body">The frame's body, valid until the next call and as long as the input is.</param>
    /// <returns>Whether there was a whole frame.</returns>
    /// <exception cref="ProtocolBrokenException">The bytes that came are not a frame. The reader is not usable any more.</exception>
    public bool TryRead(ref ReadOnlySpan<byte> input, out FrameHeader header, out ReadOnlySpan<byte> body)
    {
        if (_count == 0 && input.Length >= FrameHeader.Size)
        {
            header = FrameHeader.Read(input);
            int whole = FrameHeader.Size + header.Length;
            if (input.Length >= whole)
            {
                body = input.Slice(FrameHeader.Size, header.Length);
                input = input[whole..];
                return true;
            }
        }

        header = default;
        body = default;
        if (!FillTo(FrameHeader.Size, ref input))
        {
            return false;
        }

        header = FrameHeader.Read(_partial);
        if (!FillTo(FrameHeader.Size + header.Length, ref input))
        {
            return false;
        }

        body = _partial.AsSpan(FrameHeader.Size, header.Length);
        _count = 0;
        return true;
    }

    private bool FillTo(int wanted, ref ReadOnlySpan<byte> input)
    {
        if (wanted > _partial.Length)
        {
            Array.Resize(ref _partial, FrameHeader.Size + FrameHeader.MaxBody);
        }

        int taken = Math.Min(wanted - _count, input.Length);
        if (taken > 0)
        {
            input[..taken].CopyTo(_partial.AsSpan(_count));
            input = input[taken..];
            _count += taken;
        }

        return _count >= wanted;
    }
}
