namespace Mitogen;

/// <summary>Makes a class the implementation of every <see cref="RemoteAttribute"/> interface that it implements.</summary>
/// <remarks>
/// Each context creates one instance at the first call and disposes it when the context ends. Constructor parameters are
/// supplied by the context: <see cref="IRemoteContext"/> (the context the service runs in), an <c>ILogger&lt;T&gt;</c>, and what
/// a <see cref="RemoteStartupAttribute"/> class registered. Two services for one contract are a compile-time error.
/// </remarks>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class RemoteServiceAttribute : Attribute
{
    /// <summary>How many calls the service runs at a time. Default: any number.</summary>
    public ServiceConcurrency Concurrency { get; set; }
}
