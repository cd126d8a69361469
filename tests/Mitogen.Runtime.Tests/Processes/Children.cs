using System.Text;
using Mitogen.Multiplexing;
using Mitogen.Processes;

namespace Mitogen.Runtime.Tests.Processes;

/// <summary>Short words for starting children and talking to them.</summary>
internal static class Children
{
    public static readonly TimeSpan Patience = Eventually.Patience;

    public static ChildProcessOptions Shell(string script) => new() { FileName = "sh", Arguments = ["sh", "-c", script] };

    public static string TestChildPath { get; } = Path.Combine(AppContext.BaseDirectory, "Mitogen.TestChild.dll");

    public static string DotNetPath { get; } =
        Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));

    public static ChildProcessOptions TestChild(ChildStreams streams, params string[] arguments) => new()
    {
        FileName = DotNetPath,
        Arguments = ["dotnet", TestChildPath, .. arguments],
        Streams = streams,
    };

    /// <summary>Runs it to its end and returns what it wrote to standard output.</summary>
    public static async Task<string> OutputAsync(ChildProcessOptions options)
    {
        var child = ChildProcess.Start(options);
        child.Transport.CloseWriting();
        string output = await Task.Run(() => ReadToEnd(child.Transport)).InTimeAsync();
        await child.EndAsync(Patience);
        return output;
    }

    public static string ReadToEnd(ILinkTransport transport)
    {
        var all = new List<byte>();
        byte[] buffer = new byte[4096];
        int count;
        while ((count = transport.Read(buffer)) > 0)
        {
            all.AddRange(buffer.AsSpan(0, count));
        }

        return Encoding.UTF8.GetString([.. all]);
    }

    public static string ReadLine(ILinkTransport transport)
    {
        var line = new List<byte>();
        byte[] one = new byte[1];
        while (transport.Read(one) == 1 && one[0] != '\n')
        {
            line.Add(one[0]);
        }

        return Encoding.UTF8.GetString([.. line]);
    }

    public static void WriteLine(ILinkTransport transport, string line) => transport.Write(Encoding.UTF8.GetBytes(line + "\n"));

    public static bool IsAlive(int pid) => Directory.Exists($"/proc/{pid}");

    public static Task GoneAsync(int pid) => Eventually.UntilAsync(() => !IsAlive(pid), () => $"Process {pid} is still there.");
}
