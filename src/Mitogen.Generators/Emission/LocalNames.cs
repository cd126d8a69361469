using Mitogen.Generators.Model;

namespace Mitogen.Generators.Emission;

/// <summary>The names that a method's parameters have in generated code: their own, unless the code around them uses those.</summary>
internal sealed class LocalNames
{
    /// <summary>The name that generated code gives to the token of one enumeration.</summary>
    public const string EnumerationToken = "enumerationToken";

    private static readonly HashSet<string> s_reserved =
        ["Target", "target", "call", "reader", "writer", "error", "value", EnumerationToken];

    private LocalNames(IReadOnlyList<(ParameterModel, string)> all) => All = all;

    public IReadOnlyList<(ParameterModel Parameter, string Name)> All { get; }

    /// <summary>The token's name; <see langword="null"/> where there is none.</summary>
    public string? OwnToken => All.Where(static p => p.Parameter.Kind == ParameterKind.Token).Select(static p => p.Name).FirstOrDefault();

    /// <summary>The token's name, or what stands for none.</summary>
    public string Token => OwnToken ?? "global::System.Threading.CancellationToken.None";

    public static LocalNames For(MethodModel method)
    {
        var own = new HashSet<string>(method.Parameters.Select(static p => p.Name));
        var all = new List<(ParameterModel, string)>();
        foreach (ParameterModel parameter in method.Parameters)
        {
            string name = parameter.Name;
            if (IsReserved(name))
            {
                do
                {
                    name += "_";
                }
                while (own.Contains(name));
            }

            all.Add((parameter, name));
        }

        return new(all);
    }

    public static bool IsReserved(string name) => s_reserved.Contains(name) || name.StartsWith("s_", StringComparison.Ordinal);
}

internal static class MethodModelExtensions
{
    /// <summary>Whether a call has anything to write. Where it has not, both sides leave the arguments alone.</summary>
    public static bool HasArguments(this MethodModel method) => method.Parameters.Any(static p => p.Kind != ParameterKind.Token);
}
