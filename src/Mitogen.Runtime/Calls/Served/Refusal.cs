using Mitogen.Multiplexing;

namespace Mitogen.Calls;

/// <summary>Why a call that came in is not taken.</summary>
internal readonly record struct Refusal(ResetCode Code, string Text)
{
    /// <summary>The caller, and those below the same link, have as much here as they may.</summary>
    public static Refusal Full(string what, KernelOptions options) => new(ResetCode.Busy, BoundReachedException.MemoryText(what, options));
}
