namespace Mitogen.Multiplexing;

/// <summary>Which slots a stream takes of those that a context has for one other.</summary>
internal enum StreamClass
{
    /// <summary>A call with one answer.</summary>
    Call,

    /// <summary>A call whose answer has parts, and which may last as long as its reader likes.</summary>
    Parts,

    /// <summary>A call of the runtime's own: it takes no slot, and so waits behind none.</summary>
    Own,
}
