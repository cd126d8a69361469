using Mitogen.Runtime.Tests.Connections;

namespace Mitogen.Hosts.Tests.Connections;

/// <summary>Contexts of other accounts of the same machine.</summary>
public sealed class AccountConnectionTests : ConnectionTest
{
    public static TheoryData<Connection, string> Ways { get; } = new()
    {
        { new SudoConnection { Password = TestHost.PasswordOrNone }, "root" },
        { new SudoConnection { Password = TestHost.PasswordOrNone, User = "mito-fish", Login = true }, "mito-fish" },
        { new SuConnection { Password = TestHost.PasswordOrNone, User = "mito-csh" }, "mito-csh" },
        { new SuConnection { Password = TestHost.PasswordOrNone, User = "mito-zsh", Login = true }, "mito-zsh" },
        { new DoasConnection { Password = TestHost.PasswordOrNone }, "root" },
        { new DoasConnection { Password = TestHost.PasswordOrNone, User = "mito-ash" }, "mito-ash" },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_password_opens_another_account_and_nothing_is_left(Connection connection, string user)
    {
        TestHost.Needs("sudo", "su", "doas");
        HostListing before = await HostListing.OfUsersAsync(TestHost.PasswordUser, user);
        foreach (ExecutableKind executable in (ExecutableKind[])[ExecutableKind.Managed, ExecutableKind.Native])
        {
            await using MitogenRoot root = await CreateRootAsync(executable);
            await using IRemoteContext self = await root.ConnectAsync(
                new SudoConnection { User = TestHost.PasswordUser, Executable = executable }, Cancellation);
            await using IRemoteContext other = await self.ConnectAsync(connection with { Executable = executable }, Cancellation);
            await AnswersAsync(other, user);
        }

        if (user != "root")
        {
            await before.AssertUnchangedAsync();
        }
    }

    [Fact]
    public async Task Each_failure_has_its_reason()
    {
        TestHost.Needs("sudo", "su", "doas");
        await using MitogenRoot root = await CreateRootAsync();
        await using IRemoteContext asker = await root.ConnectAsync(new SudoConnection { User = TestHost.PasswordUser }, Cancellation);
        await using IRemoteContext denied = await root.ConnectAsync(new SudoConnection { User = TestHost.DeniedUser }, Cancellation);
        HostListing target = await HostListing.OfUsersAsync(TestHost.PasswordUser, TestHost.DeniedUser, "mito-csh");

        _ = await FailsAsync(asker, new SudoConnection(), BootstrapReason.PasswordRequired, target);
        _ = await FailsAsync(asker, new SudoConnection { Password = "wrong" }, BootstrapReason.PasswordWrong, target);
        _ = await FailsAsync(asker, new SudoConnection { SudoPath = "/nowhere/sudo" }, BootstrapReason.ToolNotFound, target);
        _ = await FailsAsync(denied, new SudoConnection { Password = TestHost.Password }, BootstrapReason.NotAllowed, target);
        _ = await FailsAsync(root, new SudoConnection { User = "nobody-at-all" }, BootstrapReason.NotAllowed, target);

        _ = await FailsAsync(denied, new SuConnection { User = "mito-csh" }, BootstrapReason.PasswordRequired, target);
        _ = await FailsAsync(denied, new SuConnection { User = "mito-csh", Password = "wrong" }, BootstrapReason.PasswordWrong, target);
        _ = await FailsAsync(denied, new SuConnection { User = "nobody-at-all", Password = "x" }, BootstrapReason.NotAllowed, target);

        _ = await FailsAsync(asker, new DoasConnection(), BootstrapReason.PasswordRequired, target);
        _ = await FailsAsync(asker, new DoasConnection { Password = "wrong" }, BootstrapReason.PasswordWrong, target);
        _ = await FailsAsync(denied, new DoasConnection { Password = TestHost.Password }, BootstrapReason.NotAllowed, target);
        await AnswersAsync(asker);
        await AnswersAsync(denied);
    }

    [Fact]
    public async Task A_current_directory_that_cannot_be_entered_is_left()
    {
        TestHost.Needs("sudo");
        await using MitogenRoot root = await CreateRootAsync();
        string closed = Directory.CreateTempSubdirectory("test-closed-").FullName;
        string script = Scripts.Write($"cd {closed} && exec sudo \"$@\"");
        try
        {
            await using IRemoteContext other = await root.ConnectAsync(
                new SudoConnection { User = "mito-dash", SudoPath = script }, Cancellation);
            await AnswersAsync(other, "mito-dash");
        }
        finally
        {
            Directory.Delete(closed);
        }
    }
}
