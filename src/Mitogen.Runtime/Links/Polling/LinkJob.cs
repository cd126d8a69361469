namespace Mitogen.Links;

/// <summary>What a link wants of a thread of the crew.</summary>
internal enum LinkJob
{
    /// <summary>To read on: the thread becomes the link's reader.</summary>
    Read,

    /// <summary>To write what waits: the thread becomes the link's writer.</summary>
    Write,

    /// <summary>The same, because there is room.</summary>
    Room,
}
