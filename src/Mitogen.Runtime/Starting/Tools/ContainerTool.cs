using Mitogen.Connections;
using Mitogen.Interop;

namespace Mitogen.Starting.Tools;

/// <summary>A tool that takes a command to run in a container: the ones that are told apart by their arguments alone.</summary>
/// <param name="file">The program.</param>
/// <param name="arguments">Everything before the shell and its script.</param>
/// <param name="target">The place that it reaches, for people: "container web".</param>
/// <param name="isEntryPoint">Whether the arguments name the shell already.</param>
/// <param name="isNear">Whether the container is on this machine.</param>
/// <param name="givesStreams">Whether what it starts has its own streams, and it ends as that does; else it carries the bytes.</param>
internal sealed partial class ContainerTool(
    string file, IReadOnlyList<string> arguments, string target, bool isEntryPoint = false, bool isNear = true, bool givesStreams = false) : Tool
{
    // Of lines by which these tools tell of their failures, where it is not the name of the file that is run: that may be a script around one.
    private static readonly string[] s_beginnings =
    [
        "Error: ", "error: ", "Error response from daemon: ", "Error from server", "OCI runtime ", "Unable to ", "Cannot connect to the ",
        "The connection to the server ", "permission denied while ", "Got permission denied ", "No machine ", "Failed to get machine ",
        "Could not get path to machine", "unable to find user ", "docker: ", "podman: ", "lxc-attach: ", "machinectl: ", "nsenter: ",
    ];

    public override bool IsNear => isNear;

    public override string File => file;

    public override IReadOnlyList<string> Arguments(string script) => isEntryPoint
        ? [.. arguments, "-c", script]
        : [.. arguments, "sh", "-c", script];

    public override DisconnectReason Tell(CarrierEnd end) =>
        end.WasBeforeLink || (!givesStreams && end.Exit.Signal is not null) ? end.AsTool(file)

        // A context says its last word when it is asked to end, so it is the tool that was; docker's client then ends as if all were well.
        : !givesStreams && end.Exit.Code is 0 or 128 + Libc.HangUp or 128 + Libc.Interrupt or 128 + Libc.Terminate ? end.AsTool(file)
        : !givesStreams && end.Exit.Code is > 0 and < 128 && end.Lines.LastOrDefault(IsOwn) is { } line ? CarrierEnd.AsLoss(line)
        : end.AsItsOwn();

    public override LaunchProblem? Explain(LaunchEnd end) => Words.Match(
        [.. end.Lines.Concat(end.Output).Where(IsOwn)],
        ("*context \"*\" does not exist", BootstrapReason.Refused, $"{file} knows no such context: see which there are (kubectl config get-contexts)."),
        ("sh: *not found", BootstrapReason.ToolNotFound, "machinectl is not here: install it, or name its path in the connection."),
        ("*executable file not found*", BootstrapReason.ToolNotFound, $"There is no sh in {target}."),
        ("*sh: no such file*", BootstrapReason.ToolNotFound, $"There is no sh in {target}."),
        ("*failed to execute sh*", BootstrapReason.ToolNotFound, $"There is no sh in {target}."),
        ("*Unable to find image*", BootstrapReason.NoSuchContainer, $"There is no {target}, and it could not be fetched."),
        ("*No such container*", BootstrapReason.NoSuchContainer, $"There is no {target}."),
        ("*no such object*", BootstrapReason.NoSuchContainer, $"There is no {target}."),
        ("*no container with name*", BootstrapReason.NoSuchContainer, $"There is no {target}."),
        ("*not found*", BootstrapReason.NoSuchContainer, $"There is no {target}."),
        ("*does not exist*", BootstrapReason.NoSuchContainer, $"There is no {target}."),
        ("*is not defined*", BootstrapReason.NoSuchContainer, $"There is no {target}."),
        ("*No machine*", BootstrapReason.NoSuchContainer, $"There is no {target}."),
        ("*not running*", BootstrapReason.NoSuchContainer, $"{Capital(target)} does not run."),
        ("*is paused*", BootstrapReason.NoSuchContainer, $"{Capital(target)} is paused."),
        ("*get init pid*", BootstrapReason.NoSuchContainer, $"{Capital(target)} does not run, or there is none."),
        ("*chdir to cwd*", BootstrapReason.NotAllowed, $"The working directory that the options name is not in {target}."),
        ("*No such file or directory*", BootstrapReason.NoSuchContainer, $"There is no {target}."),
        ("*No such process*", BootstrapReason.NoSuchContainer, $"There is no {target}."),
        ("*unable to find user*", BootstrapReason.NotAllowed, $"The user is not known in {target}."),
        ("*ermission denied while trying to connect*", BootstrapReason.NotAllowed,
            $"This user may not use the socket of {file}'s daemon: add the user to its group (docker), or name another daemon (DOCKER_HOST)."),
        ("*permission denied*", BootstrapReason.NotAllowed, $"This user may not enter {target}."),
        ("*forbidden*", BootstrapReason.NotAllowed, $"This user may not enter {target}."),
        ("*unauthorized*", BootstrapReason.NotAllowed, $"This user may not enter {target}."),
        ("*Operation not permitted*", BootstrapReason.NotAllowed, $"This user may not enter {target}."),
        ("*Cannot connect to the*", BootstrapReason.Refused, $"{file} does not reach its daemon: does it run, and is DOCKER_HOST right, if that is set?"),
        ("*connection refused*", BootstrapReason.Refused, $"{file} does not reach its server."),
        ("*was refused*", BootstrapReason.Refused, $"{file} does not reach its server."));

    // The output of a program in a container may have the same words.
    private bool IsOwn(string line) =>
        line.StartsWith(Path.GetFileName(file) + ": ", StringComparison.Ordinal) || s_beginnings.Any(text => line.StartsWith(text, StringComparison.Ordinal));

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
