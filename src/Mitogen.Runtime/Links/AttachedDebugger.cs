using System.Diagnostics;

namespace Mitogen.Links;

/// <summary>Whether a debugger is attached to this process: then all of its threads may stand still for any time.</summary>
internal static class AttachedDebugger
{
    public static bool IsThere => Pretended ?? Debugger.IsAttached;

    /// <summary>A switch that tests have in the place of a debugger.</summary>
    internal static bool? Pretended { get; set; }
}
