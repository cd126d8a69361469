using Mitogen.CompilerServices;

namespace Mitogen.Hosting;

/// <summary>Where the calls of a proxy go that outlives the runs of its context: each call goes to the service of the present run.</summary>
internal sealed class FollowingTarget<T>(NamedContext context, CallOptions? options) : CallTarget
    where T : class
{
    // That of the run that was called last.
    private volatile Followed? _followed;

    public override OutgoingCall<TResult> Begin<TResult>(RemoteMethod method, ResultReader<TResult>? reader) => Present().Begin(method, reader);

    public override string ToString() => $"{typeof(T).Name} at {context.Name}";

    private CallTarget Present()
    {
        IRemoteContext present = context.Present();
        Followed? followed = _followed;
        if (followed?.Context != present)
        {
            T proxy = options is null ? present.Get<T>() : present.Get<T>(options);
            _followed = followed = new Followed(present, RemoteProxy.TargetOf(proxy) ?? throw new InvalidOperationException(
                $"The root gives a {proxy.GetType()} for {typeof(T)}, which is no proxy. For tests without processes there is InProcessRoot."));
        }

        return followed.Target;
    }

    private sealed record Followed(IRemoteContext Context, CallTarget Target);
}
