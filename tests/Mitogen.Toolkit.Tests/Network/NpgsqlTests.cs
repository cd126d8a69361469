using Mitogen.Runtime.Tests.Leaks;
using Npgsql;

namespace Mitogen.Toolkit.Tests.Network;

/// <summary>Npgsql and a PostgreSQL that this process cannot reach.</summary>
public sealed class NpgsqlTests(PostgresHost postgres) : LeakCheckedTest, IClassFixture<PostgresHost>
{
    [Fact]
    public async Task Npgsql_reaches_a_unix_socket_of_another_context()
    {
        postgres.SkipUnlessThere();
        string folder = Directory.CreateTempSubdirectory("mitogen-toolkit-").FullName;
        await using (MitogenRoot root = MitogenRoot.Create())
        {
            IRemoteContext host = await root.ConnectAsync(new LocalConnection(), Cancellation);
            await using PortForward forward = host.Get<INetwork>().Forward(
                $"unix:{folder}/.s.PGSQL.{PostgresHost.Port}", $"unix:{postgres.Sockets}/.s.PGSQL.{PostgresHost.Port}");

            await UseAsync($"Host={folder};Username={PostgresHost.User}");
        }

        Directory.Delete(folder);
    }

    [Fact]
    public async Task Npgsql_reaches_the_loopback_of_another_network()
    {
        postgres.SkipUnlessThere();
        await using MitogenRoot root = MitogenRoot.Create();
        IRemoteContext host = await root.ConnectAsync(new ExecConnection("ip", "netns", "exec", postgres.Network), Cancellation);
        Assert.Equal(["lo"], (await host.Get<ISystem>().GetFactsAsync(Cancellation)).Interfaces.Select(device => device.Name));
        await using PortForward forward = host.Get<INetwork>().Forward("127.0.0.1:0", $"127.0.0.1:{PostgresHost.Port}");

        await UseAsync($"Host=127.0.0.1;Port={((NetworkAddress.Tcp)forward.Address).Port};Username={PostgresHost.User}");
    }

    /// <summary>Several connections at once, large data in both directions, and a command that is cancelled, which is a connection of its own.</summary>
    private static async Task UseAsync(string address)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create($"{address};Database=postgres;Timeout=120;Command Timeout=120");
        byte[] sent = new byte[1_000_000];
        Random.Shared.NextBytes(sent);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(async i =>
        {
            await using NpgsqlCommand echo = source.CreateCommand("SELECT $1, $2");
            echo.Parameters.AddWithValue(i);
            echo.Parameters.AddWithValue(sent);
            await using NpgsqlDataReader reader = await echo.ExecuteReaderAsync(Cancellation);
            Assert.True(await reader.ReadAsync(Cancellation));
            Assert.Equal(i, reader.GetInt32(0));
            Assert.Equal(sent, reader.GetFieldValue<byte[]>(1));
        }));

        await using NpgsqlConnection connection = await source.OpenConnectionAsync(Cancellation);
        await using NpgsqlCommand sleep = new("SELECT pg_sleep(1000)", connection);
        Task<int> sleeping = sleep.ExecuteNonQueryAsync(Cancellation);
        await Eventually.UntilAsync(() =>
        {
            sleep.Cancel(); // which does nothing before the server has begun with the command
            return sleeping.IsCompleted;
        });
        OperationCanceledException cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sleeping);
        Assert.Equal(PostgresErrorCodes.QueryCanceled, Assert.IsType<PostgresException>(cancelled.InnerException).SqlState);
    }
}
