using Mitogen;

return await MitogenApp.RunAsync(args, async app =>
{
    // A context is a process of its own; the second is started by the first and imports this program over its link.
    await using IRemoteContext child = await app.ConnectAsync(new LocalConnection { Name = "child" });
    await using IRemoteContext grandchild = await child.ConnectAsync(new LocalConnection { Name = "grandchild", Isolated = true });
    foreach (IRemoteContext context in new[] { app, child, grandchild })
    {
        Console.WriteLine(await context.Get<IGreeter>().GreetAsync("world"));
    }
});

[Remote]
internal interface IGreeter
{
    Task<string> GreetAsync(string name, CancellationToken cancellationToken = default);
}

[RemoteService]
internal sealed class Greeter(IRemoteContext self) : IGreeter
{
    public Task<string> GreetAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult($"Hello, {name}! This is {self.Name}, process {Environment.ProcessId}.");
}
