using System.Globalization;
using System.Text;
using Mitogen.Executables;

namespace Mitogen.Starting;

/// <summary>
/// The shell's part in a start: the command that a connection's tool is given, and the line that is then sent to it. The scripts are
/// the <c>.sh</c> files beside this one.
/// </summary>
internal static class StageScripts
{
    // The flag 16 is MFD_EXEC, which kernels before 6.3 refuse and later ones may insist on.
    //
    // A tool that is found may be a version manager's stand-in that prints an error or waits for somebody, so it first shows that it runs.
    private const string Try =
        """mg_try() { if command -v timeout; then timeout -s KILL 5 "$@"; else "$@"; fi </dev/null >/dev/null 2>&1; [ $? = 42 ]; } >/dev/null;""";

    // Perl complains of each locale that the machine lacks.
    private const string MemoryByPerl =
        """mg_try perl -e "exit 42" && PERL_BADLANG=0 exec perl -e '$n="mitogen";$f=syscall(%CALL%,$n,16);$f=syscall(%CALL%,$n,0)if$f<0;$#ARGV>1?($ENV{PERL_BADLANG}=$ARGV[2]):delete$ENV{PERL_BADLANG};exec"sh","-c",$ARGV[$f<0],$f' "$mg_memory" "$mg_file" ${PERL_BADLANG+"$PERL_BADLANG"};""";

    // Python sets LC_CTYPE where there is no locale.
    private const string MemoryByPython =
        """
        mg_try python3 -I -S -c "raise SystemExit(42)" && exec python3 -I -S -c 'exec("import os,sys\nf=-1\nfor x in(16,0):\n try:f=os.memfd_create(\"mitogen\",x);break\n except Exception:pass\nos.environ.pop(\"LC_CTYPE\",0)\nif sys.argv[3:]:os.environ[\"LC_CTYPE\"]=sys.argv[3]\nos.execvp(\"sh\",[\"sh\",\"-c\",sys.argv[1+(f<0)],str(f)])")' "$mg_memory" "$mg_file" ${LC_CTYPE+"$LC_CTYPE"};
        """;

    // Of what dd takes at once, as the scripts say it.
    private const int BlockSize = 65536;

    private const string NoMemory = "eval \"$mg_file\"";

    // The host's own variable first, then what a shell finds, then the usual folders.
    private const string UsualHosts =
        "\"$DOTNET_ROOT/dotnet\" $(command -v dotnet) /usr/share/dotnet/dotnet /usr/lib/dotnet/dotnet /usr/local/share/dotnet/dotnet \"$HOME/.dotnet/dotnet\"";

    private static readonly string s_first = Load("first").Replace("%LISTEN%", Load("listen"), StringComparison.Ordinal);
    private static readonly string s_introduction = Load("introduction").Replace("%LISTEN%", Load("listen"), StringComparison.Ordinal);
    private static readonly string s_login = Load("login");
    private static readonly string s_place = Load("place");
    private static readonly string s_take = Load("take");
    private static readonly string s_environment = Load("environment");
    private static readonly string s_native = Load("native");
    private static readonly string s_managed = Load("managed");
    private static readonly string s_cached = Load("cached");

    /// <summary>The script between <c>sh -c '</c> and <c>'</c>; it needs no quoting in any shell.</summary>
    /// <param name="marker">The text by which the lines of the stages are known.</param>
    public static string First(string marker) => Of(s_first, marker);

    /// <summary>
    /// The script for <c>/bin/sh</c> where the user's login shell is wanted: it says that it is there, so that nothing is taken for a question
    /// any more, and waits for <see cref="Login"/>.
    /// </summary>
    public static string Introduction(string marker) => Of(s_introduction, marker);

    /// <summary>The line by which that shell becomes the user's login shell, and that one runs the first stage.</summary>
    public static string Login(string marker) => Line(s_login.Replace("%FIRST%", s_first, StringComparison.Ordinal), marker);

    /// <summary>The first stage as a command for a shell of any kind, csh and fish included.</summary>
    public static string FirstInAnyShell(string marker) => InAnyShell(First(marker));

    /// <summary>The words that make a shell of any kind run a script of the first stage's modest characters by <c>sh</c>.</summary>
    public static string InAnyShell(string script) => $"exec sh -c {Quote(script)}";

    /// <summary>
    /// The line that turns the bytes behind it into a running native executable. With a hash it runs the one that the target has in its
    /// cache under that, or asks for the bytes, keeps them there and runs them.
    /// </summary>
    /// <param name="target">The report of the target.</param>
    /// <param name="executable">The executable.</param>
    /// <param name="hash">Its hash, if it is to be kept there.</param>
    /// <param name="marker">The text by which the lines of the stages are known.</param>
    /// <param name="directory">The random part of the directory's name.</param>
    /// <param name="patience">How long the stage waits for more of the executable.</param>
    /// <param name="arguments">The executable's.</param>
    public static string Native(
        TargetReport target, Packed executable, string? hash, string marker, string directory, TimeSpan patience, IReadOnlyList<string> arguments)
    {
        string native = s_native
            .Replace("%PLACE%", s_place, StringComparison.Ordinal)
            .Replace("%MEMORY%", MemoryBy(target), StringComparison.Ordinal);
        string script = hash is null ? native : s_cached
            .Replace("%HASH%", hash, StringComparison.Ordinal)
            .Replace("%NATIVE%", native, StringComparison.Ordinal);
        return Fill(script, executable, marker, directory, patience, arguments);
    }

    /// <summary>The line that turns the bytes behind it into a running managed agent.</summary>
    /// <param name="dotnetPath">The <c>dotnet</c> to run; null looks for one.</param>
    /// <param name="executable">The staged set as a tar archive.</param>
    /// <param name="marker">The text by which the lines of the stages are known.</param>
    /// <param name="directory">The random part of the directory's name.</param>
    /// <param name="patience">How long the stage waits for more of the executable.</param>
    /// <param name="arguments">The agent's.</param>
    public static string Managed(
        string? dotnetPath, Packed executable, string marker, string directory, TimeSpan patience, IReadOnlyList<string> arguments) => Fill(
        s_managed
            .Replace("%PLACE%", s_place, StringComparison.Ordinal)
            .Replace("%DOTNET%", dotnetPath is null ? UsualHosts : Quote(dotnetPath), StringComparison.Ordinal),
        executable, marker, directory, patience, arguments);

    /// <summary>A word of a shell's command line that stands for itself.</summary>
    public static string Quote(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string Of(string script, string marker) => script.Replace("%NONCE%", marker, StringComparison.Ordinal);

    // A shell of the stages runs only lines that begin like this.
    private static string Line(string script, string marker) => Of($"mitogen:%NONCE% {script}\n", marker);

    private static string Fill(
        string script, Packed executable, string marker, string directory, TimeSpan patience, IReadOnlyList<string> arguments) =>
        new StringBuilder("mitogen:%NONCE% ").Append(script)
            .Replace("%ENVIRONMENT%", s_environment)
            .Replace("%TAKE%", s_take)
            .Replace("%PATIENCE%", Text((long)Math.Ceiling(patience.TotalSeconds)))
            .Replace("%PACKED%", Text(executable.Bytes.Length))
            .Replace("%BLOCKS%", Text((executable.Bytes.Length - 1) / BlockSize))
            .Replace("%REST%", Text(executable.Bytes.Length - ((executable.Bytes.Length - 1) / BlockSize * BlockSize))) // a block is never empty
            .Replace("%ROOM%", Text((executable.Size + BlockSize - 1) / BlockSize))
            .Replace("%SIZE%", Text(executable.Size))
            .Replace("%UNPACK%", executable.IsCompressed ? "gzip -dc" : "cat")
            .Replace("%NONCE%", marker)
            .Replace("%DIRECTORY%", directory)
            .Replace("%ARGUMENTS%", string.Join(' ', arguments))
            .Append('\n')
            .ToString();

    private static string MemoryBy(TargetReport target) => target.MemoryFileCall is not { } call || !(target.Has("perl") || target.Has("python3"))
        ? NoMemory
        : string.Join(
            ' ', Try, target.Has("perl") ? MemoryByPerl.Replace("%CALL%", Text(call), StringComparison.Ordinal) : "",
            target.Has("python3") ? MemoryByPython : "", NoMemory);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Load(string name)
    {
        using Stream stream = typeof(StageScripts).Assembly.GetManifestResourceStream("Mitogen.Stages." + name)!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd().TrimEnd();
    }
}
