namespace Mitogen.Generators.Model;

/// <summary>Where the library's formatter of a type comes from.</summary>
internal abstract record LibraryFormatter;

/// <summary>The application has registered it, or nobody.</summary>
internal sealed record ProvidedFormatter : LibraryFormatter;

/// <summary>The code that the library generated for the type registers it.</summary>
internal sealed record RegisteredFormatter : LibraryFormatter;

/// <summary>It calls the methods that the library generated for the type.</summary>
internal sealed record PackableFormatter : LibraryFormatter;

/// <summary>An attribute of a member makes it.</summary>
/// <param name="TypeName">The attribute's type, as source.</param>
/// <param name="Arguments">The constants that its constructor takes, as source.</param>
/// <param name="Settings">The properties that it sets.</param>
internal sealed record AttributeFormatter(string TypeName, EquatableArray<string> Arguments, EquatableArray<AttributeSetting> Settings) : LibraryFormatter;

/// <summary>A property that an attribute sets.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">The constant, as source.</param>
internal sealed record AttributeSetting(string Name, string Value);
