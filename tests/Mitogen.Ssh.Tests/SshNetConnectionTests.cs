using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Mitogen.Import;
using Mitogen.Ssh.Tests.Servers;
using Mitogen.TestContracts;

namespace Mitogen.Ssh.Tests;

/// <summary>Contexts behind a real sshd: started in each way to log in, called, and ended without a trace.</summary>
public sealed class SshNetConnectionTests(RootServer server) : ServerTest, IClassFixture<RootServer>
{
    [Theory]
    [InlineData("id")]
    [InlineData("id_rsa")]
    [InlineData("id_ecdsa")]
    public async Task A_context_is_started_by_a_key_file_called_and_disposed(string key)
    {
        server.SkipUnlessThere();
        await using MitogenRoot root = MitogenRoot.Create();
        IRemoteContext child = await root.ConnectAsync(server.Connection with { IdentityFile = server.FileAt(key) }, Cancellation);
        Whereabouts where = await child.Get<IProbe>().WhereAsync();
        Assert.NotEqual(Environment.ProcessId, where.ProcessId);
        Assert.Equal("well", await child.Get<IProbe>().EchoAsync("well"));

        await child.DisposeAsync();

        Assert.Equal(DisconnectKind.Disposed, child.DisconnectReason?.Kind);
        Assert.False(Directory.Exists($"/proc/{where.ProcessId}"));
    }

    [Fact]
    public async Task A_key_from_memory_is_decrypted_by_its_passphrase()
    {
        server.SkipUnlessThere();
        SshNetConnection connection = server.Connection with
        {
            IdentityFile = null,
            PrivateKey = await File.ReadAllTextAsync(server.FileAt("locked"), Cancellation),
            Passphrase = RootServer.Passphrase,
        };
        await using MitogenRoot root = MitogenRoot.Create();
        IRemoteContext child = await root.ConnectAsync(connection, Cancellation);
        Assert.Equal("well", await child.Get<IProbe>().EchoAsync("well"));
    }

    [Fact]
    public async Task A_password_logs_in()
    {
        (string user, string password) = server.SkipUnlessThereAreUsers();
        await using MitogenRoot root = MitogenRoot.Create();
        IRemoteContext child = await root.ConnectAsync(
            server.Connection with { IdentityFile = null, User = user, Password = password }, Cancellation);
        Assert.Equal(user, child.Info.UserName);
    }

    [Fact]
    public async Task Much_goes_both_ways_at_once()
    {
        server.SkipUnlessThere();
        await using MitogenRoot root = MitogenRoot.Create();
        IRemoteContext child = await root.ConnectAsync(server.Connection, Cancellation);
        string text = new('x', 4 * 1024 * 1024);
        string[] answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => child.Get<IProbe>().EchoAsync(text)));
        Assert.All(answers, answer => Assert.Equal(text, answer));
    }

    [Fact]
    public async Task Standard_error_and_the_exit_status_arrive()
    {
        server.SkipUnlessThere();
        await using MitogenRoot root = MitogenRoot.Create();
        IRemoteContext child = await root.ConnectAsync(server.Connection, Cancellation);
        ContextLostException lost = await Assert.ThrowsAsync<ContextLostException>(() => child.Get<ITrouble>().ExitAsync(7, "so long"));
        Assert.Equal(DisconnectKind.Exited, lost.Reason.Kind);
        Assert.Equal(7, lost.Reason.ExitCode);
        Assert.Contains("so long", lost.Reason.LastLines ?? []);
    }

    [Fact]
    public async Task A_killed_context_is_lost_with_its_signal()
    {
        server.SkipUnlessThere();
        await using MitogenRoot root = MitogenRoot.Create();
        IRemoteContext child = await root.ConnectAsync(server.Connection, Cancellation);
        using Process process = Process.GetProcessById((await child.Get<IProbe>().WhereAsync()).ProcessId);
        Task waiting = child.Get<ITrouble>().WaitAsync(Cancellation);
        process.Kill();
        ContextLostException lost = await Assert.ThrowsAsync<ContextLostException>(() => waiting);
        Assert.Equal(128 + 9, lost.Reason.ExitCode);
    }

    [Fact]
    public async Task Contexts_start_in_parallel_and_below()
    {
        server.SkipUnlessThere();
        await using MitogenRoot root = MitogenRoot.Create();
        IRemoteContext[] children = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => root.ConnectAsync(server.Connection, Cancellation)));
        Assert.Equal(5, children.Select(child => child.Info.ProcessId).Distinct().Count());
        IRemoteContext below = await children[0].ConnectAsync(new LocalConnection(), Cancellation);
        Assert.Equal("well", await below.Get<IProbe>().EchoAsync("well"));
    }

    [Fact]
    public async Task Another_context_cannot_start_one()
    {
        await using MitogenRoot root = MitogenRoot.Create();
        IRemoteContext local = await root.ConnectAsync(new LocalConnection(), Cancellation);
        await Assert.ThrowsAsync<ArgumentException>(() => local.ConnectAsync(new SshNetConnection("host"), Cancellation));
    }

    [Fact]
    public async Task A_start_that_is_given_up_leaves_nothing()
    {
        server.SkipUnlessThere();
        using CancellationTokenSource giveUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using MitogenRoot root = MitogenRoot.Create();
        Task starting = root.ConnectAsync(server.Connection, giveUp.Token);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);
    }

    /// <summary>Its thread, which the leak check looks for, does not go on to wait for the server's next answer.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_start_that_is_given_up_waits_for_nothing_more(bool isThrough)
    {
        using CancellationTokenSource giveUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        await using MitogenRoot root = MitogenRoot.Create();
        SshNetConnection connection = new(RootServer.Host)
        {
            Port = ((IPEndPoint)listener.LocalEndpoint).Port,
            Password = "any",
            ConnectTimeout = TimeSpan.FromMinutes(10),
            Via = isThrough ? await root.ConnectAsync(new LocalConnection(), Cancellation) : null,
        };
        Task starting = root.ConnectAsync(connection, giveUp.Token);
        Socket accepted = await listener.AcceptSocketAsync(Cancellation);
        _ = await accepted.ReceiveAsync(new byte[1], Cancellation); // it is connected, and waits for the server's name
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);

        if (!isThrough)
        {
            _ = await accepted.SendAsync("SSH-2.0-test\r\n"u8.ToArray(), Cancellation);
        }

        byte[] rest = new byte[4096];
        while (await accepted.ReceiveAsync(rest, Cancellation) > 0)
        {
            // The client closes it.
        }

        accepted.Dispose();
    }

    [Fact]
    public async Task A_context_that_hangs_and_does_not_read_is_ended()
    {
        server.SkipUnlessThere();
        await using MitogenRoot root = MitogenRoot.Create();
        IRemoteContext child = await root.ConnectAsync(server.Connection with { GracePeriod = TimeSpan.FromMilliseconds(100) }, Cancellation);
        using Process process = Process.GetProcessById((await child.Get<IProbe>().WhereAsync()).ProcessId);
        _ = await HostCommand.OutputAsync("/bin/kill", "-STOP", $"{process.Id}");
        Task<string>[] calls = [.. Enumerable.Range(0, 32).Select(_ => child.Get<IProbe>().EchoAsync(new string('x', 1024 * 1024)))];

        await child.DisposeAsync();

        process.Kill();
        foreach (Task<string> call in calls)
        {
            await Assert.ThrowsAsync<ContextLostException>(() => call);
        }
    }

    [Fact]
    public void The_client_is_not_sent_ahead_to_contexts_that_make_no_connection()
    {
        AssemblyClosure closure = AssemblyClosure.Compute([typeof(SshNetConnectionTests).Assembly, typeof(SshNetConnection).Assembly], []);
        string[] libraries = ["Renci.SshNet", "BouncyCastle.Cryptography"];
        Assert.Subset(closure.Files.Keys.ToHashSet(), libraries.ToHashSet());
        Assert.Contains("Mitogen.Ssh", closure.Assemblies);
        Assert.Empty(closure.Assemblies.Intersect(libraries));
    }
}
