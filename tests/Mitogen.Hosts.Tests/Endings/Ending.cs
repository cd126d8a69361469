namespace Mitogen.Hosts.Tests.Endings;

/// <summary>What ends contexts.</summary>
public enum Ending
{
    /// <summary>The last context is disposed.</summary>
    Dispose,

    /// <summary>SIGTERM to the root.</summary>
    Terminate,

    /// <summary>SIGHUP to the root.</summary>
    HangUp,

    /// <summary>SIGKILL to the root.</summary>
    KillRoot,

    /// <summary>The root is stopped for longer than the keep-alive allows, and goes on.</summary>
    StopRoot,

    /// <summary>The last context is stopped until it is lost, and goes on.</summary>
    StopContext,

    /// <summary>SIGKILL to the last context.</summary>
    KillContext,

    /// <summary>SIGTERM to the last context, as by somebody on its machine.</summary>
    TerminateContext,

    /// <summary>SIGKILL to the tool that carries the link to the last context.</summary>
    KillTool,

    /// <summary>SIGHUP to the context above the last one.</summary>
    HangUpMiddle,
}
