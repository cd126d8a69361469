namespace Mitogen.Toolkit.Transfers;

/// <summary>
/// The frames of a source's bytes. Numbers are variable-length: seven bits a byte, the lowest first, and the eighth bit where more follow.
/// </summary>
internal enum WireFrame : byte
{
    /// <summary>Length, offers (<see cref="WireOffer"/>), and their XxHash3 (8 bytes).</summary>
    Offers = 1,

    /// <summary>Length before and after compression (Brotli), the compressed offers, and the XxHash3 of the offers.</summary>
    PackedOffers = 2,

    /// <summary>The content of a file begins: the number of its offer, and at which byte. Its size was offered.</summary>
    Content = 3,

    /// <summary>Length and as many bytes of the content. A length may be promised before the bytes are read.</summary>
    Bytes = 4,

    /// <summary>Length before and after compression (Brotli), and the compressed bytes of the content.</summary>
    PackedBytes = 5,

    /// <summary>The length of a hole in the content.</summary>
    Hole = 6,

    /// <summary>The content is whole: 0, or 1 if the file changed meanwhile, and the XxHash128 (16 bytes) of all its bytes. 2 and
    /// any hash: the file is not what the sink has, and the sink only wanted to hear that (<see cref="SinkAnswerKind.Check"/>).</summary>
    ContentEnd = 7,

    /// <summary>All was sent.</summary>
    End = 8,

    /// <summary>No more offers come.</summary>
    OffersEnd = 9,
}

/// <summary>
/// The offers of entries in one <see cref="WireFrame.Offers"/>. An entry is its kind, the state (<see cref="WireState"/>), the length of the name
/// and the name. The top of the tree has an empty name, all others have one name without a slash.
/// </summary>
internal enum WireOffer : byte
{
    /// <summary>A folder; what follows is in it.</summary>
    Folder = 1,

    /// <summary>The present folder is complete.</summary>
    Leave = 2,

    /// <summary>A file; its size follows.</summary>
    File = 3,

    /// <summary>A symbolic link; the length of its target and the target follow.</summary>
    Link = 4,
}

/// <summary>The state of an entry: a byte that says which of these follow, and are not those of the entry before.</summary>
[Flags]
internal enum WireState : byte
{
    None = 0,

    /// <summary>The permissions.</summary>
    Mode = 1,

    /// <summary>The numbers of user and group.</summary>
    Owner = 2,

    /// <summary>The seconds of the time of modification, as a zigzag difference.</summary>
    Seconds = 4,

    /// <summary>Its nanoseconds.</summary>
    Nanoseconds = 8,
}

/// <summary>The state of an entry, as both sides have it.</summary>
internal readonly record struct EntryState(uint Mode, uint User, uint Group, FileTime Modified);

/// <summary>The bounds that a reader of frames holds a writer to.</summary>
internal static class WireBounds
{
    /// <summary>The most bytes of offers in a frame.</summary>
    public const int Offers = 32 * 1024;

    /// <summary>The most bytes of an entry: a name of 255 bytes, a target of 4,095, and numbers.</summary>
    public const int Entry = 5 * 1024;

    /// <summary>The most bytes of content in a compressed frame.</summary>
    public const int Packed = 128 * 1024;

    /// <summary>The bytes of a source that go along with the call: what a call carries without waiting for the other side.</summary>
    public const int Head = 12 * 1024;

    /// <summary>The most offers of files in a frame: each has a kind, a state, a name of one byte and its length, and a size.</summary>
    public const int OffersInFrame = Offers / 5;

    /// <summary>How many files are offered whose content was neither refused nor sent, when another frame of offers is sent.</summary>
    public const int Outstanding = 4096;
}
