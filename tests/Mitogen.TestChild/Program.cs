using System.Diagnostics;
using System.Globalization;
using System.Text;
using Mitogen.Processes;

// A .NET process for the tests of what a process does to itself: its title, and its standard streams.
switch (args[0])
{
    case "title":
        // The rest of the arguments is there to give the title room.
        Console.WriteLine(ProcessTitle.Set(args[1], "named"u8));
        Console.In.ReadLine();
        break;

    case "streams":
        var child = new StreamsChild();
        child.Run();
        break;

    case "identity":
        Console.WriteLine($"{ProcessIdentity.UserName} {ProcessIdentity.HostName} {ProcessIdentity.ProcessId}");
        break;

    default:
        return 2;
}

return 0;

/// <summary>Obeys commands that come over the link, one a line, and answers on the link.</summary>
internal sealed class StreamsChild
{
    private readonly StandardStreams _streams;

    public StreamsChild() => _streams = StandardStreams.Take(line => Answer("out:" + line));

    public void Run()
    {
        var buffer = new byte[4096];
        string pending = "";
        int count;
        while ((count = _streams.Transport.Read(buffer)) > 0)
        {
            pending += Encoding.UTF8.GetString(buffer.AsSpan(0, count));
            int end;
            while ((end = pending.IndexOf('\n', StringComparison.Ordinal)) >= 0)
            {
                Obey(pending[..end]);
                pending = pending[(end + 1)..];
            }
        }
    }

    private void Obey(string command)
    {
        string argument = command[(command.IndexOf(' ', StringComparison.Ordinal) + 1)..];
        switch (command.Split(' ')[0])
        {
            case "line":
                Console.WriteLine(argument);
                break;
            case "text":
                Console.Write(argument);
                break;
            case "error":
                Console.Error.WriteLine(argument);
                break;
            case "sh":
                using (var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", argument]))!)
                {
                    shell.WaitForExit();
                }

                Answer("done");
                break;
            case "end":
                _streams.End(TimeSpan.FromMilliseconds(int.Parse(argument, CultureInfo.InvariantCulture)));
                Answer("ended");
                break;
            default:
                Answer("what?");
                break;
        }
    }

    private void Answer(string line)
    {
        lock (_streams)
        {
            _streams.Transport.Write(Encoding.UTF8.GetBytes(line + "\n"));
        }
    }
}
