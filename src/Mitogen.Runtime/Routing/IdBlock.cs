namespace Mitogen.Routing;

/// <summary>A block of context ids.</summary>
internal readonly record struct IdBlock(uint First, uint Count)
{
    public bool Contains(uint id) => id >= First && id - First < Count;
}
