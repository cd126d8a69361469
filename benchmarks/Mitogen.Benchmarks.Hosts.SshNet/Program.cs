using System.Globalization;
using Benchmarks.Hosts;
using Mitogen;

// As Mitogen.Benchmarks.Hosts, with SSH.NET beside OpenSSH, both with this program's executable.
return await MitogenApp.RunAsync(args, async app =>
{
    int rounds = int.Parse(args[0], CultureInfo.InvariantCulture);
    int port = int.Parse(args[1], CultureInfo.InvariantCulture);
    string key = args[2];
    SshConnection ssh = Ssh.Connection(port, key);
    SshNetConnection net = new(Ssh.Host) { Port = port, User = Ssh.User, IdentityFile = key, HostKeyPolicy = HostKeyPolicy.Ignore };

    Rounds all = new(app);
    all.Add("ssh", "`ssh host true`", () => Ssh.TrueAsync(port, key));
    all.Add("ssh", "OpenSSH, native", ssh with { Executable = ExecutableKind.Native });
    all.Add("ssh", "OpenSSH, managed", ssh with { Executable = ExecutableKind.Managed });
    all.Add("ssh", "SSH.NET, native", net with { Executable = ExecutableKind.Native });
    all.Add("ssh", "SSH.NET, native, kept on the target", net with { Executable = ExecutableKind.Native, CacheExecutable = true });
    all.Add("ssh", "SSH.NET, managed", net with { Executable = ExecutableKind.Managed });
    await all.RunAsync(rounds);
    all.Print();
}, new MitogenOptions { LoggerFactory = Starts.Shared });
