using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mitogen.Ssh.Tests.Servers;

/// <summary>An sshd of one's own on a loopback port, with keys of its own, for root by key and for the users of the test hosts.</summary>
public sealed class SshServer : IAsyncLifetime
{
    public const string Passphrase = "open sesame";

    private const int Attempts = 5;
    private const string PasswordFile = "/var/lib/mitogen-test-hosts/password";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly StringBuilder _log = new(); // under its own lock
    private string? _folder;
    private Process? _process;

    public static string Host => IPAddress.Loopback.ToString();

    public int Port { get; private set; }

    /// <summary>Connects as root, and knows the server.</summary>
    public SshNetConnection Connection => new(Host) { Port = Port, User = "root", IdentityFile = FileAt("id"), KnownHostsFile = FileAt("known_hosts") };

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

    public static void SkipUnlessThere()
    {
        if (WhyNot() is { } reason)
        {
            Assert.Skip(reason);
        }
    }

    /// <summary>A user who may log in by password.</summary>
    public static (string User, string Password) SkipUnlessThereAreUsers()
    {
        SkipUnlessThere();
        Assert.SkipUnless(File.Exists(PasswordFile), "needs tests/hosts/setup to be run (users)");
        return ("mito-bash", File.ReadAllText(PasswordFile).Trim());
    }

    /// <summary>A file of the server's folder: <c>id</c> and others are keys, <c>known_hosts</c> and others files of known hosts.</summary>
    public string FileAt(string name) => Path.Combine(_folder ?? throw new InvalidOperationException("The server was not started."), name);

    /// <summary>Makes such a file that knows the server by a key of the folder.</summary>
    public string KnownHosts(string name, string text)
    {
        File.WriteAllText(FileAt(name), text);
        return FileAt(name);
    }

    /// <summary>A public key of the folder as files of known hosts have it.</summary>
    public string PublicKey(string name) => string.Join(' ', File.ReadAllText(FileAt(name + ".pub")).Split(' ')[..2]);

    public async ValueTask InitializeAsync()
    {
        if (WhyNot() is not null)
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

    /// <summary>Runs a command that has to succeed.</summary>
    public static async Task<string> RunAsync(params string[] command)
    {
        using Process process = Start(command);
        process.StandardInput.Close();
        string output = await process.StandardOutput.ReadToEndAsync().WaitAsync(s_patience);
        await process.WaitForExitAsync().WaitAsync(s_patience);
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', command)} ended with {process.ExitCode}: {await process.StandardError.ReadToEndAsync()}");
        return output;
    }

    private static string? WhyNot() =>
        !Environment.IsPrivilegedProcess ? "needs root"
        : Find("sshd") is null || Find("ssh-keygen") is null ? "needs openssh-server"
        : null;

    private static string? Find(string name) =>
        ((string[])["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"]).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static Process Start(string[] command) => Process.Start(new ProcessStartInfo(Find(command[0]) ?? command[0], command[1..])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private async Task StartAsync()
    {
        _folder = Directory.CreateTempSubdirectory("test-sshd-").FullName;
        File.SetUnixFileMode(_folder, (UnixFileMode)0b111_101_101); // sshd reads the keys as the user who logs in
        foreach ((string name, string type, string passphrase) in ((string, string, string)[])
            [("host", "ed25519", ""), ("host_rsa", "rsa", ""), ("other", "ed25519", ""), ("id", "ed25519", ""), ("id_rsa", "rsa", ""), ("id_ecdsa", "ecdsa", ""), ("locked", "ed25519", Passphrase)])
        {
            _ = await RunAsync("ssh-keygen", "-q", "-t", type, "-N", passphrase, "-C", "test", "-f", FileAt(name));
        }

        File.WriteAllText(FileAt("authorized_keys"), string.Concat(
            ((string[])["id", "id_rsa", "id_ecdsa", "locked"]).Select(name => File.ReadAllText(FileAt(name + ".pub")))));
        _ = Directory.CreateDirectory("/run/sshd"); // sshd's own place, which its service makes when the machine starts
        for (int attempt = 1; !await TryStartAsync(); attempt++)
        {
            Assert.True(attempt < Attempts, $"sshd did not start:\n{Log}");
        }

        _ = KnownHosts("known_hosts", $"[{Host}]:{Port} {PublicKey("host")}\n");
    }

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
            HostKey {FileAt("host_rsa")}
            PidFile none
            AuthorizedKeysFile {FileAt("authorized_keys")}
            StrictModes no
            PasswordAuthentication yes
            KbdInteractiveAuthentication yes
            UsePAM yes
            UseDNS no
            PermitRootLogin prohibit-password
            MaxStartups 200
            MaxSessions 100
            PrintMotd no
            """ + "\n");
        _process = Start(["sshd", "-D", "-e", "-f", FileAt("config")]);
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
}
