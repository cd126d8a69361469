using Mitogen;
using Mitogen.NativeProgram;

// Calls in every shape, and prints a line for each; the exit status is how many went wrong.
return await MitogenApp.RunAsync(args, async app =>
{
    if (args is ["endings", var chain, var mark])
    {
        return await Endings.RunAsync(app, chain, mark);
    }

    LocalConnection connection = new();
    await using IRemoteContext child = await app.ConnectAsync(connection);
    await using IRemoteContext below = await child.ConnectAsync(connection);
    int failed = 0;
    foreach (IRemoteContext context in (IRemoteContext[])[app, child, below])
    {
        Checks checks = new(context.Name);
        await ShapeChecks.RunAsync(checks, context);
        await DataChecks.RunAsync(checks, context);
        failed += checks.Failed;
    }

    return failed;
}, Endings.OptionsOf(args));
