namespace Mitogen.HostileChild.Attacks;

/// <summary>What a call is answered with.</summary>
internal static class Answers
{
    private const byte Ordinary = 0;
    private const byte NotStarted = 1;
    private const byte Lost = 2;
    private const int PasswordWrong = 11;

    private static int s_asked;

    public static IReadOnlyList<Attack> All { get; } =
    [
        new("answer-kinds", _ => null, Kinds),
        new("false-claims", _ => null, Claims),
        new("raw-errors", _ => null, Raw),
        new("releases", _ => null, Releases),
        new("imports", _ => null, Imports),
        new("items", _ => null, Items),
        new("paths", Paths),
    ];

    private static bool IsAsk(Incoming call) => call.Call.Method == Attacker.MethodOf("IHostile", "AskAsync()");

    private static bool Later(Action reply)
    {
        new Thread(() => reply()).Start();
        return true;
    }

    /// <summary>Parts of kinds that the call does not have.</summary>
    private static bool Kinds(Attacker a, Incoming call) => IsAsk(call) && Later(() =>
        a.Link.Reply(call, (WireAnswer)(s_asked++ switch { 0 => 77, 1 => 255, 2 => 2, 3 => 4, _ => 3 }), new Packer().Text("believed").ToArray()));

    /// <summary>Another context is gone, or its password was wrong: by the word of this one.</summary>
    private static bool Claims(Attacker a, Incoming call) => IsAsk(call) && Later(() =>
    {
        Packer error = s_asked++ % 2 == 0
            ? new Packer().Byte(Lost).ErrorText("root/sibling").Int(14).Raw(new byte[14])
            : new Packer().Byte(NotStarted).Int(PasswordWrong).ErrorText("sibling").ErrorText("root").ErrorText("Type it again.").Int(0);
        a.Link.Reply(call, WireAnswer.Error, error.Byte(0).ToArray());
    });

    /// <summary>Control characters wherever a text can be.</summary>
    private static bool Raw(Attacker a, Incoming call)
    {
        const string Text = "\u001b[2J\u001b]0;owned\u0007\r\nroot/sibling: all is well\u009b1m\u202e";
        if (!IsAsk(call))
        {
            return false;
        }

        return s_asked++ % 2 == 0
            ? Later(() => a.Link.Reply(
                call,
                WireAnswer.Error,
                new Packer().Byte(Ordinary).ErrorText(Text).ErrorText(Text).ErrorText(Text).ErrorText(Text).ErrorText(Text).Byte(0).Byte(0).ToArray()))
            : Later(() =>
            {
                a.Link.Send(Kind.Reset, Mark.FromAcceptor, call.Caller, call.Stream, [(byte)WireReset.Refused, .. System.Text.Encoding.UTF8.GetBytes(Text)]);
                a.Link.Flush();
            });
    }

    /// <summary>Objects are given, and no release of them is ever answered.</summary>
    private static bool Releases(Attacker a, Incoming call)
    {
        if (call.Call is { Object: not 0, Method: 0 })
        {
            return true;
        }

        return Things(a, call, 300);
    }

    private static bool Imports(Attacker a, Incoming call) => Things(a, call, 65_536);

    private static bool Things(Attacker a, Incoming call, int count)
    {
        if (call.Call.Method != Attacker.MethodOf("IHostile", "ThingsAsync()"))
        {
            return false;
        }

        ulong first = (ulong)(count * s_asked++) + 1;
        return Later(() =>
        {
            Packer result = new Packer().Int(count);
            for (int i = 1; i <= count; i++)
            {
                _ = result.Int(i);
            }

            ulong contract = Attacker.ContractOf("IThing");
            byte[] bytes = result.References([.. Enumerable.Range(0, count).Select(i => ((byte)0, first + (ulong)i, contract))]).ToArray();
            a.Link.Reply(call, WireAnswer.Result, bytes);
        });
    }

    /// <summary>A stream of items that goes on beyond every credit.</summary>
    private static bool Items(Attacker a, Incoming call)
    {
        if (call.Call.Method != Attacker.MethodOf("IHostile", "ItemsAsync(System.Threading.CancellationToken)"))
        {
            return false;
        }

        return Later(() =>
        {
            byte[] part = new byte[60_000];
            part[0] = (byte)WireAnswer.Items;
            part[4] = 0xff;
            part[5] = 0xff;
            part[6] = 0xff;
            for (int i = 0; i < 3_000; i++)
            {
                a.Link.Send(Kind.Data, Mark.FromAcceptor, call.Caller, call.Stream, part);
            }

            a.Link.Flush();
        });
    }

    /// <summary>What the errors that come down say of the machine above.</summary>
    private static string? Paths(Attacker a)
    {
        List<string> found = [];
        Call[] calls =
        [
            a.Next(a.Parent, Wire.ParentContext, 0, Wire.FindAssembly, new Packer().Int(1_000_000)),
            a.Next(a.Parent, Wire.ParentContext, 0, Wire.FindAssembly, new Packer().Text(new string('/', 1000))),
            a.Next(a.Parent, Wire.ParentContext, 0, 0xc9bb2611, new Packer().Text("../../etc/passwd").Int(-1)),
            a.Next(a.Parent, Wire.ParentContext, 0, 0xc9bb2611, new Packer().Text("linux-x64").Int(-1)),
            a.Next(a.Parent, Wire.ParentContext, 0, 12345, new Packer()),
        ];
        foreach (Call call in calls)
        {
            Answer answer = a.Ask(a.Parent, call);
            string text = System.Text.Encoding.UTF8.GetString(answer.Bytes);
            if (text.Contains("   at ", StringComparison.Ordinal) || text.Contains(".cs:line", StringComparison.Ordinal))
            {
                found.Add($"a stack trace comes with {call}");
            }
        }

        return string.Join("; ", found);
    }
}
