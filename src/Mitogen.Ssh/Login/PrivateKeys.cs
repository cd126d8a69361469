using System.Text;
using Mitogen.Connections;
using Mitogen.Ssh.KnownHosts;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Mitogen.Ssh.Login;

/// <summary>Reads the private keys of a connection.</summary>
internal static class PrivateKeys
{
    private static readonly string[] s_usualFiles = ["id_ed25519", "id_ecdsa", "id_rsa"];

    /// <exception cref="StartRefusedException">A key that the connection names cannot be read.</exception>
    public static IReadOnlyList<PrivateKeyFile> Read(SshNetConnection connection)
    {
        List<PrivateKeyFile> keys = [];
        if (connection.PrivateKey is { } text)
        {
            keys.Add(Parse(Encoding.UTF8.GetBytes(text.Reveal()), "The private key", connection.Passphrase));
        }

        if (connection.IdentityFile is { } file)
        {
            PrivateKeyFile? key = connection.Password is not null && connection.Passphrase is null ? TryDecrypted(file) : Parse(ReadFile(file), file, connection.Passphrase);
            if (key is not null)
            {
                keys.Add(key);
            }
        }

        return keys.Count > 0 || connection.Password is not null ? keys
            : [.. s_usualFiles.Select(KnownHostsFiles.InHome).Where(File.Exists).Select(path => TryRead(path, connection)).OfType<PrivateKeyFile>()];
    }

    /// <summary>Where there is a password as well, a key that nobody has the passphrase of is none, as it is for ssh.</summary>
    private static PrivateKeyFile? TryDecrypted(string file)
    {
        try
        {
            return Parse(ReadFile(file), file, null);
        }
        catch (StartRefusedException e) when (e.Problem.Reason == BootstrapReason.PasswordRequired)
        {
            return null;
        }
    }

    /// <summary>A key that nobody named and that cannot be used is none.</summary>
    private static PrivateKeyFile? TryRead(string file, SshNetConnection connection)
    {
        try
        {
            return Parse(ReadFile(file), file, connection.Passphrase);
        }
        catch (StartRefusedException)
        {
            return null;
        }
    }

    private static byte[] ReadFile(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException(new(BootstrapReason.AuthenticationFailed, $"The private key {file} cannot be read: {e.Message}"));
        }
    }

    private static PrivateKeyFile Parse(byte[] text, string name, Secret? passphrase)
    {
        try
        {
            return Parse(text, null);
        }
        catch (SshPassPhraseNullOrEmptyException) when (passphrase is null)
        {
            throw new StartRefusedException(new(
                BootstrapReason.PasswordRequired, $"{name} is encrypted: the passphrase is asked for, and SshNetConnection.Passphrase is not set."));
        }
        catch (SshPassPhraseNullOrEmptyException)
        {
            return Decrypt(text, name, passphrase!);
        }
#pragma warning disable CA1031 // parsers of several formats, each with exceptions of its own
        catch (Exception e)
#pragma warning restore CA1031
        {
            throw new StartRefusedException(new(BootstrapReason.AuthenticationFailed, $"{name} is not a private key that can be read: {e.Message}"));
        }
    }

    private static PrivateKeyFile Decrypt(byte[] text, string name, Secret passphrase)
    {
        try
        {
            return Parse(text, passphrase.Reveal());
        }
#pragma warning disable CA1031 // with a wrong passphrase there is no telling what a parser finds
        catch (Exception)
#pragma warning restore CA1031
        {
            throw new StartRefusedException(new(BootstrapReason.PasswordWrong, $"{name} cannot be decrypted by the passphrase."));
        }
    }

    private static PrivateKeyFile Parse(byte[] text, string? passphrase)
    {
        using MemoryStream stream = new(text);
        return new PrivateKeyFile(stream, passphrase);
    }
}
