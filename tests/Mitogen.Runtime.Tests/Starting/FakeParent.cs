using System.Collections.Concurrent;
using System.Threading.Channels;
using Mitogen.Executables;

namespace Mitogen.Runtime.Tests.Starting;

/// <summary>A parent that answers as the test says, part by part.</summary>
internal sealed class FakeParent
{
    private readonly Channel<Question> _asked = Channel.CreateUnbounded<Question>();
    private readonly ConcurrentDictionary<string, Question> _current = new();

    public FakeParent(int maxSize = 64 * 1024 * 1024) => Executables = new ParentExecutables(AskAsync, maxSize);

    public ParentExecutables Executables { get; }

    /// <summary>What was asked for, once for all parts of it.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    /// <summary>An executable's parts.</summary>
    public static IEnumerable<ExecutablePart> PartsOf(Packed packed)
    {
        for (int offset = 0; offset < packed.Bytes.Length; offset += 1000)
        {
            yield return ExecutablePart.Of(packed, offset, 1064);
        }
    }

    /// <summary>Waits for the next question.</summary>
    public Task<Question> NextAsync() =>
        _asked.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().InTimeAsync();

    private async Task<ExecutablePart> AskAsync(string rid, int offset, CancellationToken cancellationToken)
    {
        if (offset == 0)
        {
            _current[rid] = new Question();
            Asked.Enqueue(rid);
            await _asked.Writer.WriteAsync(_current[rid], cancellationToken);
        }

        Question question = _current[rid];
        bool hasTurn = false;
        try
        {
            // Several parts are asked for at once: who asked first has the next one.
            await question.Turn.WaitAsync(cancellationToken);
            hasTurn = true;
            return await question.Parts.Reader.WaitToReadAsync(cancellationToken) // throws what the test fails it with
                ? await question.Parts.Reader.ReadAsync(cancellationToken)
                : throw new InvalidOperationException("The test gave no further part.");
        }
        catch (OperationCanceledException)
        {
            // Not by a registration on the token: this end of the wait, which the token tells first, could take it back before it is called.
            _ = question.Cancelled.TrySetResult();
            throw;
        }
        finally
        {
            if (hasTurn)
            {
                _ = question.Turn.Release();
            }
        }
    }

    internal sealed class Question
    {
        public SemaphoreSlim Turn { get; } = new(1, 1);

        public Channel<ExecutablePart> Parts { get; } = Channel.CreateUnbounded<ExecutablePart>();

        /// <summary>Completes when nobody wants the answer any more.</summary>
        public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Answer(params IEnumerable<ExecutablePart> parts)
        {
            foreach (ExecutablePart part in parts)
            {
                Assert.True(Parts.Writer.TryWrite(part));
            }
        }

        public void Fail(Exception error) => Parts.Writer.Complete(error);
    }
}
