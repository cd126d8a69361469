namespace Mitogen.Ssh.Tests;

public sealed class OptionTests
{
    [Fact]
    public void The_defaults_are_safe()
    {
        SshNetConnection connection = new("web1");
        Assert.Equal(22, connection.Port);
        Assert.Equal(HostKeyPolicy.Enforce, connection.HostKeyPolicy);
        Assert.Null(connection.KnownHostsFile);
    }

    [Fact]
    public void Secrets_are_not_printed()
    {
        string text = new SshNetConnection("web1") { Password = "hush", PrivateKey = "key", Passphrase = "phrase" }.ToString();
        Assert.DoesNotContain("hush", text, StringComparison.Ordinal);
        Assert.Contains("Password = ***, ", text, StringComparison.Ordinal);
        Assert.Contains("PrivateKey = ***", text, StringComparison.Ordinal);
        Assert.Contains("Passphrase = ***", text, StringComparison.Ordinal);
    }
}
