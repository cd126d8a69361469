using System.Text;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

/// <summary>The id of an assembly's contracts and of the types that they pass: programs that have the same one understand each other.</summary>
/// <remarks>
/// The first 8 bytes, big-endian, of the SHA-256 of a text that names, sorted, each contract with its methods, and each type that a
/// formatter is generated for with its members. What is sent in another way changes it; names of parameters, the order of members of a contract
/// and the code of services do not.
/// </remarks>
internal static class BuildId
{
    /// <param name="namespace">The namespace of what is generated for the assembly.</param>
    /// <param name="contracts">Its contracts, in any order.</param>
    /// <param name="formatters">The formatters for it, sorted by name.</param>
    public static ulong Of(string @namespace, IEnumerable<ContractModel> contracts, IEnumerable<FormatterModel> formatters)
    {
        var text = new StringBuilder(@namespace).Append('\n');
        foreach (ContractModel contract in contracts.OrderBy(static c => c.MetadataName, StringComparer.Ordinal))
        {
            text.Append(contract.MetadataName).Append('\n');
            foreach (MethodModel method in contract.Methods.OrderBy(static m => m.Signature, StringComparer.Ordinal))
            {
                text.Append(method.IsOneWay ? "one-way " : "").Append(method.Signature).Append(" : ").Append(method.ReturnTypeName).Append('\n');
            }
        }

        foreach (FormatterModel formatter in formatters)
        {
            text.Append(formatter.Name).Append(' ').Append(formatter.TypeName).Append(" = ").Append(formatter.Expression).Append('\n');
            AppendShape(text, formatter.Shape);
            foreach (CheckModel check in formatter.Checks)
            {
                text.Append(check.Name).Append(" = ").Append(check.Expression).Append('\n');
            }
        }

        return Identity.OfContract(text.ToString());
    }

    private static void AppendShape(StringBuilder text, FormatterShape? shape)
    {
        IEnumerable<string> parts = shape switch
        {
            ObjectShape o => o.Members.Select(static m => $"{m.Name} : {m.Type.TypeName}"),
            RawShape r => r.Fields.Select(static f => $"{f.Name} : {f.TypeName}"),
            UnionShape u => u.Cases.Select(static c => c.TypeName),
            _ => [],
        };
        foreach (string part in parts)
        {
            text.Append("  ").Append(part).Append('\n');
        }
    }
}
