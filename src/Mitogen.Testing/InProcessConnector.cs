using System.Collections.Concurrent;
using Mitogen.Calls;
using Mitogen.Connections;
using Mitogen.Contexts;
using Mitogen.Executables;
using Mitogen.Hosting;
using Mitogen.Import;
using Mitogen.Links;
using Mitogen.Logging;
using Mitogen.Routing;

namespace Mitogen.Testing;

/// <summary>Starts contexts in this process, joined by memory.</summary>
internal sealed class InProcessConnector(MemoryPump pump) : IConnector
{
    private readonly ConcurrentDictionary<Type, Func<Connection, FakeContext>> _answers = new();

    /// <summary>Contexts of this process have all its code.</summary>
    public NativeExecutables? Executables => null;

    public void Answer(Type connection, Func<Connection, FakeContext> answer) => _answers[connection] = answer;

    public async Task<ChildContext> StartAsync(ContextStart start, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();

        // The answer is the test's code: never on a link's thread, and a start that is given up does not wait for it.
        FakeContext fake = await Task.Run(() => _answers.TryGetValue(start.Connection.GetType(), out Func<Connection, FakeContext>? answer)
            ? answer(start.Connection)
            : new FakeContext(), cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (fake.Failure is FakeContext.FakeFailure failure)
        {
            throw start.Failure(new LaunchProblem(failure.Reason, failure.Message));
        }

        ContextNode inner = CreateNode(start.Node, start.Handle, start.Id);
        foreach ((Type contract, object service) in fake.Services)
        {
            inner.Services.AddFake(contract, service);
        }

        InProcessChild child = new(start, inner);
        child.Join(pump);
        inner.Hub.Served.Start();
        return child;
    }

    private ContextNode CreateNode(ContextNode parent, ContextHandle handle, uint id)
    {
        ILogOutput output = parent.Options.Output;
        Ancestor[] ancestors = [.. parent.Options.Ancestors, new Ancestor(parent.Options.Id, parent.Options.Name)];
        return new ContextNode(new NodeOptions
        {
            Id = id,
            Name = handle.Name,
            Ancestors = ancestors,
            Catalog = parent.Catalog,
            Kernel = parent.Hub.Options,
            Loggers = new ForwardingLoggers(new LogSource(handle.Path, [.. ancestors.Skip(1).Select(a => a.Id), id]), output),
            Info = ContextProcess.DescribeSelf(),
            Connector = this,
            Output = output,
        });
    }

    /// <summary>A context of this process, seen from the one that started it.</summary>
    private sealed class InProcessChild(ContextStart start, ContextNode inner)
        : ChildContext(start.Id, start.Handle, start.Connection.GracePeriod)
    {
        private readonly ContextNode _parent = start.Node;
        private readonly Link _up = new(LinkRole.Parent, start.Node.Options.Id, start.Node.Path);
        private readonly Lock _endLock = new();
        private Task? _end;

        public override Link Link { get; } = new(LinkRole.Child, start.Id, start.Handle.Path);

        public override ContextInfo Info => inner.Self.Info;

        public override IAssemblyProvider? Assemblies => null;

        public void Join(MemoryPump pump)
        {
            _ = new MemoryLink(pump, _parent.Hub, Link, inner.Hub, _up, OnViolation);
            _ = new MemoryLink(pump, inner.Hub, _up, _parent.Hub, Link, OnViolation);
            using (HubLock locked = inner.Hub.Enter())
            {
                locked.Kernel.AddLink(_up);
            }

            inner.EndWhole = () => _parent.EndChildAsync(this, isItsWish: true);
            _parent.AddChild(this);
        }

        public override Task EndAsync()
        {
            lock (_endLock)
            {
                return _end ??= EndCoreAsync();
            }
        }

        private async Task EndCoreAsync()
        {
            DisconnectReason reason = new(DisconnectKind.Disposed, "It was disposed.");
            inner.Hub.Served.Stop();
            await inner.EndSelfAsync(reason, Grace).ConfigureAwait(false);
            using (HubLock locked = inner.Hub.Enter())
            {
                locked.Kernel.LinkLost(_up, reason);
            }
        }

        private void OnViolation(Exception error)
        {
            _parent.LoseChild(this, new DisconnectReason(DisconnectKind.ProtocolBroken, error.Message));

            // It runs the services' own code: not on the thread that moves the bytes.
            _ = Task.Run(EndAsync);
        }
    }
}
