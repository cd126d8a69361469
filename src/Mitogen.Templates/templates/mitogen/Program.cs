using Mitogen;
using Template._1;

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
