using Microsoft.CodeAnalysis;
using Mitogen.Generators.Diagnostics;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

/// <summary>Turns the parameters of a contract's method into their models.</summary>
internal sealed class ParameterParser(ContractReport report, ContractData data)
{
    /// <param name="method">The method.</param>
    /// <param name="kind">The kind of its return value.</param>
    /// <param name="isOneWay">Whether its caller waits for no answer.</param>
    public IEnumerable<ParameterModel> Parse(IMethodSymbol method, ReturnKind kind, bool isOneWay)
    {
        if (method.Parameters.Any(static p => p.Name.Length == 0) || method.Parameters.GroupBy(static p => p.Name).Any(static same => same.Count() > 1))
        {
            report.AddCompilerError();
        }

        bool hasToken = false;
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            string name = SymbolNames.Escape(parameter.Name);
            string type = parameter.Type.SourceName();
            if (parameter.RefKind != RefKind.None)
            {
                report.Add(Descriptors.ByReference, parameter, WrittenType.OfParameter(parameter).Display, "take it by value, and return what changes");
            }
            else if (parameter.Type.Is(KnownNames.CancellationToken))
            {
                CheckToken(parameter, hasToken, kind);
                hasToken = true;
                yield return new(name, type, ParameterKind.Token, null);
            }
            else if (parameter.Type.Is(KnownNames.Progress))
            {
                CheckProgress(parameter, kind, isOneWay);
                yield return new(name, type, ParameterKind.Progress, data.Parse(WrittenType.OfParameter(parameter).Argument, WirePlace.Report));
            }
            else
            {
                yield return new(name, type, ParameterKind.Value, data.Parse(WrittenType.OfParameter(parameter)));
            }
        }
    }

    private void CheckToken(IParameterSymbol token, bool hasToken, ReturnKind kind)
    {
        if (hasToken)
        {
            report.Add(Descriptors.SecondToken, token, token.Name);
        }
        else if (kind == ReturnKind.Promise)
        {
            report.Add(
                Descriptors.Promise,
                token,
                ContractReport.Describe(token.ContainingSymbol),
                "and there is nothing left that its caller could cancel",
                ResultParser.TaskOf(((IMethodSymbol)token.ContainingSymbol).ReturnType));
        }
    }

    private void CheckProgress(IParameterSymbol progress, ReturnKind kind, bool isOneWay)
    {
        if (isOneWay || kind == ReturnKind.Promise)
        {
            report.Add(
                Descriptors.UnheardProgress,
                progress,
                progress.Name,
                isOneWay ? "[OneWay]" : "a promise",
                isOneWay ? "take [OneWay] away" : "return " + ResultParser.TaskOf(((IMethodSymbol)progress.ContainingSymbol).ReturnType));
        }
    }
}
