namespace Mitogen.Executables;

/// <summary>Where a new context has the program's code from.</summary>
internal enum ProgramCode
{
    /// <summary>It is all in its executable.</summary>
    Executable,

    /// <summary>In the application's own folder, where it started from.</summary>
    Folder,

    /// <summary>From its parent.</summary>
    Import,
}
