using System.Globalization;
using System.Text;

namespace Mitogen.Connections;

/// <summary>Writes one connection of a connection string. What the reader would not give back is an error that names the property.</summary>
/// <param name="scheme">The name of its kind.</param>
/// <param name="type">Its record, for messages.</param>
internal sealed class HopWriter(string scheme, Type type) : IHopText
{
    private readonly StringBuilder _options = new();
    private string? _user;
    private string _target = "";

    /// <summary>What was written.</summary>
    public override string ToString()
    {
        string target = _user is null ? _target : $"{_user}@{_target}";
        return target.Length + _options.Length == 0 ? scheme : $"{scheme}{HopReader.Separator}{target}{_options}";
    }

    public string? User(string? value, string property = "")
    {
        _user = value is null ? null : Name(value, "a user", property);
        return value;
    }

    public string Account(string value, string byDefault, string property = "") => value == byDefault ? value : Target(value, "a user", property: property);

    public string Target(string value, string what, bool mayHaveColon = false, string property = "")
    {
        _target = Name(value, what, property, mayHaveColon ? ":" : "");
        return value;
    }

    public int TargetNumber(int value, string what, string property = "")
    {
        _target = Number(value, int.MaxValue, what, property);
        return value;
    }

    public (string? Namespace, string Pod, string? Container) Pod(string? space, string pod, string? container)
    {
        if (container is not null && space is null)
        {
            throw Unwritable("Container", "it stands behind the namespace, which is not set: set Namespace too");
        }

        _target = Name(pod, "a pod", "Pod");
        _target = space is null ? _target : $"{Name(space, "a namespace", "Namespace")}/{_target}";
        _target = container is null ? _target : $"{_target}/{Name(container, "a container", "Container")}";
        return (space, pod, container);
    }

    public (string Host, int? Port) Host(string host, int? port)
    {
        _ = Name(host, "a host", "Host");
        _target = HostText.Write(host);
        if (port is { } number)
        {
            _target += HostText.IsPort(number) ? string.Create(CultureInfo.InvariantCulture, $":{number}") : throw Unwritable("Port", $"{number} is no port");
        }

        return (host, port);
    }

    public (string? Container, string? Image) ContainerOrImage(string? container, string? image)
    {
        if ((container is null) == (image is null))
        {
            throw Unwritable("Container and Image", "exactly one of them has to be set");
        }

        if (container is not null)
        {
            _target = Name(container, "a container", "Container");
        }

        return (container, Text("image", image, "Image"));
    }

    public string? Text(string name, string? value, string property = "")
    {
        if (value is not null)
        {
            Add(name, value.Length > 0 ? Encode(value, "/:=,", property) : throw Unwritable(property, "it is empty"));
        }

        return value;
    }

    public IReadOnlyList<string> Texts(string name, IReadOnlyList<string> values, string property = "")
    {
        foreach (string value in values)
        {
            _ = Text(name, value, property);
        }

        return values;
    }

    public bool Flag(string name, bool value)
    {
        if (value)
        {
            Add(name);
        }

        return value;
    }

    public T Choice<T>(string name, T value, IReadOnlyList<(string Name, T Value)> choices, string property = "")
        where T : struct, Enum
    {
        if (!Equals(value, choices[0].Value))
        {
            Add(name, choices.FirstOrDefault(choice => Equals(choice.Value, value)).Name ?? throw Unwritable(property, $"{value} is none of its values"));
        }

        return value;
    }

    public int Number(string name, int value, int byDefault, string what, string property = "")
    {
        if (value != byDefault)
        {
            Add(name, Number(value, int.MaxValue, what, property));
        }

        return value;
    }

    public TimeSpan? Seconds(string name, TimeSpan? value, string property = "")
    {
        if (value is { } time)
        {
            long seconds = time.Ticks % TimeSpan.TicksPerSecond == 0
                ? time.Ticks / TimeSpan.TicksPerSecond
                : throw Unwritable(property, $"{time} is no whole number of seconds");
            Add(name, Number(seconds, HopOptions.MaxSeconds, "a number of seconds", property));
        }

        return value;
    }

    public TimeSpan Seconds(string name, TimeSpan value, TimeSpan byDefault, string property = "") =>
        value == byDefault ? value : Seconds(name, (TimeSpan?)value, property)!.Value;

    public T Without<T>(T value, T byDefault, string property = "") => EqualityComparer<T>.Default.Equals(value, byDefault) ? value
        : value is Secret ? throw Unwritable(property, "secrets do not belong into strings: write it without, and set it on what was read")
        : throw Unwritable(property, $"no option stands for it, and it is '{value}': set it on what was read");

    private string Number(long value, int max, string what, string property) => value > 0 && value <= max
        ? value.ToString(CultureInfo.InvariantCulture)
        : throw Unwritable(property, $"{value} is not {what} from 1 to {max}");

    private string Name(string value, string what, string property, string plain = "") =>
        string.IsNullOrEmpty(value) ? throw Unwritable(property, $"{what} is missing")
        : HopReader.IsOption(value) ? throw Unwritable(property, $"{what} cannot begin with '-', as '{VisibleText.Line(value)}' does")
        : Encode(value, plain, property);

    private string Encode(string value, string plain, string property) => Percent.CanEncode(value)
        ? Percent.Encode(value, plain)
        : throw Unwritable(property, $"'{VisibleText.Line(value)}' has a control character, or is not Unicode");

    private void Add(string name, string? value = null)
    {
        _ = _options.Append(_options.Length == 0 ? '?' : '&').Append(name);
        if (value is not null)
        {
            _ = _options.Append('=').Append(value);
        }
    }

    /// <param name="property">An expression that ends with the property's name, or the name.</param>
    /// <param name="why">The reason.</param>
    private ArgumentException Unwritable(string property, string why)
    {
        string name = property[(property.LastIndexOf('.') + 1)..];
        return new ArgumentException($"A connection string cannot carry {type.Name}.{name}: {why}.");
    }
}
