using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mitogen.Hosts.Tests.Hosts;

/// <summary>An sshd of one's own on a loopback port, for all users of <see cref="TestHost"/>, by key and by password.</summary>
public sealed class SshServer : IAsyncLifetime
{
    private const int Attempts = 5;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly StringBuilder _log = new(); // under its own lock
    private string? _folder;
    private Process? _process;

    public static string Host => IPAddress.Loopback.ToString();

    public int Port { get; private set; }

    /// <summary>A private key that every user may log in with.</summary>
    public string IdentityFile => FileAt("id");

    /// <summary>Knows this server.</summary>
    public string KnownHostsFile => FileAt("known_hosts");

    /// <summary>Knows this server by another key than it has.</summary>
    public string ChangedHostsFile => FileAt("changed_hosts");

    /// <summary>Knows no server.</summary>
    public string EmptyHostsFile => FileAt("empty_hosts");

    /// <summary>What the server logged.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    public static void SkipUnlessThere() => TestHost.Needs("sshd", "ssh", "ssh-keygen");

    /// <summary>The command that logs in as a user: plain ssh, by key, without any configuration of this machine.</summary>
    public string[] Command(string user, params string[] command) =>
    [
        "ssh", "-F", "none", "-o", $"UserKnownHostsFile={KnownHostsFile}", "-o", "GlobalKnownHostsFile=none", "-o", "IdentitiesOnly=yes",
        "-i", IdentityFile, "-p", $"{Port}", "-l", user, Host, .. command,
    ];

    public async ValueTask InitializeAsync()
    {
        if (TestHost.WhyNot("sshd", "ssh", "ssh-keygen") is not null)
        {
            return; // each test says so
        }

        try
        {
            await StartAsync();
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
            _folder = null;
        }
    }

    private async Task StartAsync()
    {
        _folder = Directory.CreateTempSubdirectory("test-sshd-").FullName;
        File.SetUnixFileMode(_folder, (UnixFileMode)0b111_101_101); // sshd reads the keys as the user who logs in
        foreach (string key in (string[])["host", "other", "id"])
        {
            _ = await Tool.OutputAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", FileAt(key));
        }

        File.Copy(FileAt("id.pub"), FileAt("authorized_keys"));
        File.WriteAllText(EmptyHostsFile, "");
        _ = Directory.CreateDirectory("/run/sshd"); // sshd's own place, which its service makes when the machine starts
        for (int attempt = 1; !await TryStartAsync(); attempt++)
        {
            Assert.True(attempt < Attempts, $"sshd did not start:\n{Log}");
        }

        WriteKnownHosts(KnownHostsFile, "host.pub");
        WriteKnownHosts(ChangedHostsFile, "other.pub");
    }

    private string FileAt(string name) => Path.Combine(_folder ?? throw new InvalidOperationException("The server was not started."), name);

    /// <summary>False when something else took the port meanwhile.</summary>
    private async Task<bool> TryStartAsync()
    {
        using (TcpListener free = new(IPAddress.Loopback, 0))
        {
            free.Start();
            Port = ((IPEndPoint)free.LocalEndpoint).Port;
        }

        File.WriteAllText(FileAt("config"), $"""
            ListenAddress {Host}:{Port}
            HostKey {FileAt("host")}
            PidFile none
            AuthorizedKeysFile {FileAt("authorized_keys")}
            StrictModes no
            PasswordAuthentication yes
            KbdInteractiveAuthentication yes
            UsePAM yes
            UseDNS no
            PermitRootLogin no
            MaxStartups 200
            MaxSessions 100
            PrintMotd no
            """ + "\n");
        _process = Tool.Start("sshd", "-D", "-e", "-f", FileAt("config"));
        TaskCompletionSource<bool> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_log)
            {
                _log.AppendLine(line.Data);
            }

            if (line.Data?.StartsWith("Server listening on", StringComparison.Ordinal) != false)
            {
                _ = listening.TrySetResult(line.Data is not null);
            }
        };
        _process.BeginErrorReadLine();
        if (await listening.Task.WaitAsync(s_patience))
        {
            return true;
        }

        await EndAsync();
        return false;
    }

    private async Task EndAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            process.StandardInput.Close();
            process.StandardOutput.Close();
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync().WaitAsync(s_patience);
            process.Dispose();
        }
    }

    private void WriteKnownHosts(string file, string key) =>
        File.WriteAllText(file, $"[{Host}]:{Port} {File.ReadAllText(FileAt(key))}");
}
