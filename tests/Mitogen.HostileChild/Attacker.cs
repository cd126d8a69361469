using System.Buffers.Binary;

namespace Mitogen.HostileChild;

/// <summary>A context that said hello properly, and what it knows: who is above, who is beside, what it was given.</summary>
internal sealed class Attacker
{
    /// <summary>What the other side has called it with: its contracts, by their names.</summary>
    public const string Contracts = "Mitogen.HostileKit.";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly Attack _attack;
    private readonly Dictionary<(uint, ulong, ulong), ulong> _sequences = [];
    private ulong _lastStream;

    public Attacker(Attack attack, uint[] others, ParentLink link)
    {
        _attack = attack;
        Others = others;
        Link = link;
        link.OnCall = OnCall;
    }

    public ParentLink Link { get; }

    public uint Self => Link.Self;

    /// <summary>The contexts above, the parent first.</summary>
    public IReadOnlyList<uint> Above { get; private set; } = [];

    public uint Parent => Above[0];

    /// <summary>Contexts that are neither above nor below.</summary>
    public IReadOnlyList<uint> Others { get; }

    /// <summary>The assemblies that the parent has for this context.</summary>
    public IReadOnlyList<string> Assemblies { get; private set; } = [];

    /// <summary>Who called for the attack, and gave an object with it.</summary>
    public Incoming? Trigger { get; private set; }

    /// <summary>The object that was given: an <c>IGrant</c> of the root's.</summary>
    public ulong Granted { get; private set; }

    public static ulong ContractOf(string name) => Wire.Contract(Contracts + name);

    public static uint MethodOf(string contract, string method) => Wire.Method($"{Contracts}{contract}::{method}");

    /// <summary>Says hello, is welcomed, and says that it is ready.</summary>
    public void Introduce(byte[] nonce)
    {
        byte[] hello = new Packer().Object(3).Int(_attack.Version ?? Wire.Version)
            .Raw(new Packer().Info(_attack.Host ?? Environment.MachineName, "mallory", "Linux").ToArray()).Long(0).ToArray();
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, hello.Length);
        Link.SendRaw([.. nonce, .. length, .. hello]);
        Welcome(Link.ReadExactly(BinaryPrimitives.ReadInt32LittleEndian(Link.ReadExactly(4))));
        new Thread(Read) { Name = "reader" }.Start();
        Link.SendMessage(Kind.Open, Mark.None, Parent, NextStream(), Next(Parent, Wire.ParentContext, 0, Wire.Ready, new Packer().Text(null)).Write());
    }

    public ulong NextStream() => ++_lastStream;

    /// <summary>A call with its place in the order.</summary>
    public Call Next(uint to, ulong contract, ulong target, uint method, Packer arguments)
    {
        ulong sequence = _sequences.GetValueOrDefault((to, contract, target));
        _sequences[(to, contract, target)] = sequence + 1;
        return new Call(contract, target, sequence, method) { Arguments = arguments.ToArray() };
    }

    /// <summary>Calls and waits for the answer.</summary>
    public Answer Ask(uint to, Call call) => Link.Ask(to, NextStream(), call).WaitAsync(s_patience).GetAwaiter().GetResult();

    /// <summary>Opens a stream and leaves it at that.</summary>
    public ulong Open(uint to, Call call, Mark mark = Mark.None, uint? source = null)
    {
        ulong stream = NextStream();
        Link.Send(Kind.Open, mark, to, stream, call.Write(), source);
        return stream;
    }

    public void Reset(uint to, ulong stream) => Link.Send(Kind.Reset, Mark.None, to, stream, [(byte)WireReset.Cancelled]);

    /// <summary>A call of the object that was given.</summary>
    public Call OfGrant(ulong sequence, string method, byte[] arguments) =>
        new(ContractOf("IGrant"), Granted, sequence, MethodOf("IGrant", method)) { Arguments = arguments };

    /// <summary>Leases a block of ids, if the parent has one for this context.</summary>
    public (uint First, uint Count)? Lease()
    {
        Answer answer = Ask(Parent, Next(Parent, Wire.ParentContext, 0, Wire.Lease, new Packer()));
        return answer.Reset is null && answer.Bytes[0] == (byte)WireAnswer.Result
            ? (BinaryPrimitives.ReadUInt32LittleEndian(answer.Bytes.AsSpan(8)), BinaryPrimitives.ReadUInt32LittleEndian(answer.Bytes.AsSpan(12)))
            : null;
    }

    /// <summary>Says that a context came up below another one.</summary>
    public void AddRoute(uint id, uint parent) =>
        Link.Send(Kind.RouteAdded, Mark.None, 0, 0, new Packer().Int((int)id).Int((int)parent).ToArray());

    private void Welcome(byte[] welcome)
    {
        Unpacker reader = new(welcome);
        _ = reader.Byte();
        Link.Self = (uint)reader.Int();
        _ = reader.Text();
        uint[] above = new uint[reader.Int()];
        for (int i = 0; i < above.Length; i++)
        {
            _ = reader.Byte();
            above[above.Length - 1 - i] = (uint)reader.Int();
            _ = reader.Text();
        }

        Above = above;
        for (int options = reader.Byte(); options > 0; options--)
        {
            _ = reader.Int();
        }

        _ = reader.Int();
        _ = reader.Text();
        _ = reader.Texts();
        Assemblies = reader.Texts();
    }

    private void Read()
    {
        try
        {
            Link.Run();
        }
        catch (IOException)
        {
            Environment.Exit(0); // the parent closed the link
        }
    }

    private void OnCall(Incoming call)
    {
        if (_attack.Answer?.Invoke(this, call) == true)
        {
            return;
        }

        if (call.Call.Method == MethodOf("IHostile", "AttackAsync(Mitogen.HostileKit.IGrant)"))
        {
            Trigger = call;
            Granted = BinaryPrimitives.ReadUInt64LittleEndian(call.Call.Arguments.AsSpan(^20));
            new Thread(Act) { Name = "attack" }.Start();
        }
        else if (call.Call.Method != MethodOf("IHostile", "NeverAsync()"))
        {
            // On a thread of its own: the reader has credit to take in.
            new Thread(() => Link.Reply(call, WireAnswer.Result, [])).Start();
        }
    }

    private void Act()
    {
        try
        {
            string said = _attack.Run(this) ?? "";
            Link.Flush();
            Link.Read(true);
            for (long seen = -1; seen != Link.Received;)
            {
                seen = Link.Received;
                Thread.Sleep(300);
            }

            Link.Reply(Trigger!, WireAnswer.Result, new Packer().Text($"{Link.Report}{(said.Length > 0 ? ": " : "")}{said}").ToArray());
        }
        catch (IOException)
        {
            // The parent closed the link: what it says of that is read by the thread that reads, and then this process ends.
            Link.Read(true);
        }
    }
}

/// <summary>An attack by name.</summary>
/// <param name="Name">The name.</param>
/// <param name="Run">Does it; gives what is to be said of it.</param>
/// <param name="Answer">Answers calls that come; false leaves them to be answered as usual.</param>
internal sealed record Attack(string Name, Func<Attacker, string?> Run, Func<Attacker, Incoming, bool>? Answer = null)
{
    /// <summary>The host's name that its hello has.</summary>
    public string? Host { get; init; }

    /// <summary>The protocol's version in its hello, if another one.</summary>
    public int? Version { get; init; }
}
