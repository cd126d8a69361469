using MemoryPack;
using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>
/// A progress parameter as the callee has it. A report is written at once and sent in order; where the caller does not keep up, the
/// reporting thread waits. A report after the end of the call is dropped.
/// </summary>
internal sealed class ProgressSender<T>(AnswerParts answer, byte number, ResultWriter<T> write) : IProgress<T>
{
    public void Report(T value)
    {
        CallBuffer part = answer.NewPart();
        MemoryPackWriter<CallBuffer> writer = new(ref part, MemoryPackWriterOptionalStatePool.Rent(null));
        write(ref writer, value);
        Messages.End(ref writer);
        try
        {
            Task room = answer.SendAsync(part, AnswerKind.Report, number);
            room.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            // The call is over, or given up: its own token says so, a report has no way to.
        }
    }
}
