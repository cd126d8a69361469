using System.Collections.Concurrent;
using Mitogen.Contexts;

namespace Mitogen.Runtime.Tests.Calls;

/// <summary>Gives tests the inside of a context of this process.</summary>
internal static class ChildNodes
{
    public static ConcurrentDictionary<string, ContextNode> Known { get; } = new();

    public static async Task<ContextNode> OfAsync(IRemoteContext context) => Known[await context.Get<IInside>().ShowAsync()];
}

[Remote]
internal interface IInside
{
    Task<string> ShowAsync();
}

[RemoteService]
internal sealed class Inside(IRemoteContext context) : IInside
{
    private readonly string _key = Guid.NewGuid().ToString();

    public Task<string> ShowAsync()
    {
        ChildNodes.Known[_key] = (ContextNode)((ContextHandle)context).Hub.Host;
        return Task.FromResult(_key);
    }
}
