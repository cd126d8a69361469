using System.Runtime.CompilerServices;

namespace Mitogen.Connections;

/// <summary>
/// One connection of a connection string, to a record that describes itself (<see cref="IWrittenAsText{T}"/>). A <see cref="HopReader"/> gives
/// what stands in the string, or the default. A <see cref="HopWriter"/> writes what is not the default, and gives it back.
/// </summary>
internal interface IHopText
{
    /// <summary>Who stands before an <c>@</c>.</summary>
    string? User(string? value, [CallerArgumentExpression(nameof(value))] string property = "");

    /// <summary>The target as the name of a user, which may be left out where it is the default.</summary>
    string Account(string value, string byDefault, [CallerArgumentExpression(nameof(value))] string property = "");

    /// <summary>The target.</summary>
    string Target(string value, string what, bool mayHaveColon = false, [CallerArgumentExpression(nameof(value))] string property = "");

    /// <summary>The target as a number from 1.</summary>
    int TargetNumber(int value, string what, [CallerArgumentExpression(nameof(value))] string property = "");

    /// <summary>The target as a pod, with its namespace before it and its container behind that.</summary>
    (string? Namespace, string Pod, string? Container) Pod(string? space, string pod, string? container);

    /// <summary>The target as a host, with a port or without.</summary>
    (string Host, int? Port) Host(string host, int? port);

    /// <summary>The target as a container, or else the image that an option names.</summary>
    (string? Container, string? Image) ContainerOrImage(string? container, string? image);

    /// <summary>An option with a value.</summary>
    string? Text(string name, string? value, [CallerArgumentExpression(nameof(value))] string property = "");

    /// <summary>An option that may be given often.</summary>
    IReadOnlyList<string> Texts(string name, IReadOnlyList<string> values, [CallerArgumentExpression(nameof(values))] string property = "");

    /// <summary>An option that is off by default.</summary>
    bool Flag(string name, bool value);

    /// <summary>An option whose values have names; the first is the default.</summary>
    T Choice<T>(string name, T value, IReadOnlyList<(string Name, T Value)> choices, [CallerArgumentExpression(nameof(value))] string property = "")
        where T : struct, Enum;

    /// <summary>A number from 1.</summary>
    int Number(string name, int value, int byDefault, string what, [CallerArgumentExpression(nameof(value))] string property = "");

    /// <summary>A whole number of seconds from 1.</summary>
    TimeSpan? Seconds(string name, TimeSpan? value, [CallerArgumentExpression(nameof(value))] string property = "");

    /// <summary>A whole number of seconds from 1.</summary>
    TimeSpan Seconds(string name, TimeSpan value, TimeSpan byDefault, [CallerArgumentExpression(nameof(value))] string property = "");

    /// <summary>A property that no string has a place for.</summary>
    T Without<T>(T value, T byDefault, [CallerArgumentExpression(nameof(value))] string property = "");
}
