namespace Mitogen.Generators;

/// <summary>The metadata names by which the generator knows the library and its neighbours.</summary>
internal static class KnownNames
{
    public const string RemoteAttribute = "Mitogen.RemoteAttribute";
    public const string RemoteServiceAttribute = "Mitogen.RemoteServiceAttribute";
    public const string RemoteStartupAttribute = "Mitogen.RemoteStartupAttribute";
    public const string OneWayAttribute = "Mitogen.OneWayAttribute";
    public const string ContractTypeAttribute = "Mitogen.ContractTypeAttribute";
    public const string RemoteContext = "Mitogen.IRemoteContext";
    public const string MitogenRoot = "Mitogen.MitogenRoot";
    public const string MitogenOptions = "Mitogen.MitogenOptions";
    public const string RemoteCatalog = "Mitogen.RemoteCatalog";
    public const string MitogenApp = "Mitogen.MitogenApp";
    public const string RemoteRegistrationAttribute = "Mitogen.CompilerServices.RemoteRegistrationAttribute";

    public const string AbstractionsAssembly = "Mitogen.Abstractions";
    public const string TestingAssembly = "Mitogen.Testing";

    public const string Task = "System.Threading.Tasks.Task";
    public const string TaskOfT = "System.Threading.Tasks.Task`1";
    public const string ValueTask = "System.Threading.Tasks.ValueTask";
    public const string ValueTaskOfT = "System.Threading.Tasks.ValueTask`1";
    public const string CancellationToken = "System.Threading.CancellationToken";
    public const string Disposable = "System.IDisposable";
    public const string AsyncDisposable = "System.IAsyncDisposable";

    public const string AsyncEnumerable = "System.Collections.Generic.IAsyncEnumerable`1";
    public const string Stream = "System.IO.Stream";
    public const string PipeReader = "System.IO.Pipelines.PipeReader";
    public const string PipeWriter = "System.IO.Pipelines.PipeWriter";
    public const string Progress = "System.IProgress`1";

    public const string ObsoleteAttribute = "System.ObsoleteAttribute";
    public const string EnumeratorCancellationAttribute = "System.Runtime.CompilerServices.EnumeratorCancellationAttribute";

    public const string LoggerOfT = "Microsoft.Extensions.Logging.ILogger`1";
    public const string ServiceCollection = "Microsoft.Extensions.DependencyInjection.IServiceCollection";
    public const string FromKeyedServicesAttribute = "Microsoft.Extensions.DependencyInjection.FromKeyedServicesAttribute";
    public const string SetsRequiredMembersAttribute = "System.Diagnostics.CodeAnalysis.SetsRequiredMembersAttribute";
}
