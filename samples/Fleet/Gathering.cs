using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Mitogen;
using Mitogen.Toolkit;

namespace Fleet;

/// <summary>Visits all targets, some at once, and tells of each as it goes on.</summary>
internal sealed class Gathering(IRemoteContext root, IReadOnlyList<Target> targets, int parallel)
{
    // Bounded by the targets and the few states of each.
    private readonly Channel<Update> _updates = Channel.CreateUnbounded<Update>(new UnboundedChannelOptions { SingleReader = true });

    public async IAsyncEnumerable<Update> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Task visits = VisitAllAsync(cancellationToken);
        await foreach (Update update in _updates.Reader.ReadAllAsync(CancellationToken.None))
        {
            yield return update;
        }

        await visits;
    }

    private async Task VisitAllAsync(CancellationToken cancellationToken)
    {
        ParallelOptions options = new() { MaxDegreeOfParallelism = parallel, CancellationToken = cancellationToken };
        try
        {
            await Parallel.ForEachAsync(Enumerable.Range(0, targets.Count), options, VisitAsync);
        }
        finally
        {
            _updates.Writer.Complete();
        }
    }

    private async ValueTask VisitAsync(int index, CancellationToken cancellationToken)
    {
        void Tell(State state) => _updates.Writer.TryWrite(new Update(index, state));

        IRemoteContext last = root;
        IRemoteContext? first = null;
        Hop current = targets[index].Hops[0];
        try
        {
            foreach (Hop hop in targets[index].Hops)
            {
                current = hop;
                Tell(new Connecting(hop));
                last = await last.ConnectAsync(hop.Connection, cancellationToken);
                first ??= last;
            }

            Tell(new Asking());
            Tell(new Done(HostFacts.Of(await last.Get<ISystem>().GetFactsAsync(cancellationToken))));
        }
        catch (BootstrapException e)
        {
            Tell(new Failed($"{e.Reason}", current, e.Hop, e.Detail, e.LastLines));
        }
        catch (Exception e) when (e is not (OperationCanceledException or ContextLostException { Reason.Kind: DisconnectKind.Disposed }))
        {
            // Whatever is wrong with one of them is no reason to give up the others. Only the end of the program is: it disposes all.
            Tell(new Failed(e.GetType().Name, current, $"{last}", e.Message, []));
        }
        finally
        {
            if (first is not null)
            {
                await first.DisposeAsync(); // and with it all that was started through it
            }
        }
    }
}
