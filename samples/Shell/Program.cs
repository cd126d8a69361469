using System.Runtime.InteropServices;
using Mitogen;
using Mitogen.Toolkit;
using Shell;

// A shell, or one command, at the end of a chain of connections: dotnet run --project samples/Shell -- ssh://web1+sudo [COMMAND [ARGUMENT]...]
return await MitogenApp.RunAsync(args, async app =>
{
    if (args is not [var chain, .. var words] || chain.StartsWith('-'))
    {
        Console.Error.WriteLine("usage: Shell CONNECTIONS [COMMAND [ARGUMENT]...]\nSuch as: Shell ssh://web1+sudo");
        return 2;
    }

    try
    {
        await using IRemoteContext context = await app.ConnectAsync(chain, app.Disconnected);
        using LocalTerminal? terminal = LocalTerminal.Open();
        ProcessCommand command = words is [var program, .. var arguments] ? new ProcessCommand(program, arguments) : await LoginShellAsync(context);
        if (terminal is not null)
        {
            (int columns, int rows) = LocalTerminal.Size;
            command = command with { Terminal = new TerminalOptions(columns, rows, Environment.GetEnvironmentVariable("TERM") ?? "xterm") };
        }

        await using RemoteProcess process = await context.Get<IProcesses>().StartAsync(command, app.Disconnected);
        return await TalkAsync(process, terminal is not null);
    }
    catch (Exception e) when (e is FormatException or BootstrapException or ContextLostException or IOException or UnauthorizedAccessException)
    {
        Console.Error.WriteLine(e.Message);
        return 255; // as ssh
    }
});

static async Task<ProcessCommand> LoginShellAsync(IRemoteContext context)
{
    UserFacts? user = await context.Get<ISystem>().FindUserAsync(context.Info.UserName);
    string shell = user?.Shell is { Length: > 0 } own ? own : "/bin/sh";
    return new ProcessCommand(shell, "-l") { Folder = user?.Home is { } home && context.Parent is not null ? home : null };
}

static async Task<int> TalkAsync(RemoteProcess process, bool isTerminal)
{
    using PosixSignalRegistration? resized = isTerminal
        ? PosixSignalRegistration.Create(PosixSignal.SIGWINCH, context =>
        {
            context.Cancel = true; // .NET would only take note of it
            (int columns, int rows) = LocalTerminal.Size;
            _ = process.ResizeAsync(columns, rows);
        })
        : null;

    // In a terminal, the keys say it. Else whoever signals this program means the other one.
    using PosixSignalRegistration? interrupted = isTerminal
        ? null
        : PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            context.Cancel = true;
            _ = process.SignalAsync(ProcessSignal.Interrupt);
        });
    _ = SendAsync(process); // a read of a terminal cannot be given up: the end of the program ends it
    Task printing = Task.WhenAll(CopyAsync(process.Output, Console.OpenStandardOutput()), CopyAsync(process.Error, Console.OpenStandardError()));
    ProcessExit exit = await process.WaitAsync();
    await printing;
    return exit.Code;
}

static async Task SendAsync(RemoteProcess process)
{
    try
    {
        await CopyAsync(LocalTerminal.Input, process.Input);
        await process.Input.DisposeAsync();
    }
    catch (IOException)
    {
        // It reads no more.
    }
}

static async Task CopyAsync(Stream from, Stream to)
{
    byte[] buffer = new byte[16 * 1024];
    while (await from.ReadAsync(buffer) is var count and > 0)
    {
        await to.WriteAsync(buffer.AsMemory(0, count));
        await to.FlushAsync();
    }
}
