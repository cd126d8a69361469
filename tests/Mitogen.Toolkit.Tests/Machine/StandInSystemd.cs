using Tmds.DBus.Protocol;

namespace Mitogen.Toolkit.Tests.Machine;

/// <summary>Answers on a bus as systemd does, for three units: one that can be started, one that fails to, and one that nobody may touch.</summary>
internal sealed class StandInSystemd(DBusConnection connection) : IPathMethodHandler
{
    private const string Manager = "org.freedesktop.systemd1.Manager";

    private readonly Dictionary<string, string> _states = new(StringComparer.Ordinal)
    {
        ["good.service"] = "inactive",
        ["bad.service"] = "failed",
        ["locked.service"] = "active",
    };

    private readonly List<string> _calls = [];
    private uint _job;

    public string Path => "/org/freedesktop/systemd1";

    public bool HandlesChildPaths => false;

    /// <summary>What it was asked for, in order.</summary>
    public IReadOnlyList<string> Calls
    {
        get
        {
            lock (_calls)
            {
                return [.. _calls];
            }
        }
    }

    public ValueTask HandleMethodAsync(MethodContext context)
    {
        string member = context.Request.MemberAsString!;
        Reader reader = context.Request.GetBodyReader();
        switch (member)
        {
            case "Subscribe" or "Reload":
                Note(member);
                ReplyNothing(context);
                break;
            case "ListUnitsByPatterns":
                _ = reader.ReadArrayOfString();
                string pattern = reader.ReadArrayOfString()[0];
                ReplyUnits(context, _states.Keys.Where(name => name.EndsWith(pattern.TrimStart('*'), StringComparison.Ordinal)));
                break;
            case "ListUnitsByNames":
                ReplyUnits(context, reader.ReadArrayOfString());
                break;
            case "EnableUnitFiles" or "DisableUnitFiles":
                Note($"{member} {reader.ReadArrayOfString()[0]}");
                ReplyChanges(context, member == "EnableUnitFiles");
                break;
            default:
                RunJob(context, member, reader.ReadString());
                break;
        }

        return default;
    }

    private static void ReplyNothing(MethodContext context)
    {
        using MessageWriter writer = context.CreateReplyWriter(null);
        context.Reply(writer.CreateMessage());
    }

    private static void ReplyChanges(MethodContext context, bool enabled)
    {
        MessageWriter writer = context.CreateReplyWriter(enabled ? "ba(sss)" : "a(sss)");
        if (enabled)
        {
            writer.WriteBool(true);
        }

        ArrayStart start = writer.WriteArrayStart(DBusType.Struct);
        writer.WriteArrayEnd(start);
        context.Reply(writer.CreateMessage());
        writer.Dispose();
    }

    private void Note(string call)
    {
        lock (_calls)
        {
            _calls.Add(call);
        }
    }

    private void ReplyUnits(MethodContext context, IEnumerable<string> names)
    {
        MessageWriter writer = context.CreateReplyWriter("a(ssssssouso)");
        ArrayStart start = writer.WriteArrayStart(DBusType.Struct);
        foreach (string name in names)
        {
            bool exists = _states.TryGetValue(name, out string? state);
            writer.WriteStructureStart();
            writer.WriteString(name);
            writer.WriteString($"The unit {name}");
            writer.WriteString(exists ? "loaded" : "not-found");
            writer.WriteString(state ?? "inactive");
            writer.WriteString(state == "active" ? "running" : "dead");
            writer.WriteString("");
            writer.WriteObjectPath("/org/freedesktop/systemd1/unit/x");
            writer.WriteUInt32(0);
            writer.WriteString("");
            writer.WriteObjectPath("/");
        }

        writer.WriteArrayEnd(start);
        context.Reply(writer.CreateMessage());
        writer.Dispose();
    }

    /// <summary>The signal comes before the answer that names the job, as it may.</summary>
    private void RunJob(MethodContext context, string member, string unit)
    {
        Note($"{member} {unit}");
        if (unit == "locked.service")
        {
            context.ReplyError("org.freedesktop.DBus.Error.AccessDenied", "Access denied");
            return;
        }

        if (!_states.ContainsKey(unit))
        {
            context.ReplyError("org.freedesktop.systemd1.NoSuchUnit", $"Unit {unit} not found.");
            return;
        }

        string job = $"/org/freedesktop/systemd1/job/{++_job}";
        MessageWriter signal = connection.GetMessageWriter();
        signal.WriteSignalHeader(null, Path, Manager, "JobRemoved", "uoss");
        signal.WriteUInt32(_job);
        signal.WriteObjectPath(job);
        signal.WriteString(unit);
        signal.WriteString(unit == "bad.service" ? "failed" : "done");
        _ = connection.TrySendMessage(signal.CreateMessage());
        signal.Dispose();
        if (unit == "good.service")
        {
            _states[unit] = member == "StopUnit" ? "inactive" : "active";
        }

        MessageWriter writer = context.CreateReplyWriter("o");
        writer.WriteObjectPath(job);
        context.Reply(writer.CreateMessage());
        writer.Dispose();
    }
}
