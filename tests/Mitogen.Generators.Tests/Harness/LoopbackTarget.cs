using Mitogen.CompilerServices;

namespace Mitogen.Generators.Tests.Harness;

/// <summary>Sends calls to an object of this process, as bytes.</summary>
/// <param name="target">The object and what it is called by; a task that is yet to complete where it is promised.</param>
internal sealed class LoopbackTarget(Task<(RemoteContract Contract, object Value)> target) : CallTarget
{
    public LoopbackTarget(RemoteContract contract, object value)
        : this(Task.FromResult((contract, value)))
    {
    }

    public override OutgoingCall<T> Begin<T>(RemoteMethod method, ResultReader<T>? reader) => new LoopbackCall<T>(target, method, reader);

    internal override async ValueTask ReleaseAsync()
    {
        if ((await target).Value is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }

    internal override async ValueTask ReadyAsync(CancellationToken cancellationToken) => await target.WaitAsync(cancellationToken);
}
