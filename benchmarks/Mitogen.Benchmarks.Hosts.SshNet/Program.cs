using System.Globalization;
using Benchmarks.Hosts;
using Mitogen;

// As Mitogen.Benchmarks.Hosts, with SSH.NET beside OpenSSH, both with this program's payload.
return await MitogenApp.RunAsync(args, async app =>
{
    int rounds = int.Parse(args[0], CultureInfo.InvariantCulture);
    int port = int.Parse(args[1], CultureInfo.InvariantCulture);
    string key = args[2];
    SshConnection ssh = Ssh.Connection(port, key);
    SshNetConnection net = new(Ssh.Host) { Port = port, User = Ssh.User, IdentityFile = key, HostKeyPolicy = HostKeyPolicy.Ignore };

    Rounds all = new(app);
    all.Add("ssh", "`ssh host true`", () => Ssh.TrueAsync(port, key));
    all.Add("ssh", "OpenSSH, native", ssh with { Payload = Payload.Native });
    all.Add("ssh", "OpenSSH, managed", ssh with { Payload = Payload.Managed });
    all.Add("ssh", "SSH.NET, native", net with { Payload = Payload.Native });
    all.Add("ssh", "SSH.NET, native, kept on the target", net with { Payload = Payload.Native, CachePayload = true });
    all.Add("ssh", "SSH.NET, managed", net with { Payload = Payload.Managed });
    await all.RunAsync(rounds);
    all.Print();
}, new MitogenOptions { LoggerFactory = Starts.Shared });
