using Mitogen.Generators.Model;
using static Mitogen.Generators.Emission.SourceNames;

namespace Mitogen.Generators.Emission;

/// <summary>
/// Prints a contract's proxy. It implements every method explicitly, so that inherited methods of one name, and names that the
/// base class uses, do not collide.
/// </summary>
internal static class ProxyEmitter
{
    private const string Tasks = "global::System.Threading.Tasks";

    public static void Emit(SourceWriter source, ContractModel contract)
    {
        using (source.Open($"private sealed class Proxy : {Abi}.RemoteProxy, {contract.Name}"))
        {
            using (source.Open($"""
                internal Proxy({Abi}.CallTarget target)
                    : base(target)
                """))
            {
            }

            for (int i = 0; i < contract.Methods.Count; i++)
            {
                source.Line();
                EmitMethod(source, contract.Methods[i], i);
            }
        }
    }

    private static void EmitMethod(SourceWriter source, MethodModel method, int index)
    {
        LocalNames names = LocalNames.For(method);
        string parameters = string.Join(", ", names.All.Select(static p => $"{p.Parameter.TypeName} {p.Name}"));
        string member = $"{method.ReturnTypeName} {method.Interface}.{method.Name}";
        using (source.Open(method.IsProperty ? member : $"{member}({parameters})"))
        {
            if (method.IsProperty)
            {
                using (source.Open("get"))
                {
                    EmitBody(source, method, index, names);
                }
            }
            else
            {
                EmitBody(source, method, index, names);
            }
        }
    }

    private static void EmitBody(SourceWriter source, MethodModel method, int index, LocalNames names)
    {
        if (method.Return == ReturnKind.Items)
        {
            EmitItems(source, method, index, names);
            return;
        }

        if (method.IsOneWay && names.OwnToken is { } token)
        {
            EmitTokenCheck(source, method, token);
        }

        EmitBegin(source, method, index, names);
        source.Line(method.IsOneWay ? Post(method) : Invoke(method, names.Token));
    }

    // Each enumeration is a call of its own, made when it begins.
    private static void EmitItems(SourceWriter source, MethodModel method, int index, LocalNames names)
    {
        string items = $"{Abi}.RemoteItems<{method.Result!.TypeName}>";
        using (source.Open($"return new {items}({LocalNames.EnumerationToken} =>", $"}}, {names.Token});"))
        {
            EmitBegin(source, method, index, names);
            source.Line($"return call.Enumerate({LocalNames.EnumerationToken});");
        }
    }

    private static void EmitBegin(SourceWriter source, MethodModel method, int index, LocalNames names)
    {
        // Not 'var': that may be a class of the program's.
        string type = method.Result?.TypeName ?? $"{Abi}.NoResult";
        string reader = method.Result is null ? "null" : $"s_reader{index}";
        source.Line($"{Abi}.OutgoingCall<{type}> call = Target.Begin<{type}>(s_method{index}, {reader});");
        if (method.HasArguments())
        {
            EmitArguments(source, method, index, names);
        }
    }

    // Nobody waits for a one-way call, so its token is only asked before it is sent.
    private static void EmitTokenCheck(SourceWriter source, MethodModel method, string token)
    {
        if (method.Return == ReturnKind.Direct)
        {
            source.Line($"{token}.ThrowIfCancellationRequested();");
            return;
        }

        using (source.Open($"if ({token}.IsCancellationRequested)"))
        {
            source.Line($"return {Tasks}.{method.Return}.FromCanceled({token});");
        }

        source.Line();
    }

    private static void EmitArguments(SourceWriter source, MethodModel method, int index, LocalNames names)
    {
        using (source.Open("try"))
        {
            source.Line($"{CallWriter} writer = call.BeginArguments();");
            for (int k = 0; k < names.All.Count; k++)
            {
                (ParameterModel parameter, string name) = names.All[k];
                if (parameter is { Kind: ParameterKind.Progress, Data: { } report })
                {
                    source.Line($"call.WriteProgress<{report.TypeName}>(ref writer, {name}, s_progressReader{index}_{k});");
                }
                else if (parameter.Data is { } data)
                {
                    source.Line(WireEmitter.Write(data, "writer", name));
                }
            }

            source.Line("call.EndArguments(ref writer);");
        }

        using (source.Open("catch (global::System.Exception error)"))
        {
            source.Line(method.Return is ReturnKind.Task or ReturnKind.ValueTask
                ? $"return {Tasks}.{method.Return}.FromException{ResultArgument(method)}(call.Refuse(error));"
                : "throw call.Refuse(error);");
        }

        source.Line();
    }

    private static string Post(MethodModel method) => method.Return switch
    {
        ReturnKind.Direct => "call.Post();",
        _ => $"""
            call.Post();
            return {Tasks}.{method.Return}.CompletedTask;
            """,
    };

    private static string Invoke(MethodModel method, string token)
    {
        string invoke = method.Result is null ? $"call.InvokeVoidAsync({token})" : $"call.InvokeAsync({token})";
        return method.Return switch
        {
            ReturnKind.Promise => $"return {method.Promised!.ClassName}.Instance.CreateProxy(call.Promise());",
            ReturnKind.Direct when method.Result is null => $"call.Invoke({token});",
            ReturnKind.Direct => $"return call.Invoke({token});",
            ReturnKind.Task => $"return {invoke}.AsTask();",
            _ => $"return {invoke};",
        };
    }

    private static string ResultArgument(MethodModel method) => method.Result is { } result ? $"<{result.TypeName}>" : "";
}
