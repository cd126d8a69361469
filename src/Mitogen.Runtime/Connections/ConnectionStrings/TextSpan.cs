namespace Mitogen.Connections;

/// <summary>A part of a connection string, from <paramref name="Start"/> until before <paramref name="End"/>.</summary>
internal readonly record struct TextSpan(int Start, int End)
{
    public int Length => End - Start;

    public bool IsEmpty => End == Start;
}
