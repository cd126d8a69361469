using System.Collections.Concurrent;
using Tmds.DBus.Protocol;

namespace Mitogen.Toolkit.Systemd;

/// <summary>A connection to systemd. Its calls and signals are those of <c>org.freedesktop.systemd1(5)</c>.</summary>
internal sealed class SystemdBus : IDisposable
{
    private const string Service = "org.freedesktop.systemd1";
    private const string ManagerPath = "/org/freedesktop/systemd1";
    private const string ManagerInterface = "org.freedesktop.systemd1.Manager";
    private const string DefaultAddress = "unix:path=/var/run/dbus/system_bus_socket";
    private const int MaxUnits = 100_000;

    private readonly DBusConnection _connection;
    private readonly string _context;

    private SystemdBus(DBusConnection connection, string context) => (_connection, _context) = (connection, context);

    public static async Task<SystemdBus> ConnectAsync(string context, CancellationToken cancellationToken)
    {
        string address = Environment.GetEnvironmentVariable("DBUS_SYSTEM_BUS_ADDRESS") is { Length: > 0 } told ? told : DefaultAddress;
        DBusConnection connection = new(address);
        try
        {
            await connection.ConnectAsync().AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
            return new SystemdBus(connection, context);
        }
        catch (Exception e) when (e is DBusConnectionException or IOException)
        {
            connection.Dispose();
            throw new InvalidOperationException($"{context} has no D-Bus at {address}, so that systemd cannot be asked there: {e.Message}", e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public void Dispose() => _connection.Dispose();

    /// <summary>ListUnitsByPatterns(states, patterns).</summary>
    public async Task<IReadOnlyList<UnitFacts>> ListAsync(string pattern, CancellationToken cancellationToken)
    {
        List<UnitFacts> units = await CallAsync(
            "ListUnitsByPatterns", "asas", (ref MessageWriter writer) =>
            {
                writer.WriteArray(Array.Empty<string>());
                writer.WriteArray(new[] { pattern });
            },
            ReadUnits,
            cancellationToken).ConfigureAwait(false);
        return [.. units.OrderBy(unit => unit.Name, StringComparer.Ordinal)];
    }

    /// <summary>ListUnitsByNames(names) also tells of units that are not loaded, and of names that no unit has.</summary>
    public async Task<UnitFacts?> FindAsync(string unit, CancellationToken cancellationToken)
    {
        List<UnitFacts> units = await CallAsync(
            "ListUnitsByNames", "as", (ref MessageWriter writer) => writer.WriteArray(new[] { unit }), ReadUnits, cancellationToken).ConfigureAwait(false);
        return units.FirstOrDefault();
    }

    public Task EnableAsync(string unit, CancellationToken cancellationToken) => CallAsync(
        "EnableUnitFiles",
        "asbb",
        (ref MessageWriter writer) =>
        {
            writer.WriteArray(new[] { unit });
            writer.WriteBool(false); // for good, and not until the next start
            writer.WriteBool(false); // links of others stay
        },
        ReadNothing,
        cancellationToken);

    public Task DisableAsync(string unit, CancellationToken cancellationToken) => CallAsync(
        "DisableUnitFiles",
        "asb",
        (ref MessageWriter writer) =>
        {
            writer.WriteArray(new[] { unit });
            writer.WriteBool(false);
        },
        ReadNothing,
        cancellationToken);

    public Task ReloadFilesAsync(CancellationToken cancellationToken) =>
        CallAsync("Reload", null, static (ref MessageWriter _) => { }, ReadNothing, cancellationToken);

    /// <summary>Orders a job, and waits for the signal that it is over.</summary>
    public async Task RunJobAsync(string method, string unit, CancellationToken cancellationToken)
    {
        // The signal may come before the answer that names the job: so all are kept until then.
        ConcurrentDictionary<string, TaskCompletionSource<string>> ended = new(StringComparer.Ordinal);
        TaskCompletionSource<string> Of(string job) =>
            ended.GetOrAdd(job, static _ => new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously));
        using IDisposable watch = await _connection.WatchSignalAsync(
            Service,
            ManagerPath,
            ManagerInterface,
            "JobRemoved",
            static (Message message, object? _) =>
            {
                Reader reader = message.GetBodyReader();
                _ = reader.ReadUInt32();
                string job = reader.ReadObjectPathAsString();
                _ = reader.ReadString();
                return (Job: job, Result: reader.ReadString());
            },
            (Notification<(string Job, string Result)> removed) =>
            {
                if (removed.HasValue)
                {
                    _ = Of(removed.Value.Job).TrySetResult(removed.Value.Result);
                }
            },
            ObserverFlags.None,
            emitOnCapturedContext: false).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        await CallAsync("Subscribe", null, static (ref MessageWriter _) => { }, ReadNothing, cancellationToken).ConfigureAwait(false);
        string job = await CallAsync(
            method,
            "ss",
            (ref MessageWriter writer) =>
            {
                writer.WriteString(unit);
                writer.WriteString("replace");
            },
            static (Message message, object? _) => message.GetBodyReader().ReadObjectPathAsString(),
            cancellationToken).ConfigureAwait(false);
        Task<Exception?> disconnected = _connection.DisconnectedAsync();
        Task<string> result = Of(job).Task;
        if (await Task.WhenAny(result, disconnected).WaitAsync(cancellationToken).ConfigureAwait(false) != result)
        {
            throw new IOException($"The bus of {_context} was lost while systemd worked on '{unit}'. Look at the unit's state.");
        }

        string outcome = await result.ConfigureAwait(false);
        if (outcome is not ("done" or "skipped"))
        {
            throw new IOException($"systemd on {_context} ended {method} of '{unit}' with '{outcome}': 'journalctl -u {unit}' there says why.");
        }
    }

    private static bool ReadNothing(Message message, object? state) => true;

    /// <summary>a(ssssssouso): name, description, three states, who it follows, path, and number, kind and path of a job.</summary>
    private static List<UnitFacts> ReadUnits(Message message, object? state)
    {
        List<UnitFacts> units = [];
        Reader reader = message.GetBodyReader();
        ArrayEnd end = reader.ReadArrayStart(DBusType.Struct);
        while (reader.HasNext(end))
        {
            reader.AlignStruct();
            string name = reader.ReadString();
            string description = reader.ReadString();
            string load = reader.ReadString();
            string active = reader.ReadString();
            string sub = reader.ReadString();
            _ = reader.ReadString();
            _ = reader.ReadObjectPathAsString();
            _ = reader.ReadUInt32();
            string job = reader.ReadString();
            _ = reader.ReadObjectPathAsString();
            if (units.Count < MaxUnits)
            {
                units.Add(new UnitFacts(name, description, load, active, sub, job));
            }
        }

        return units;
    }

    private async Task<T> CallAsync<T>(string method, string? signature, WriteArguments write, MessageValueReader<T> read, CancellationToken cancellationToken)
    {
        try
        {
            return await _connection.CallMethodAsync(Message(method, signature, write), read, null).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DBusErrorReplyException e) when (e.ErrorName.EndsWith("AccessDenied", StringComparison.Ordinal)
            || e.ErrorName.EndsWith("InteractiveAuthorizationRequired", StringComparison.Ordinal))
        {
            throw new UnauthorizedAccessException($"systemd on {_context} does not let this user call {method}: {e.ErrorMessage} Start a context by sudo.", e);
        }
        catch (DBusErrorReplyException e) when (e.ErrorName.EndsWith("ServiceUnknown", StringComparison.Ordinal)
            || e.ErrorName.EndsWith("NameHasNoOwner", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"No systemd runs on {_context}: nobody answers for it on the bus ({e.ErrorMessage}).", e);
        }
        catch (DBusErrorReplyException e)
        {
            throw new IOException($"systemd on {_context} refused {method}: {e.ErrorMessage} ({e.ErrorName})", e);
        }
    }

    private MessageBuffer Message(string method, string? signature, WriteArguments write)
    {
        MessageWriter writer = _connection.GetMessageWriter();
        try
        {
            writer.WriteMethodCallHeader(Service, ManagerPath, ManagerInterface, method, signature, MessageFlags.None);
            write(ref writer);
            return writer.CreateMessage();
        }
        finally
        {
            writer.Dispose();
        }
    }

    private delegate void WriteArguments(ref MessageWriter writer);
}
