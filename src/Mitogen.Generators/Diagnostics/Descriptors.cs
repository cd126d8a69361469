using System.Reflection;
using Microsoft.CodeAnalysis;

namespace Mitogen.Generators.Diagnostics;

/// <summary>Everything that the generator and the analyzers beside it report. Each id has a page in <c>docs/diagnostics</c>.</summary>
/// <remarks>
/// Ids group by what they are about: contracts from 1, services from 20, startup classes from 30, shapes of a call from 40, what is
/// sent from 50, programs from 60, what was found later of all of these from 61, generated code from 70. An id that is gone is not used
/// again: MITO007 was one.
/// </remarks>
internal static class Descriptors
{
    // Before the descriptors, which are made in the order of this text. Its one source is src/Directory.Build.props.
    private static readonly string s_repository = typeof(Descriptors).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(static metadata => metadata.Key == "RepositoryUrl").Value;

    public static readonly DiagnosticDescriptor GenericContract = Error(
        1, "A contract cannot be generic",
        "The contract '{0}' has type parameters, or is nested in a type that has: declare one contract for each type " +
        "that it is used with");

    public static readonly DiagnosticDescriptor HiddenContract = Error(
        2, "A contract must be visible to generated code",
        "The contract '{0}' cannot be implemented by generated code, because {1}: make it public or internal");

    public static readonly DiagnosticDescriptor Property = Error(
        3, "A contract's property can only be read",
        "'{0}' is an indexer, or a property that can be set: declare a method, or a property with a getter alone");

    public static readonly DiagnosticDescriptor Event = Error(
        4, "A contract cannot have events",
        "'{0}' is an event, which cannot cross contexts: declare a method that returns what has happened since the last call");

    public static readonly DiagnosticDescriptor GenericMethod = Error(
        5, "A contract's method cannot be generic",
        "'{0}' has type parameters: declare one method for each type that it is called with");

    public static readonly DiagnosticDescriptor ByReference = Error(
        6, "Nothing is passed by reference between contexts",
        "{0} is passed by reference: {1}");

    public static readonly DiagnosticDescriptor DelegateType = Error(
        8, "A delegate cannot cross contexts",
        "{0} is a delegate, which cannot cross contexts: declare a [Remote] interface with a method to call back, " +
        "or an IProgress<T> parameter for reports");

    public static readonly DiagnosticDescriptor StaticMember = Error(
        9, "A contract cannot have static abstract members",
        "'{0}' is static, and a proxy stands for an object: declare it without 'static'");

    public static readonly DiagnosticDescriptor DefaultImplementation = Error(
        10, "A contract's method cannot have a body",
        "'{0}' has a body, so it is not clear in which context it would run: declare it without one, or make it an extension method");

    public static readonly DiagnosticDescriptor UnusableType = Error(
        11, "A type cannot cross contexts",
        "{0} is {1}, which cannot cross contexts: {2}");

    public static readonly DiagnosticDescriptor UnsendableData = Error(
        12, "A type cannot be sent",
        "{0} cannot be sent, because of {1}: {2}");

    public static readonly DiagnosticDescriptor OneWayResult = Error(
        13, "A one-way method has no result",
        "'{0}' is [OneWay] and returns a result, which would never arrive: return void, Task or ValueTask");

    public static readonly DiagnosticDescriptor SecondToken = Error(
        14, "A method has one cancellation token",
        "'{0}' is a second CancellationToken, and a call has one: link the tokens before the call");

    public static readonly DiagnosticDescriptor DisposableContract = Error(
        15, "A contract is disposed asynchronously",
        "The contract '{0}' inherits 'IDisposable', and letting go of an object in another context takes a message: inherit " +
        "'IAsyncDisposable'");

    public static readonly DiagnosticDescriptor DuplicateMethod = Error(
        16, "Two methods have one identity",
        "'{0}' and '{1}' have the same id: rename one of them");

    public static readonly DiagnosticDescriptor DuplicateContract = Error(
        17, "Two contracts have one identity",
        "The contracts '{0}' and '{1}' have the same id: rename one of them, or move it to another namespace");

    public static readonly DiagnosticDescriptor HiddenMember = Error(
        18, "A contract's members must be public",
        "'{0}' is not public, so a dispatcher cannot call it: take the modifier away");

    public static readonly DiagnosticDescriptor OneWayOutsideContract = Error(
        19, "[OneWay] belongs on a contract's method",
        "'{0}' is not declared in an interface, so [OneWay] has no effect on its callers: mark the contract's method");

    public static readonly DiagnosticDescriptor ServiceWithoutContract = Error(
        20, "A service must implement a contract",
        "'{0}' is a [RemoteService], but implements no [Remote] interface");

    public static readonly DiagnosticDescriptor ServiceNotCreatable = Error(
        21, "A service must be a class that can be created",
        "The service '{0}' cannot be created, because it {1}");

    public static readonly DiagnosticDescriptor HiddenService = Error(
        22, "A service must be visible to generated code",
        "The service '{0}' cannot be created by generated code, because {1}: make it public or internal");

    public static readonly DiagnosticDescriptor ServiceConstructor = Error(
        23, "A service must have one usable constructor",
        "The service '{0}' has {1} constructors that generated code could call: leave exactly one public or, where none is, internal");

    public static readonly DiagnosticDescriptor DuplicateService = Error(
        24, "Two services implement one contract",
        "'{0}' and '{1}' both implement the contract '{2}', and a context has one service for a contract: {3}");

    public static readonly DiagnosticDescriptor ServiceParameter = Error(
        25, "A service's constructor parameter cannot be supplied",
        "'{0}' cannot be supplied, because it {1}");

    public static readonly DiagnosticDescriptor ContractNotGenerated = Error(
        26, "A contract's assembly has no generated code",
        "The contract '{0}' of assembly '{1}' has no generated code: build that project with the source generator of Mitogen");

    public static readonly DiagnosticDescriptor StartupClass = Error(
        30, "A startup class must be a visible static class",
        "The startup class '{0}' cannot be used, because it {1}");

    public static readonly DiagnosticDescriptor StartupMethod = Error(
        31, "A startup class must have a Configure method",
        "The startup class '{0}' needs exactly one 'public static void Configure(IServiceCollection services)', also internal");

    public static readonly DiagnosticDescriptor BlockingReference = Error(
        40, "A blocking method's result is data",
        "'{0}' blocks its caller, and its result holds {1}, which is {2}: return {3}");

    public static readonly DiagnosticDescriptor Promise = Error(
        41, "A promised object is there at once",
        "'{0}' gives a promise of its object at once, {1}: declare a method that returns {2}");

    public static readonly DiagnosticDescriptor UnheardProgress = Error(
        42, "Progress is reported to a caller that waits",
        "'{0}' is reported to while a caller waits, and the caller of {1} does not: {2}");

    public static readonly DiagnosticDescriptor StreamWithoutToken = Warning(
        43, "A stream of items has a cancellation token",
        "'{0}' returns a stream of items and has no CancellationToken, so that a producer that waits does not learn that its " +
        "consumer has stopped: add one");

    public static readonly DiagnosticDescriptor EnumeratorCancellation = Warning(
        44, "A stream's token is that of its enumeration",
        "'{0}' is not marked [EnumeratorCancellation], so that a token given to WithCancellation does not reach '{1}': mark it");

    public static readonly DiagnosticDescriptor BlockingCall = Warning(
        45, "Asynchronous code does not block",
        "'{0}' blocks a thread of asynchronous code until the other context answers: {1}");

    public static readonly DiagnosticDescriptor UncheckedData = Warning(
        50, "A type cannot be checked when it is read",
        "{0} can be sent, but bytes from a less trusted context cannot be checked before they are read, because of {1}: {2}");

    public static readonly DiagnosticDescriptor BeforeRun = Warning(
        60, "An entry point goes straight to RunAsync",
        "What stands before 'MitogenApp.RunAsync' in an entry point runs in every context of a native program too: move it into the body");

    public static readonly DiagnosticDescriptor LostState = Error(
        61, "State of a type would be lost",
        "{0} would arrive as less than it is, because of {1}: {2}");

    public static readonly DiagnosticDescriptor GeneratorFailure = Error(
        62, "The generator failed",
        "The generator failed at '{0}', which has no generated code now; the fault is in Mitogen, and another declaration may avoid it. It threw {1}");

    public static readonly DiagnosticDescriptor NotAContract = Error(
        63, "What a context is asked for is a contract",
        "'{0}' is not a contract, and '{1}' takes no other type: {2}");

    public static readonly DiagnosticDescriptor UnservedContract = Warning(
        64, "A contract that a context is asked for has a service",
        "Nothing in this program serves '{0}', so that every call on it fails: mark a class that implements it [RemoteService], or reference the " +
        "project that has one; what is passed as an argument or a result needs no 'Get'",
        WellKnownDiagnosticTags.CompilationEnd);

    public static readonly DiagnosticDescriptor UnseenGenerated = Error(
        65, "Generators do not see each other's code",
        "'{0}' has no generated code, because it names what another generator prints: declare that in source, or in another project",
        WellKnownDiagnosticTags.CompilationEnd);

    public static readonly DiagnosticDescriptor Forbidden = Error(
        70, "Generated code uses nothing that is obsolete as an error",
        "'{0}' is marked [Obsolete] as an error, so that generated code cannot use it either: let it be a warning, or take it out of " +
        "what Mitogen uses");

    public static readonly DiagnosticDescriptor LanguageVersion = Error(
        71, "Generated code needs a newer version of C#",
        "Generated code needs C# {0}, and the project is compiled as C# {1}: set <LangVersion>{0}</LangVersion> or a newer one, or take " +
        "the property away");

    public static readonly DiagnosticDescriptor UngeneratedPackable = Error(
        72, "A [MemoryPackable] type needs the generator of MemoryPack",
        "'{0}' is marked [MemoryPackable], and nothing was generated for it: add the package 'MemoryPack' and mend what its generator " +
        "reports, or take the mark away to send it as a plain type");

    /// <summary>All of them, in the order of their ids.</summary>
    public static IEnumerable<DiagnosticDescriptor> All =>
        typeof(Descriptors).GetFields()
            .Select(static f => (DiagnosticDescriptor)f.GetValue(null))
            .OrderBy(static d => d.Id, StringComparer.Ordinal);

    private static DiagnosticDescriptor Error(int number, string title, string message, params string[] tags) =>
        Create(number, title, message, DiagnosticSeverity.Error, tags);

    private static DiagnosticDescriptor Warning(int number, string title, string message, params string[] tags) =>
        Create(number, title, message, DiagnosticSeverity.Warning, tags);

    private static DiagnosticDescriptor Create(int number, string title, string message, DiagnosticSeverity severity, params string[] tags)
    {
        string id = $"MITO{number:000}";
        return new(
            id,
            title,
            message,
            "Mitogen",
            severity,
            isEnabledByDefault: true,
            helpLinkUri: $"{s_repository}/blob/main/docs/diagnostics/{id}.md",
            customTags: tags);
    }
}
