using System.Globalization;
using System.Text;

namespace Mitogen.HostileChild.Attacks;

/// <summary>Spans that nobody asked for, and trace contexts that make no sense.</summary>
internal static class TraceAttacks
{
    private const string Evil = "\u001b[2J\r\nroot/sibling\u009b\u202e";
    private const string Trace = "0123456789abcdef0123456789abcdef";
    private const uint TraceBit = 1u << 31;

    public static IReadOnlyList<Attack> All { get; } = [new("trace-spans", Spans), new("trace-fields", Fields)];

    /// <summary>Floods with spans of ever new sources, in the attacker's own name and in that of others.</summary>
    private static string? Spans(Attacker a)
    {
        string own = a.Above.Count == 1 ? "root/evil" : "root/middle/evil";
        for (int i = 0; i < 4_000; i++)
        {
            Packer batch = new Packer().Object(4).Text(i % 10 == 0 ? "root/sibling" : own).Int(0).Int(4);
            for (int span = 0; span < 4; span++)
            {
                _ = batch.Object(15).Text(string.Create(CultureInfo.InvariantCulture, $"source {i}")).Text(Evil).Text(Evil).Int(1)
                    .Object(3).Text(Trace).Text("0123456789abcdef").Int(1)
                    .Text("fedcba9876543210").Byte(1).Text(Evil).Long(630_000_000_000_000_000).Long(1).Int(2).Text(Evil)
                    .Int(2).Object(4).Text("mitogen.context").Byte(1).Long(0).Text("root/sibling")
                    .Object(4).Text(Evil).Byte(1).Long(0).Text(Evil)
                    .Int(1).Object(3).Text(Evil).Long(630_000_000_000_000_000).Int(0)
                    .Int(0);
            }

            _ = a.Open(Wire.Root, a.Next(Wire.Root, Wire.LogSink, 0, Wire.WriteLog, batch.Int(0)), Mark.End);
        }

        return null;
    }

    /// <summary>Calls the object that it was given, with one trace context after the other.</summary>
    private static string? Fields(Attacker a)
    {
        byte[][] messages =
        [
            [],
            [0xff],
            [0xff, 0xff],
            [3, 0, 200, (byte)'a', 0],
            [4, 0, 1, (byte)'a', 0xff, 0xff],
            .. new[] { "", "00-", $"00-{Trace}-0123456789abcdef-01", $"00-{new string('0', 32)}-{new string('0', 16)}-01", Evil, new string('x', 16_000) }
                .Select(parent => Message(("traceparent", parent), ("tracestate", Evil), ("baggage", "tenant=root/sibling,a=" + Evil))),
            Message([.. Enumerable.Repeat(("traceparent", ""), 1_000)]),
        ];
        uint to = a.Trigger!.Caller;
        ulong sequence = 0;
        foreach (byte[] message in messages)
        {
            for (int i = 0; i < 200; i++)
            {
                Call call = a.OfGrant(sequence++, "MarkAsync()", message) with { Announced = (uint)message.Length | TraceBit };
                a.Link.SendMessage(Kind.Open, Mark.End, to, a.NextStream(), call.Write());
            }
        }

        return null;
    }

    private static byte[] Message(params (string Name, string Value)[] fields)
    {
        List<byte> bytes = [];
        foreach ((string name, string value) in fields)
        {
            byte[] text = Encoding.UTF8.GetBytes(value);
            bytes.AddRange([(byte)name.Length, .. Encoding.UTF8.GetBytes(name), (byte)text.Length, (byte)(text.Length >> 8), .. text]);
        }

        return [(byte)bytes.Count, (byte)(bytes.Count >> 8), .. bytes];
    }
}
