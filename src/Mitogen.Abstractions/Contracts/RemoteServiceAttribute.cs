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

    /// <summary>
    /// Whether the calls of one caller on the service start in the order in which they were made. Default: <see langword="true"/>. A method that returns a
    /// task has started when it has returned the task: one that works before that holds up the calls after it. With <see langword="false"/>, each
    /// call starts on a thread of its own from the pool, and none waits for another one.
    /// </summary>
    public bool Ordered { get; set; } = true;
}
