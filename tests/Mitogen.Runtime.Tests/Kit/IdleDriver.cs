using Mitogen.Multiplexing;

namespace Mitogen.Runtime.Tests.Kit;

/// <summary>The driver of a link of which a test moves the bytes, or nobody does.</summary>
internal sealed class IdleDriver : ILinkDriver
{
    public static IdleDriver Instance { get; } = new();

    void ILinkDriver.Wake()
    {
    }

    void ILinkDriver.Cut()
    {
    }
}
