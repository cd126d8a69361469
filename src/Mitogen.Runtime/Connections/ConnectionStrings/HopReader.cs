using System.Globalization;

namespace Mitogen.Connections;

/// <summary>
/// One connection of a connection string, which a scheme asks for what it knows. An option that was not asked for is an error in the end,
/// so nothing that somebody wrote is passed over.
/// </summary>
internal sealed class HopReader : IHopText
{
    /// <summary>Stands between a scheme and what it leads to.</summary>
    public const string Separator = "://";

    // namespace/pod/container
    private const int MaxPath = 3;

    private const string End = "'+', '?' or the end";

    private readonly string _text;
    private readonly TextSpan _scheme;
    private readonly TextSpan? _user;
    private readonly TextSpan _target;
    private readonly int _end;
    private readonly bool _hasSeparator;
    private readonly HopOptions _options;
    private bool _userTaken;
    private bool _targetTaken;

    public HopReader(string text, int start, int end)
    {
        _text = text;
        _end = end;
        int schemeEnd = start;
        while (schemeEnd < end && char.IsAsciiLetterOrDigit(text[schemeEnd]))
        {
            schemeEnd++;
        }

        _scheme = new TextSpan(start, schemeEnd);
        _hasSeparator = text.AsSpan(schemeEnd, end - schemeEnd).StartsWith(Separator, StringComparison.Ordinal);
        int detail = _hasSeparator ? schemeEnd + Separator.Length : schemeEnd;
        int question = _hasSeparator ? text.IndexOf('?', detail, end - detail) : -1;
        int detailEnd = !_hasSeparator ? detail : question < 0 ? end : question;
        int at = text.AsSpan(detail, detailEnd - detail).LastIndexOf('@') + detail;
        _user = at < detail ? null : new TextSpan(detail, at);
        _target = new TextSpan(at < detail ? detail : at + 1, detailEnd);
        _options = new HopOptions(text, question < 0 ? null : new TextSpan(question + 1, end));
    }

    public string Scheme => _text[_scheme.Start.._scheme.End];

    public FormatException UnknownScheme(IEnumerable<string> known) => Expected(_scheme.Start, $"one of {string.Join(", ", known)}");

    public string? User(string? value, string property = "")
    {
        _userTaken = true;
        return _user is { } user ? Account(user) : value;
    }

    public string Account(string value, string byDefault, string property = "")
    {
        _targetTaken = true;
        return _target.IsEmpty ? byDefault : Account(_target);
    }

    public string Target(string value, string what, bool mayHaveColon = false, string property = "")
    {
        _targetTaken = true;
        return Name(_target, what, mayHaveColon);
    }

    public int TargetNumber(int value, string what, string property = "") =>
        int.TryParse(Target("", what), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
            ? number
            : throw Expected(_target.Start, what);

    public (string? Namespace, string Pod, string? Container) Pod(string? space, string pod, string? container)
    {
        const string What = "a pod, namespace/pod or namespace/pod/container";
        _targetTaken = true;
        List<string> parts = [];
        int start = _target.Start;
        while (true)
        {
            int slash = _text.IndexOf('/', start, _target.End - start);
            parts.Add(Name(new TextSpan(start, slash < 0 ? _target.End : slash), What));
            if (slash < 0)
            {
                return parts is [string only] ? (space, only, container) : (parts[0], parts[1], parts.ElementAtOrDefault(2));
            }

            start = parts.Count < MaxPath ? slash + 1 : throw Expected(slash, End);
        }
    }

    public (string Host, int? Port) Host(string host, int? port)
    {
        _targetTaken = true;
        TextSpan span = HostText.Find(_text, _target, out TextSpan? portText);
        int? read = portText is { } found ? HostText.ReadPort(_text, found) : port;
        return (span.Start > _target.Start ? HostText.ReadAddress(_text, span) : Name(span, "a host"), read);
    }

    public (string? Container, string? Image) ContainerOrImage(string? container, string? image) =>
        _options.Text("image") is { } found ? (container, found) : (Target("", "a container, or the option image"), image);

    public string? Text(string name, string? value, string property = "") => _options.Text(name) ?? value;

    public IReadOnlyList<string> Texts(string name, IReadOnlyList<string> values, string property = "") => _options.Texts(name);

    public bool Flag(string name, bool value) => _options.Flag(name);

    public T Choice<T>(string name, T value, IReadOnlyList<(string Name, T Value)> choices, string property = "")
        where T : struct, Enum => _options.Choice(name, choices);

    public int Number(string name, int value, int byDefault, string what, string property = "") => _options.Number(name, int.MaxValue, what) ?? byDefault;

    public TimeSpan? Seconds(string name, TimeSpan? value, string property = "") => _options.Seconds(name) ?? value;

    public TimeSpan Seconds(string name, TimeSpan value, TimeSpan byDefault, string property = "") => _options.Seconds(name) ?? byDefault;

    public T Without<T>(T value, T byDefault, string property = "") => byDefault;

    /// <exception cref="FormatException">Something was not asked for.</exception>
    public void Finish()
    {
        if (!_hasSeparator && _scheme.End < _end)
        {
            throw Expected(_scheme.End, $"'{Separator}', '+' or the end");
        }

        if (_user is { } user && !_userTaken)
        {
            throw Expected(user.Start, "no user before '@' for this kind of connection");
        }

        if (!_target.IsEmpty && !_targetTaken)
        {
            throw Expected(_target.Start, End);
        }

        _options.Finish();
    }

    private string Account(TextSpan span)
    {
        int colon = _text.IndexOf(':', span.Start, span.Length);
        return colon < 0 ? Name(span, "a user") : throw ConnectionStringError.Password(_text, colon);
    }

    /// <summary>A text that becomes an argument of a tool: it must not be empty, nor be taken for one of the tool's options.</summary>
    private string Name(TextSpan span, string what, bool mayHaveColon = false)
    {
        int odd = _text.AsSpan(span.Start, span.Length).IndexOfAny(mayHaveColon ? " /@#[]&=" : " /@#[]&=:");
        if (odd > 0)
        {
            throw Expected(span.Start + odd, End);
        }

        string name = odd < 0 ? Percent.Decode(_text, span) : "";
        return name.Length == 0 ? throw Expected(span.Start, _hasSeparator ? what : $"'{Separator}' and {what}")
            : IsOption(name) ? throw Expected(span.Start, $"{what}, which cannot begin with '-'")
            : name;
    }

    /// <summary>Whether a tool would take a name for one of its options.</summary>
    public static bool IsOption(string name) => name.StartsWith('-');

    private FormatException Expected(int position, string expected) => ConnectionStringError.Expected(_text, position, expected);
}
