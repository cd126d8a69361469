namespace Mitogen.Generators.Model;

/// <summary>One <c>[RemoteStartup]</c> class.</summary>
/// <param name="Name">How source names it, with <c>global::</c>.</param>
/// <param name="DisplayName">Its full name for people, under which it is registered.</param>
internal sealed record StartupModel(string Name, string DisplayName);
