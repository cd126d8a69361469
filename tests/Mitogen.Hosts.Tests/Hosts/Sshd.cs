using System.Net;

namespace Mitogen.Hosts.Tests.Hosts;

/// <summary>An sshd of one's own, with keys of its own, for every user of the machine by key and by password.</summary>
public abstract class Sshd : HostFixture
{
    private SshdProcess? _process;

    public static string Host => IPAddress.Loopback.ToString();

    public int Port => Server.Port;

    /// <summary>What the server logged.</summary>
    public string Log => Server.Log;

    /// <summary>Of the server.</summary>
    protected virtual IReadOnlyList<Key> HostKeys => [new("host")];

    /// <summary>By which every user may log in.</summary>
    protected virtual IReadOnlyList<Key> UserKeys => [new("id")];

    protected override string? WhyNot => TestHost.WhyNot("sshd", "ssh", "ssh-keygen");

    /// <summary>Whether root may log in, in sshd's words.</summary>
    protected virtual string PermitRootLogin => "no";

    /// <summary>Further arguments of the server. What its own defaults are, it has.</summary>
    protected virtual IReadOnlyList<string> Arguments => [];

    private SshdProcess Server => _process ?? throw new InvalidOperationException("The server was not started.");

    /// <summary>A file of the server's folder: its keys, and <c>other</c>, one of nobody's; <c>known_hosts</c>, which knows it.</summary>
    public string FileAt(string name) => Path.Combine(Folder, name);

    /// <summary>A public key of the folder as files of known hosts have it.</summary>
    public string PublicKey(string name) => string.Join(' ', File.ReadAllText(FileAt(name + ".pub")).Split(' ')[..2]);

    /// <summary>Makes a file of known hosts.</summary>
    public string KnownHosts(string name, string text)
    {
        File.WriteAllText(FileAt(name), text);
        return FileAt(name);
    }

    /// <summary>The line by which a file of known hosts has this server, or that on another port, with a key of the folder.</summary>
    public string KnownHost(string key, int? port = null) => $"[{Host}]:{port ?? Port} {PublicKey(key)}\n";

    protected override async Task StartAsync()
    {
        File.SetUnixFileMode(Folder, (UnixFileMode)0b111_101_101); // sshd reads the keys as the user who logs in
        foreach (Key key in (Key[])[.. HostKeys, .. UserKeys, new("other")])
        {
            _ = await HostCommand.OutputAsync("ssh-keygen", "-q", "-t", key.Type, "-N", key.Passphrase, "-C", "test", "-f", FileAt(key.Name));
        }

        File.WriteAllText(FileAt("authorized_keys"), string.Concat(UserKeys.Select(key => PublicKey(key.Name) + "\n")));
        File.WriteAllText(FileAt("config"), $"""
            PidFile none
            StrictModes no
            PasswordAuthentication yes
            KbdInteractiveAuthentication yes
            UsePAM yes
            UseDNS no
            PermitRootLogin {PermitRootLogin}
            MaxSessions 100
            PrintMotd no
            """ + "\n" + string.Concat(HostKeys.Select(key => $"HostKey {FileAt(key.Name)}\n")));
        _process = await StartServerAsync("authorized_keys", [.. Arguments]);
        _ = KnownHosts("known_hosts", KnownHost("host"));
    }

    protected override async Task EndAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    /// <summary>Starts one with the keys of the folder.</summary>
    /// <param name="authorizedKeys">Which file of it has the users' keys.</param>
    /// <param name="options">Further arguments.</param>
    private protected Task<SshdProcess> StartServerAsync(string authorizedKeys, params string[] options) =>
        SshdProcess.StartAsync(["-f", FileAt("config"), "-o", $"AuthorizedKeysFile={FileAt(authorizedKeys)}", .. options]);

    /// <summary>A pair of keys, in files of that name.</summary>
    protected sealed record Key(string Name, string Type = "ed25519", string Passphrase = "");
}
