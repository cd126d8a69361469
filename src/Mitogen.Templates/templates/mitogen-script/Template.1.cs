#!/usr/bin/env dotnet
#:package Mitogen@$version:Mitogen$
using Mitogen;

// Each argument says where to run: local://, sudo://, ssh://web1, docker://db, or a chain such as ssh://web1+sudo.
return await MitogenApp.RunAsync(args, async app =>
{
    foreach (string text in args is [] ? ["local://"] : args)
    {
        IRemoteContext context = app;
        foreach (Connection connection in ConnectionString.Parse(text))
        {
            context = await context.ConnectAsync(connection);
        }

        Console.WriteLine(await context.Get<IGreeter>().GreetAsync("world"));
    }
});

// A contract: what can be called in other contexts.
[Remote]
interface IGreeter
{
    Task<string> GreetAsync(string name, CancellationToken cancellationToken = default);
}

// A service: it runs in the context that is called.
[RemoteService]
class Greeter(IRemoteContext self) : IGreeter
{
    public Task<string> GreetAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult($"Hello, {name}! This is {self.Name}, process {Environment.ProcessId} on {Environment.MachineName}.");
}
