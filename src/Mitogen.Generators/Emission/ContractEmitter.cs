using Mitogen.Generators.Model;
using static Mitogen.Generators.Emission.SourceNames;

namespace Mitogen.Generators.Emission;

/// <summary>Prints a contract's class: the table of its methods, the dispatcher and, nested in it, the proxy.</summary>
internal static class ContractEmitter
{
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
            TableEmitter.Emit(source, contract);
            EmitInstance(source, contract);
            EmitDispatcher(source, contract);
            ProxyEmitter.Emit(source, contract);
        }

        return source.ToString();
    }

    private static void EmitInstance(SourceWriter source, ContractModel contract)
    {
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
            source.Line($"{PackReader} reader = call.BeginArguments();");
            for (int k = 0; k < names.All.Count; k++)
            {
                (ParameterModel parameter, string name) = names.All[k];
                if (parameter is { Kind: ParameterKind.Progress, Data: { } report })
                {
                    source.Line(
                        $"global::System.IProgress<{report.TypeName}>? {name} = " +
                        $"call.ReadProgress<{report.TypeName}>(ref reader, s_progressWriter{index}_{k});");
                }
                else if (parameter.Data is { } data)
                {
                    source.Line($"{parameter.TypeName} {name} = {WireEmitter.Read(data, "reader")};");
                }
            }

            source.Line("call.EndArguments(ref reader);");
        }

        source.Line(Return(method, Invocation(method, names), method.Result is null ? "" : $", s_writer{index}"));
    }

    private static string Invocation(MethodModel method, LocalNames names)
    {
        string target = $"target.{method.Name}";
        return method.IsProperty ? target : $"{target}({string.Join(", ", names.All.Select(static p => Argument(p.Parameter, p.Name)))})";
    }

    // Whether the caller gave one is the contract's annotation, which the compiler checks there.
    private static string Argument(ParameterModel parameter, string name) => parameter.Kind switch
    {
        ParameterKind.Token => "call.CancellationToken",
        ParameterKind.Progress when !parameter.TypeName.EndsWith("?", StringComparison.Ordinal) => name + "!",
        _ => name,
    };

    private static string Return(MethodModel method, string invocation, string writer) => (method.Return, method.Result) switch
    {
        (ReturnKind.Items, _) => $"call.ReturnItems({invocation}{writer});",
        (ReturnKind.Promise, _) => $"call.ReturnPromised({invocation}, {method.Promised!.ClassName}.Instance);",
        (ReturnKind.Direct, null) => $"""
            {invocation};
            call.Return();
            """,
        (ReturnKind.Direct, _) => $"call.Return({invocation}{writer});",
        _ => $"call.ReturnAsync({invocation}{writer});",
    };
}
