namespace Mitogen.Generators.Model;

internal enum PayloadKind
{
    Library,
}

internal sealed record PayloadType(string TypeName, PayloadKind Kind, EquatableArray<FormatterModel> Formatters, PayloadError? Error);

internal sealed record PayloadError(string Path, string Reason);

internal sealed record FormatterModel(string TypeName);
