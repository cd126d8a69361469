namespace Mitogen.Testing;

/// <summary>The answer to a connection in a test: plain objects that stand for a context's services.</summary>
public sealed class FakeContext
{
    internal Dictionary<Type, object> Services { get; } = [];

    internal Exception? Failure { get; private set; }

    /// <summary>Serves a contract with an object. Contracts without one are served by the catalog's own service.</summary>
    /// <typeparam name="T">The contract.</typeparam>
    /// <param name="service">The object; the test owns it.</param>
    /// <returns>This fake.</returns>
    public FakeContext Add<[ContractType] T>(T service)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(service);
        Services[typeof(T)] = service;
        return this;
    }

    /// <summary>A context that does not come up.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="message">One sentence for people.</param>
    /// <returns>The fake.</returns>
    public static FakeContext Failing(BootstrapReason reason, string message) => new() { Failure = new FakeFailure(reason, message) };

    internal sealed class FakeFailure(BootstrapReason reason, string message) : Exception(message)
    {
        public BootstrapReason Reason { get; } = reason;
    }
}
