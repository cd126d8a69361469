using Mitogen.Generators.Model;

namespace Mitogen.Generators.Emission;

/// <summary>Prints a contract's class: the table of its methods, the dispatcher and, nested in it, the proxy.</summary>
internal static class ContractEmitter
{
    private const string Abi = "global::Mitogen.CompilerServices";

    public static string Emit(ContractModel contract)
    {
        SourceWriter source = SourceFile.Begin(contract.Class.Namespace);
        source.Line($"""
            /// <summary>The contract {contract.MetadataName}: its methods, its dispatcher and its proxy.</summary>
            {SourceFile.Attributes}
            """);
        string access = contract.IsPublic ? "public" : "internal";
        using (source.Open($"{access} sealed class {contract.Class.Name} : {Abi}.RemoteContract<{contract.Name}>"))
        {
            EmitTable(source, contract);
            EmitDispatcher(source, contract);
            ProxyEmitter.Emit(source, contract);
        }

        return source.ToString();
    }

    private static void EmitTable(SourceWriter source, ContractModel contract)
    {
        for (int i = 0; i < contract.Methods.Count; i++)
        {
            MethodModel method = contract.Methods[i];
            string name = SourceFile.Quote(method.DisplayName);
            source.Line($"""
                // {method.Signature}
                private static readonly {Abi}.RemoteMethod s_method{i} =
                    new(0x{contract.Id:x16}UL, 0x{method.Id:x8}U, {i}, {name}, {Abi}.MethodShape.{Shape(method)});
                """);
            if (method.Result is { } result)
            {
                source.Line($"""
                    private static readonly {Abi}.ResultReader<{result.TypeName}> s_reader{i} =
                        static (ref global::MemoryPack.MemoryPackReader reader) => {PayloadEmitter.Read(result, "reader")};
                    """);
                string parameters = $"ref global::MemoryPack.MemoryPackWriter<{Abi}.CallBuffer> writer, {result.TypeName} value";
                source.Line($$"""
                    private static readonly {{Abi}}.ResultWriter<{{result.TypeName}}> s_writer{{i}} =
                        static ({{parameters}}) => { {{PayloadEmitter.Write(result, "writer", "value")}} };
                    """);
            }

            source.Line();
        }

        string methods = string.Join(", ", Enumerable.Range(0, contract.Methods.Count).Select(static i => $"s_method{i}"));
        source.Line($$"""
            private {{contract.Class.Name}}()
                : base(0x{{contract.Id:x16}}UL, {{SourceFile.Quote(contract.MetadataName)}}, new {{Abi}}.RemoteMethod[] { {{methods}} })
            {
            }

            /// <summary>The one instance.</summary>
            public static {{contract.Class.Name}} Instance { get; } = new();

            /// <inheritdoc/>
            public override {{contract.Name}} CreateProxy({{Abi}}.CallTarget target) => new Proxy(target);

            """);
    }

    private static void EmitDispatcher(SourceWriter source, ContractModel contract)
    {
        source.Line("/// <inheritdoc/>");
        using (source.Open($"public override void Dispatch(object target, int methodIndex, {Abi}.IncomingCall call)"))
        using (source.Open("switch (methodIndex)"))
        {
            for (int i = 0; i < contract.Methods.Count; i++)
            {
                source.Line($"case {i}: Dispatch{i}(({contract.Methods[i].Interface})target, call); break;");
            }

            source.Line("default: throw new global::System.ArgumentOutOfRangeException(nameof(methodIndex));");
        }

        source.Line();
        for (int i = 0; i < contract.Methods.Count; i++)
        {
            using (source.Open($"private static void Dispatch{i}({contract.Methods[i].Interface} target, {Abi}.IncomingCall call)"))
            {
                EmitCall(source, contract.Methods[i], i);
            }

            source.Line();
        }
    }

    private static void EmitCall(SourceWriter source, MethodModel method, int index)
    {
        LocalNames names = LocalNames.For(method);
        if (method.HasArguments())
        {
            source.Line("var reader = call.BeginArguments();");
            foreach ((ParameterModel parameter, string name) in names.Arguments)
            {
                source.Line($"{parameter.TypeName} {name} = {PayloadEmitter.Read(parameter.Payload!, "reader")};");
            }

            source.Line("call.EndArguments(ref reader);");
        }

        string arguments = string.Join(", ", names.All.Select(static p => p.Parameter.Payload is null ? "call.CancellationToken" : p.Name));
        string invocation = $"target.{method.Name}({arguments})";
        string writer = method.Result is null ? "" : $", s_writer{index}";
        source.Line((method.Return, method.Result) switch
        {
            (ReturnKind.Direct, null) => $"""
                {invocation};
                call.Return();
                """,
            (ReturnKind.Direct, _) => $"call.Return({invocation}{writer});",
            (ReturnKind.ValueTask, _) => $"call.ReturnAsync({invocation}{writer});",
            (_, null) => $"call.ReturnAsync(new global::System.Threading.Tasks.ValueTask({invocation}));",
            (_, { } result) => $"call.ReturnAsync(new global::System.Threading.Tasks.ValueTask<{result.TypeName}>({invocation}){writer});",
        });
    }

    private static string Shape(MethodModel method) => (method.IsOneWay, method.Return == ReturnKind.Direct) switch
    {
        (false, false) => "Asynchronous",
        (false, true) => "Blocking",
        (true, true) => "OneWayBlocking",
        (true, false) => "OneWayAsynchronous",
    };
}
