using Mitogen.Generators.Model;
using static Mitogen.Generators.Emission.SourceNames;

namespace Mitogen.Generators.Emission;

/// <summary>Prints the table of a contract's methods, and with each what reads and writes that which is sent by itself.</summary>
internal static class TableEmitter
{
    public static void Emit(SourceWriter source, ContractModel contract)
    {
        for (int i = 0; i < contract.Methods.Count; i++)
        {
            MethodModel method = contract.Methods[i];
            string name = SourceFile.Quote(method.DisplayName);
            source.Line($"""
                // {method.Signature}
                private static readonly {Abi}.RemoteMethod s_method{i} =
                    new(0x{contract.Id:x16}UL, 0x{method.Id:x8}U, {i}, {name}, {Abi}.MethodShape.{Shape(method)}{References(method)});
                """);
            if (method.Result is { } result)
            {
                EmitReader(source, result, $"s_reader{i}");
                EmitWriter(source, result, $"s_writer{i}");
            }

            for (int k = 0; k < method.Parameters.Count; k++)
            {
                if (method.Parameters[k] is { Kind: ParameterKind.Progress, Data: { } report })
                {
                    EmitReader(source, report, $"s_progressReader{i}_{k}");
                    EmitWriter(source, report, $"s_progressWriter{i}_{k}");
                }
            }

            source.Line();
        }
    }

    private static void EmitReader(SourceWriter source, WireType type, string field) => source.Line($"""
        private static readonly {Abi}.ResultReader<{type.TypeName}> {field} =
            {WireEmitter.Reader(type)};
        """);

    private static void EmitWriter(SourceWriter source, WireType type, string field) => source.Line($"""
        private static readonly {Abi}.ResultWriter<{type.TypeName}> {field} =
            {WireEmitter.Writer(type)};
        """);

    private static string Shape(MethodModel method) => (method.IsOneWay, method.Return) switch
    {
        (_, ReturnKind.Items) => "Streaming",
        (_, ReturnKind.Promise) => "Promising",
        (false, ReturnKind.Direct) => "Blocking",
        (true, ReturnKind.Direct) => "OneWayBlocking",
        (false, _) => "Asynchronous",
        (true, _) => "OneWayAsynchronous",
    };

    private static string References(MethodModel method)
    {
        var flags = new List<string>();
        if (method.Parameters.Any(static p => p.Data?.References is not null))
        {
            flags.Add($"{Abi}.MethodReferences.Arguments");
        }

        if (method.Result?.References is not null)
        {
            flags.Add($"{Abi}.MethodReferences.Result");
        }

        return flags.Count == 0 ? "" : ",\n        " + string.Join(" | ", flags);
    }
}
