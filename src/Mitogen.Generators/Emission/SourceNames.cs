namespace Mitogen.Generators.Emission;

/// <summary>The names in generated source that more than one emitter prints, each once.</summary>
internal static class SourceNames
{
    /// <summary>The namespace of what only generated code calls.</summary>
    public const string Abi = "global::Mitogen.CompilerServices";

    public const string RemoteCatalog = "global::Mitogen.RemoteCatalog";

    /// <summary>The methods that write and read values, and check them.</summary>
    public const string WireData = $"{Abi}.WireData";

    public const string WireFormatters = $"{Abi}.WireFormatters";
    public const string RawLayout = $"{Abi}.RawLayout";

    /// <summary>The namespace of the serializer.</summary>
    public const string MemoryPack = "global::MemoryPack";

    public const string PackReader = $"{MemoryPack}.MemoryPackReader";

    /// <summary>A writer, in a method that is generic as the serializer's formatters are.</summary>
    public const string PackWriter = $"{MemoryPack}.MemoryPackWriter<TBufferWriter>";

    /// <summary>The writer of a call's message.</summary>
    public const string CallWriter = $"{MemoryPack}.MemoryPackWriter<{Abi}.CallBuffer>";
}
