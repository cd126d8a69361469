using System.Globalization;
using Mitogen.Connections;

namespace Mitogen.Starting.Tools;

/// <summary>OpenSSH's client. Its messages are not translated, so they are told apart by their words.</summary>
internal sealed class SshTool(SshConnection connection) : Tool
{
    /// <exception cref="ArgumentException">It names no host.</exception>
    public static SshTool For(SshConnection connection) =>
        connection.Host.Length > 0 ? new SshTool(connection) : throw new ArgumentException("A connection by ssh names a host.");

    // Of its options, those that a connection asks for itself are kept.
    private static readonly string[] s_forwards = ["LocalForward", "RemoteForward", "DynamicForward"];

    public override string File => connection.SshPath;

    public override string Remedy => "Install OpenSSH's client, name it in SshConnection.SshPath, or use the package Mitogen.Ssh, which needs none.";

    public override bool IsNear => false;

    // ssh asks on its terminal or not at all.
    public override bool NeedsTerminal => connection.Password is not null || connection.Passphrase is not null;

    // Set before the start.
    private bool _hasSessionOptions;
    private SshRoute? _route;

    // No dialog on anybody's desktop: what is not answered at the terminal ends the start.
    public override IReadOnlyDictionary<string, string?> Environment { get; } =
        new Dictionary<string, string?>(StringComparer.Ordinal) { ["SSH_ASKPASS_REQUIRE"] = "never" };

    public override IReadOnlyList<string> Arguments(string script) => [.. Choices(), "--", connection.Host, StageScripts.InAnyShell(script)];

    private List<string> Choices()
    {
        List<string> arguments = ["-T", "-e", "none"];
        if (connection.ConfigFile is { } config)
        {
            arguments.AddRange(["-F", config]);
        }

        if (connection.User is { } user)
        {
            arguments.AddRange(["-l", user]);
        }

        if (connection.Port is { } port)
        {
            arguments.AddRange(["-p", port.ToString(CultureInfo.InvariantCulture)]);
        }

        if (connection.IdentityFile is { } identity)
        {
            arguments.AddRange(["-i", identity, "-o", "IdentitiesOnly=yes"]);
        }

        if (connection.Compression)
        {
            arguments.Add("-C");
        }

        foreach (string option in Independence().Concat(Options()))
        {
            arguments.AddRange(["-o", option]);
        }

        // The user's own come last: of a -o given twice, ssh takes the first.
        arguments.AddRange(connection.Options);
        return arguments;
    }

    public override Reply? Reply(Asked asked) => new SshQuestions(connection, _route ?? SshRoute.Assumed(connection), Unanswerable).Reply(asked);

    // With keys that nobody keeps, ssh warns of each that it adds to a file that is none.
    public override string? Show(string line) =>
        SshWords.IsChatter(line) || (connection.HostKeyPolicy == HostKeyPolicy.Ignore && Words.Has(line, "Warning: Permanently added * to the list of known hosts."))
            ? null : line;

    public override bool IsOfTry(string line) => SshWords.IsOfDrop(line);

    public override DisconnectReason Tell(CarrierEnd end) => SshWords.Tell(end, File);

    public override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        _hasSessionOptions = await SshProgram.HasSessionOptionsAsync(File, cancellationToken).ConfigureAwait(false);
        if (NeedsTerminal)
        {
            SshRoute route = await RouteAsync(cancellationToken).ConfigureAwait(false);
            SshHops hops = new(File, ConfigFile(), connection.Host);
            _route = route with { IsShared = await hops.HaveNameOfAsync(route, cancellationToken).ConfigureAwait(false) };
        }
    }

    public override LaunchProblem? Explain(LaunchEnd end) => new SshWords(connection, _route).Explain(end);

    public override async Task<LaunchProblem?> ExplainAsync(LaunchEnd end, CancellationToken cancellationToken)
    {
        // Who was on the way is asked for only where somebody has to be named.
        _route ??= end.Lines.Count > 0 ? await RouteAsync(cancellationToken).ConfigureAwait(false) : null;
        return Explain(end);
    }

    private async Task<SshRoute> RouteAsync(CancellationToken cancellationToken) =>
        await SshProgram.ConfigurationAsync(File, ["-G", .. Choices(), "--", connection.Host], cancellationToken).ConfigureAwait(false) is { } configuration
            ? SshRoute.Parse(configuration, connection)
            : SshRoute.Assumed(connection);

    // Of several, ssh takes the last one.
    private string[] ConfigFile() => Choices() is var all && all.LastIndexOf("-F") is >= 0 and var at && at + 1 < all.Count ? ["-F", all[at + 1]]
        : all.LastOrDefault(word => word.StartsWith("-F", StringComparison.Ordinal)) is { } joined ? [joined]
        : [];

    private static bool IsForward(string argument) =>
        argument is ['-', 'L' or 'R' or 'D', ..]
        || s_forwards.Any(option => argument.Contains(option, StringComparison.OrdinalIgnoreCase));

    private IEnumerable<string> Independence()
    {
        // One connection of its own for each context: another program's master could end it, and would hide why it failed.
        yield return "ControlMaster=no";
        yield return "ControlPath=none";
        yield return "RemoteCommand=none";

        // Forwards of the configuration are for one login: a second one with the same fails, or takes them away from a login by hand. A local
        // command would read from the link.
        yield return "PermitLocalCommand=no";
        if (!connection.Options.Any(IsForward))
        {
            yield return "ClearAllForwardings=yes";
        }
    }

    private IEnumerable<string> Options()
    {
        // Options that the configuration may have for logins by hand, and that would leave a start without its input, its command or the
        // reason of its failure. At this level ssh tells when it is ended itself; the lines that it adds to each login are not shown.
        yield return "LogLevel=VERBOSE";
        if (_hasSessionOptions)
        {
            yield return "StdinNull=no";
            yield return "SessionType=default";
            yield return "ForkAfterAuthentication=no";
        }

        yield return $"ConnectTimeout={Math.Ceiling(connection.ConnectTimeout.TotalSeconds).ToString(CultureInfo.InvariantCulture)}";
        yield return "StrictHostKeyChecking=" + connection.HostKeyPolicy switch
        {
            HostKeyPolicy.Enforce => "yes",
            HostKeyPolicy.AcceptNew => "accept-new",
            _ => "no",
        };
        if (connection.HostKeyPolicy == HostKeyPolicy.Ignore)
        {
            yield return "GlobalKnownHostsFile=/dev/null";
            yield return "UserKnownHostsFile=/dev/null";
        }
        else if (connection.KnownHostsFile is { } file)
        {
            yield return $"UserKnownHostsFile={file}";
        }

        if (connection.KeepAlive is { } interval)
        {
            yield return $"ServerAliveInterval={Math.Ceiling(interval.TotalSeconds).ToString(CultureInfo.InvariantCulture)}";
        }

        if (!NeedsTerminal)
        {
            yield return "BatchMode=yes";
            yield break;
        }

        yield return "BatchMode=no";

        // Each secret is given once: a second try would only repeat it. A server asks for nothing where there is no password to give; nor
        // where its questions could not be told from those for a key's passphrase, which old versions do not.
        yield return "NumberOfPasswordPrompts=1";
        if (connection.Password is null)
        {
            yield return "PasswordAuthentication=no";
        }

        if (connection.Password is null || (connection.Passphrase is not null && _route is { NamesAsker: false }))
        {
            yield return "KbdInteractiveAuthentication=no";
        }
    }
}
