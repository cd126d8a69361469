namespace Mitogen.Toolkit;

/// <summary>Ways for a machine to end.</summary>
public enum RebootKind
{
    /// <summary>It starts again.</summary>
    Restart,

    /// <summary>It is switched off.</summary>
    PowerOff,
}
