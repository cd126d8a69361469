using Mitogen.Calls;
using Mitogen.CompilerServices;
using Mitogen.Contexts;
using Mitogen.TestContracts.Shapes;
using Mitogen.Testing;

namespace Mitogen.Runtime.Tests.Calls;

/// <summary>An object can be called by the context that it was given to, by the id that it has there, and by no other.</summary>
public sealed class ObjectTrustTests : CallTest
{
    [Fact]
    public async Task An_id_is_worth_nothing_to_another_context_or_by_another_contract()
    {
        InProcessRoot root = NewRoot();
        root.OnConnect<LocalConnection>(_ => new FakeContext());
        IRemoteContext a = await root.ConnectAsync(new LocalConnection { Name = "a" }, Cancellation);
        IRemoteContext b = await root.ConnectAsync(new LocalConnection { Name = "b" }, Cancellation);
        await a.Get<IObjects>().KeepAsync(new Listener());
        Assert.Equal("yes", await a.Get<IObjects>().AskKeptAsync("mine?"));

        ContextNode inA = await ChildNodes.OfAsync(a);
        ContextNode inB = await ChildNodes.OfAsync(b);
        RemoteContract<IListener> listener = RemoteCatalog.Default.Find<IListener>();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Forge(inB, 1, listener).AnswerAsync("theirs?"));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Forge(inA, 2, listener).AnswerAsync("never given?"));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Forge(inA, PeerObjects.PromiseBit | 1, listener).AnswerAsync("never promised?"));
        await Assert.ThrowsAsync<NotSupportedException>(
            () => Forge(inA, 1, RemoteCatalog.Default.Find<INode>(), place: 1).GetAsync().InTimeAsync());
    }

    [Fact]
    public async Task An_object_of_one_root_comes_to_nobody_when_its_caller_is_gone()
    {
        InProcessRoot root = NewRoot();
        root.OnConnect<LocalConnection>(_ => new FakeContext());
        IRemoteContext a = await root.ConnectAsync(new LocalConnection { Name = "a" }, Cancellation);
        await a.Get<IObjects>().KeepAsync(new Listener());
        using (HubLock locked = root.Node.Hub.Enter())
        {
            Assert.Equal(1, root.Node.Hub.Peers.ExportCount);
        }

        await a.DisposeAsync();
        using (HubLock locked = root.Node.Hub.Enter())
        {
            Assert.Equal(0, root.Node.Hub.Peers.ExportCount);
        }
    }

    private static T Forge<T>(ContextNode node, ulong id, RemoteContract<T> contract, int place = 0)
        where T : class
    {
        ImportedObject imported = new(node.Root, id, contract.Id);
        using (HubLock locked = node.Hub.Enter())
        {
            for (int i = 0; i < place; i++)
            {
                _ = imported.Sequence.Take(locked);
            }
        }

        return contract.CreateProxy(new ObjectCallTarget(imported, contract.Name, 0, CallEndpoint.NoOptions));
    }

    private sealed class Listener : IListener
    {
        public Task<string> AnswerAsync(string question) => Task.FromResult("yes");

        public string Answer(string question) => "yes";
    }
}
