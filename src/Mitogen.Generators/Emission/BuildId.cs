using System.Security.Cryptography;
using System.Text;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Emission;

/// <summary>The id of an assembly's contracts and of the types that they pass: programs that have the same one understand each other.</summary>
/// <remarks>
/// The first 8 bytes, big-endian, of the SHA-256 of a text that names, sorted, each contract with its methods, and each type that a
/// formatter is generated for with the code that creates it, and its members. What is sent in another way changes it; names of
/// parameters, the order of members of a contract and the code of services do not.
/// </remarks>
internal static class BuildId
{
    private const int PieceLength = 4096;

    /// <summary>A contract's part in the text.</summary>
    public static string TextOf(ContractModel contract)
    {
        var text = new StringBuilder(contract.MetadataName).Append('\n');
        foreach (MethodModel method in contract.Methods.OrderBy(static m => m.Signature, StringComparer.Ordinal))
        {
            text.Append(method.IsOneWay ? "one-way " : "").Append(method.Signature).Append(" : ").Append(method.ReturnTypeName).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The formatters' part in the text.</summary>
    /// <param name="formatters">The formatters, sorted by name.</param>
    public static string TextOf(IEnumerable<FormatterModel> formatters)
    {
        var text = new StringBuilder();
        foreach (FormatterModel formatter in formatters)
        {
            text.Append(formatter.Name).Append(' ').Append(formatter.TypeName).Append(" = ").Append(CreationEmitter.Create(formatter)).Append('\n');
            AppendShape(text, formatter.Shape);
            foreach (CheckModel check in formatter.Checks)
            {
                text.Append(check.Name).Append(" = ").Append(CheckEmitter.Emit(check.Check)).Append('\n');
            }
        }

        return text.ToString();
    }

    /// <param name="namespace">The namespace of what is generated for the assembly.</param>
    /// <param name="contracts">The texts of its contracts, in any order.</param>
    /// <param name="formatters">The text of the formatters for it.</param>
    public static ulong Of(string @namespace, IEnumerable<string> contracts, string formatters)
    {
        // Piece by piece: the whole is megabytes of a large program, at each edit of a contract.
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] bytes = new byte[Encoding.UTF8.GetMaxByteCount(PieceLength)];
        foreach (string text in (string[])[@namespace, "\n", .. contracts.OrderBy(static text => text, StringComparer.Ordinal), formatters])
        {
            for (int at = 0, count; at < text.Length; at += count)
            {
                count = Math.Min(PieceLength, text.Length - at);
                if (at + count < text.Length && char.IsHighSurrogate(text[at + count - 1]))
                {
                    count--;
                }

                hash.AppendData(bytes, 0, Encoding.UTF8.GetBytes(text, at, count, bytes, 0));
            }
        }

        return HashPrefix.Of(hash.GetHashAndReset(), sizeof(ulong));
    }

    private static void AppendShape(StringBuilder text, FormatterShape? shape)
    {
        IEnumerable<string> parts = shape switch
        {
            ObjectShape o => o.Members.Select(static m => $"{m.Name} : {m.Type.TypeName}"),
            RawStructShape r => r.Fields.Select(static f => $"{f.Name} : {f.TypeName}"),
            UnionShape u => u.Cases.Select(static c => c.TypeName),
            _ => [],
        };
        foreach (string part in parts)
        {
            text.Append("  ").Append(part).Append('\n');
        }
    }
}
