using System.Reflection;
using Mitogen.Testing;

namespace Mitogen.Runtime.Tests.Contracts;

/// <summary>Each public method that takes a contract's type says so: the analyzer judges those that do.</summary>
public sealed class ContractTypeMarkTests
{
    // They take any object, and a kind of connection.
    private static readonly string[] s_others = ["InProcessRoot.OnConnect", "RemoteObjectExtensions.ReadyAsync"];

    [Fact]
    public void Methods_that_take_a_contract_are_marked()
    {
        MethodInfo[] methods =
        [
            .. new[] { typeof(IRemoteContext), typeof(MitogenRoot), typeof(FakeContext) }
                .SelectMany(static type => type.Assembly.GetExportedTypes())
                .Where(static type => type.Namespace is "Mitogen" or "Mitogen.Testing")
                .SelectMany(static type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
                .Where(static method => method.IsGenericMethodDefinition),
        ];

        Assert.Equal(
            ["FakeContext.Add", "IRemoteContext.Get", "IRemoteContext.Get", "InProcessRoot.Add", "RemoteCatalog.Find"],
            methods.Where(IsMarked).Select(NameOf).Order(StringComparer.Ordinal));
        Assert.Equal(
            s_others,
            methods.Where(static method => !IsMarked(method) && !IsGet(method)).Select(NameOf).Order(StringComparer.Ordinal));
    }

    private static bool IsMarked(MethodInfo method) => method.GetGenericArguments().Any(static parameter => parameter.IsDefined(typeof(ContractTypeAttribute)));

    // The interface has the mark.
    private static bool IsGet(MethodInfo method) =>
        method.Name == nameof(IRemoteContext.Get) && method.DeclaringType!.IsAssignableTo(typeof(IRemoteContext));

    private static string NameOf(MethodInfo method) => $"{method.DeclaringType!.Name}.{method.Name}";
}
