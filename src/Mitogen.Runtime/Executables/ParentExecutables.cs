namespace Mitogen.Executables;

/// <summary>
/// The executables that this context has from its parent, which asks its own. Each crosses the link once, however many starts and children
/// want it, and is kept as long as this context lives: one for each platform, packed. That there is none is kept too; a failure is not.
/// Safe for use by several threads at once.
/// </summary>
/// <param name="ask">Asks the parent for the part of the executable of a runtime identifier that begins at an offset.</param>
/// <param name="maxSize">How many bytes of one executable are taken.</param>
internal sealed class ParentExecutables(Func<string, int, CancellationToken, Task<ExecutablePart>> ask, int maxSize)
{
    // How many parts are on their way at once: on a long way, one after the other would leave the link idle. On a slow one that others share,
    // they all come late, and each tells those who wait that there is progress.
    private const int PartsAtOnce = 4;

    private readonly Lock _lock = new();

    // Under _lock: those under way, and those that were answered.
    private readonly Dictionary<string, Request> _requests = [];

    /// <summary>The parent's executable for a platform, or why there is none, the same each time.</summary>
    /// <param name="rid">That of a <see cref="Platform"/>.</param>
    /// <param name="onPart">Called for each part that comes meanwhile.</param>
    /// <param name="cancellationToken">Leaves the others that wait for it alone; when the last one goes, the request ends.</param>
    /// <exception cref="InvalidDataException">The bytes that came are not those announced, or are more than allowed.</exception>
    internal async Task<FoundExecutable> FindAsync(string rid, Action? onPart, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Request request = Join(rid, onPart);
        try
        {
            return await request.Answer.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await LeaveAsync(rid, request, onPart).ConfigureAwait(false);
        }
    }

    private Request Join(string rid, Action? onPart)
    {
        lock (_lock)
        {
            if (!_requests.TryGetValue(rid, out Request? request))
            {
                request = new Request();
                request.Answer = Task.Run(() => AnswerAsync(rid, request));
                _requests.Add(rid, request);
            }

            request.Waiting++;
            request.OnPart += onPart;
            return request;
        }
    }

    private async Task LeaveAsync(string rid, Request request, Action? onPart)
    {
        lock (_lock)
        {
            request.OnPart -= onPart;
            if (--request.Waiting > 0 || request.Answer.IsCompleted)
            {
                return;
            }

            Forget(rid, request);
        }

        await request.GivenUp.CancelAsync().ConfigureAwait(false);
    }

    private async Task<FoundExecutable> AnswerAsync(string rid, Request request)
    {
        try
        {
            return await ReceiveAsync(rid, () => TellOfPart(request), request.GivenUp.Token).ConfigureAwait(false);
        }
        catch
        {
            // Before anyone hears of it: who asks again because of it asks anew.
            lock (_lock)
            {
                Forget(rid, request);
            }

            await request.GivenUp.CancelAsync().ConfigureAwait(false); // the other parts
            throw;
        }
    }

    private async Task<FoundExecutable> ReceiveAsync(string rid, Action onPart, CancellationToken cancellationToken)
    {
        ExecutablePart part = await ask(rid, 0, cancellationToken).ConfigureAwait(false);
        if (part.Missing is { } why)
        {
            return new FoundExecutable(null, why);
        }

        (byte[] bytes, long size, int most) = (new byte[Checked(part)], part.Size, part.Bytes.Length);
        Queue<Task<ExecutablePart>> coming = [];
        int asked = Put(part, bytes, 0, most);
        for (int count = asked; count < bytes.Length; count += Put(part, bytes, count, most))
        {
            for (; asked < bytes.Length && coming.Count < PartsAtOnce; asked += Math.Min(most, bytes.Length - asked))
            {
                coming.Enqueue(ask(rid, asked, cancellationToken));
            }

            part = await coming.Dequeue().ConfigureAwait(false);
            onPart();
        }

        return new FoundExecutable(new ReceivedExecutable(rid, new Packed(bytes, size, IsCompressed: true)), "");
    }

    private void TellOfPart(Request request)
    {
        Action? onPart;
        lock (_lock)
        {
            onPart = request.OnPart;
        }

        onPart?.Invoke();
    }

    // All parts but the last have the first one's length, so that several can be asked for at once.
    private static int Put(ExecutablePart part, byte[] bytes, int offset, int most)
    {
        int count = Math.Min(most, bytes.Length - offset);
        if (count == 0 || part.Bytes.Length != count)
        {
            throw new InvalidDataException($"The parent sent {part.Bytes.Length} bytes from {offset} on, of {bytes.Length}.");
        }

        part.Bytes.CopyTo(bytes, offset);
        return count;
    }

    private int Checked(ExecutablePart part) =>
        part.Length <= 0 || part.Size <= 0 || part.Size > Array.MaxLength
            ? throw new InvalidDataException($"The parent announces {part.Length} bytes for {part.Size}.")
        : part.Length > maxSize
            ? throw new InvalidDataException($"It has {part.Length} bytes; MitogenOptions.MaxExecutableSize allows {maxSize}.")
        : part.Length;

    // Under _lock: another one may have taken its place since.
    private void Forget(string rid, Request request)
    {
        if (_requests.GetValueOrDefault(rid) == request)
        {
            _ = _requests.Remove(rid);
        }
    }

    private sealed class Request
    {
        // Never disposed: it has no timer, and the last one to leave may come after the answer.
        internal CancellationTokenSource GivenUp { get; } = new();

        internal Task<FoundExecutable> Answer { get; set; } = null!;

        // Under the lock of the executables.
        internal int Waiting { get; set; }

        // Likewise.
        internal Action? OnPart { get; set; }
    }
}
