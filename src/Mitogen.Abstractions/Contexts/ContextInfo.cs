namespace Mitogen;

/// <summary>A context's description of itself when it came up.</summary>
/// <param name="HostName">The machine's host name, as the context sees it.</param>
/// <param name="UserName">The account it runs as; the numeric user id where the account has no name.</param>
/// <param name="ProcessId">Its process id, in its own process namespace.</param>
/// <param name="OperatingSystem">The operating system's description.</param>
/// <param name="Architecture">The processor architecture of the process, such as <c>X64</c>.</param>
/// <param name="Runtime">The .NET runtime's description.</param>
public sealed record ContextInfo(
    string HostName, string UserName, int ProcessId, string OperatingSystem, string Architecture, string Runtime);
