using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>A method's answer that is a stream of bytes: sent as they come, in parts of up to 64 KiB.</summary>
internal static class ByteSending
{
    private const int BytesAtOnce = (64 * 1024) - AnswerHeader.Size;

    /// <summary>Sends the bytes and ends the call, whatever happens: nobody has to wait for it.</summary>
    public static async Task SendAsync(DispatchedCall call, Stream source)
    {
#pragma warning disable CA1031 // whatever it is, it is the call's outcome
        try
        {
            AnswerParts parts = call.Parts();
            CancellationToken token = call.CancellationToken;
            while (true)
            {
                CallBuffer part = parts.NewPart(BytesAtOnce);
                int count = await source.ReadAsync(part.GetMemory(BytesAtOnce)[..BytesAtOnce], token).Guarded();
                if (count == 0)
                {
                    break;
                }

                if ((uint)count > BytesAtOnce)
                {
                    throw new InvalidOperationException($"A {source.GetType()} says that it read {count} bytes into a buffer of {BytesAtOnce}.");
                }

                part.Advance(count);
                await parts.SendAsync(part, AnswerKind.Bytes).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            call.Fail(e);
            return;
        }
#pragma warning restore CA1031

        call.Return();
    }
}
