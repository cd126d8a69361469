using Mitogen.Generators.Model;

namespace Mitogen.Generators.Emission;

/// <summary>Prints which declarations were given up.</summary>
internal static class GivenUpEmitter
{
    public static string Emit(GivenUpModel model)
    {
        SourceWriter source = SourceFile.Begin();
        foreach (string name in model.Names)
        {
            source.Line($"[assembly: global::System.Reflection.AssemblyMetadata({SourceFile.Quote(GivenUpModel.Key)}, {SourceFile.Quote(name)})]");
        }

        return source.ToString();
    }
}
