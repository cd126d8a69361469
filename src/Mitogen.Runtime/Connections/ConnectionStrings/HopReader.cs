using System.Globalization;

namespace Mitogen.Connections;

/// <summary>
/// One connection of a connection string, which a scheme asks for what it knows. An option that was not asked for is an error in the end,
/// so nothing that somebody wrote is passed over.
/// </summary>
internal sealed class HopReader
{
    private const string Separator = "://";
    private const string End = "'+', '?' or the end";

    private readonly string _text;
    private readonly TextSpan _scheme;
    private readonly TextSpan? _user;
    private readonly TextSpan _target;
    private readonly int _end;
    private readonly bool _hasSeparator;
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
        Options = new HopOptions(text, question < 0 ? null : new TextSpan(question + 1, end));
    }

    public string Scheme => _text[_scheme.Start.._scheme.End];

    public HopOptions Options { get; }

    public FormatException UnknownScheme(IEnumerable<string> known) => Expected(_scheme.Start, $"one of {string.Join(", ", known)}");

    /// <summary>Who stands before an <c>@</c>.</summary>
    public string? User()
    {
        _userTaken = true;
        return _user is { } user ? Account(user) : null;
    }

    /// <summary>The target as the name of a user; root when there is none.</summary>
    public string AccountOrRoot()
    {
        _targetTaken = true;
        return _target.IsEmpty ? "root" : Account(_target);
    }

    /// <summary>The target as a container, or else the image that an option names.</summary>
    public (string? Container, string? Image) ContainerOrImage() =>
        Options.Text("image") is { } image ? (null, image) : (Target("a container, or the option image"), null);

    public string Target(string what, bool mayHaveColon = false)
    {
        _targetTaken = true;
        return Name(_target, what, mayHaveColon);
    }

    public int TargetNumber(string what) =>
        int.TryParse(Target(what), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
            ? number
            : throw Expected(_target.Start, what);

    public IReadOnlyList<string> TargetPath(string what, int maxParts)
    {
        _targetTaken = true;
        List<string> parts = [];
        int start = _target.Start;
        while (true)
        {
            int slash = _text.IndexOf('/', start, _target.End - start);
            parts.Add(Name(new TextSpan(start, slash < 0 ? _target.End : slash), what));
            if (slash < 0)
            {
                return parts;
            }

            start = parts.Count < maxParts ? slash + 1 : throw Expected(slash, End);
        }
    }

    /// <summary>The target as a host, with a port or without.</summary>
    public string Host(out int? port)
    {
        _targetTaken = true;
        TextSpan host = HostText.Find(_text, _target, out TextSpan? portText);
        port = portText is { } found ? HostText.ReadPort(_text, found) : null;
        return host.Start > _target.Start ? HostText.ReadAddress(_text, host) : Name(host, "a host");
    }

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

        Options.Finish();
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
        return name switch
        {
            "" => throw Expected(span.Start, _hasSeparator ? what : $"'{Separator}' and {what}"),
            ['-', ..] => throw Expected(span.Start, $"{what}, which cannot begin with '-'"),
            _ => name,
        };
    }

    private FormatException Expected(int position, string expected) => ConnectionStringError.Expected(_text, position, expected);
}
