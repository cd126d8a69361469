using System.Globalization;

namespace Mitogen.HostileChild.Attacks;

/// <summary>Log records.</summary>
internal static class LogAttacks
{
    private const string Own = "root/evil";

    public static IReadOnlyList<Attack> All { get; } =
    [
        new("log-batches", LogBatches),
        new("log-large", LogLarge),
        new("log-categories", LogCategories),
        new("log-of-others", LogOfOthers),
        new("log-raw", LogRaw) { Host = "host\u001b[2J\r\nroot/sibling" },
    ];

    private static Packer Batch(string context, int records, Func<int, string> category, Func<int, string> message)
    {
        Packer batch = new Packer().Object(4).Text(context).Int(records);
        for (int i = 0; i < records; i++)
        {
            _ = batch.Object(10).Text(category(i)).Int(3).Int(0).Text(null).Text(message(i)).Text(null).Int(0).Text(null).Int(0).Byte(255);
        }

        return batch.Int(0).Int(0);
    }

    private static void Log(Attacker a, Packer batch) => a.Link.SendMessage(
        Kind.Open, Mark.None, Wire.Root, a.NextStream(), a.Next(Wire.Root, Wire.LogSink, 0, Wire.WriteLog, batch).Write());

    private static string Path(Attacker a) => a.Above.Count == 1 ? Own : "root/middle/evil";

    /// <summary>As many batches as the windows take, faster than any logger writes.</summary>
    private static string? LogBatches(Attacker a)
    {
        string message = new('x', 3_800);
        byte[] batch = Batch(Path(a), 4, _ => "flood", _ => message).ToArray();
        for (int i = 0; i < 4_000; i++)
        {
            _ = a.Open(Wire.Root, a.Next(Wire.Root, Wire.LogSink, 0, Wire.WriteLog, new Packer().Raw(batch)), Mark.End);
        }

        return null;
    }

    /// <summary>One batch of many tiny records, which take far more memory than bytes.</summary>
    private static string? LogLarge(Attacker a)
    {
        Log(a, Batch(Path(a), 600_000, _ => "", _ => ""));
        return null;
    }

    private static string? LogCategories(Attacker a)
    {
        for (int batch = 0; batch < 500; batch++)
        {
            int first = 100 * batch;
            Log(a, Batch(Path(a), 100, i => string.Create(CultureInfo.InvariantCulture, $"category {first + i} {new string('c', 60)}"), _ => "m"));
        }

        return null;
    }

    /// <summary>In the name of others.</summary>
    private static string? LogOfOthers(Attacker a)
    {
        foreach (string name in (string[])["root/sibling", "root", "root/middle", "root/middle/sibling", "root/evil2", ""])
        {
            for (int i = 0; i < 50; i++)
            {
                Log(a, Batch(name, 1, _ => "forged", _ => "forged"));
            }
        }

        return null;
    }

    private static string? LogRaw(Attacker a)
    {
        const string Text = "\u001b[2J\u001b]0;owned\u0007\r\n[12:00:00] root/sibling: all is well\u009b1m\u0000\u202e";
        Packer batch = new Packer().Object(4).Text(Path(a)).Int(1)
            .Object(10).Text("cat" + Text).Int(3).Int(0).Text("event" + Text).Text("message" + Text).Text("error" + Text)
            .Int(1).Object(2).Text("scope" + Text).Int(0)
            .Text("template" + Text).Int(1).Object(4).Text("name" + Text).Byte(1).Long(0).Text("value" + Text).Byte(255)
            .Int(0).Int(0);
        Log(a, batch);
        return null;
    }
}
