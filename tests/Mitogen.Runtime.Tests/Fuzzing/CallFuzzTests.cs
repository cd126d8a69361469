using System.Buffers.Binary;
using Mitogen.Calls;
using Mitogen.CompilerServices;
using Mitogen.Contexts;
using Mitogen.Framing;
using Mitogen.Multiplexing;
using Mitogen.Routing;
using Mitogen.Runtime.Tests.Calls;
using Mitogen.Runtime.Tests.Kit;
using Mitogen.Runtime.Tests.Leaks;

namespace Mitogen.Runtime.Tests.Fuzzing;

/// <summary>Call headers, arguments, answers and results that are anything: that one call fails, and the next one is served.</summary>
[Collection(ProcessTests.Name)] // memory is measured: nothing else may run
public sealed class CallFuzzTests
{
    private const int Inputs = 3_000;

    // An announced message has a megabyte set aside, and so has the text of an exception that grows.
    private const int Memory = 8 * 1024 * 1024;

    [Fact]
    public void Arguments_that_are_anything_fail_their_call()
    {
        using AttackedNode attacked = new(LinkRole.Parent);
        attacked.Node.Services.AddFake(typeof(IValues), new Values());
        attacked.Node.Services.AddFake(typeof(IWork), new Work());
        RemoteContract[] contracts = [RemoteCatalog.Default.Find<IValues>(), RemoteCatalog.Default.Find<IWork>()];
        Dictionary<ulong, ulong> sequences = [];
        ulong stream = 0;

        FuzzRun.Each("values", Inputs, Memory, allThreads: true, feed: (input, random) =>
        {
            RemoteContract contract = contracts[random.Next(contracts.Length)];
            RemoteMethod method = contract.Methods[random.Next(contract.Methods.Count)];
            ulong sequence = sequences.GetValueOrDefault(contract.Id);
            sequences[contract.Id] = sequence + 1;
            byte[] message = new byte[CallHeader.Size + input.Length];
            new CallHeader(contract.Id, 0, sequence, default, method.Id, 0, (uint)input.Length, 0).Write(message);
            input.CopyTo(message, CallHeader.Size);

            Send(attacked, ++stream, FrameKind.Open, FrameFlags.None, message, random);

            FrameHeader last = attacked.Next(h => h.Stream == stream && (h.IsEnd || h.Kind == FrameKind.Reset));
            Assert.Equal(FrameKind.Data, last.Kind);
        });
        Assert.Equal(0, Streams(attacked));
    }

    [Fact]
    public void Call_headers_that_are_anything_fail_their_call()
    {
        using AttackedNode attacked = new(LinkRole.Parent);
        attacked.Node.Services.AddFake(typeof(IValues), new Values());
        RemoteContract contract = RemoteCatalog.Default.Find<IValues>();
        ulong stream = 0;

        FuzzRun.Each("values", Inputs, Memory, allThreads: true, feed: (input, random) =>
        {
            // Each on an object of its own: one that is lost in the order holds up no other.
            byte[] message = new byte[CallHeader.Size + input.Length];
            new CallHeader(contract.Id, ++stream, 0, default, contract.Methods[0].Id, 0, (uint)input.Length, 0).Write(message);
            input.CopyTo(message, CallHeader.Size);
            byte[] header = Mutator.Mutate(random, [message[..CallHeader.Size]]);
            FrameFlags flags = random.Next(4) == 0 ? FrameFlags.Skip | FrameFlags.End : FrameFlags.None;

            try
            {
                Send(attacked, stream, FrameKind.Open, flags, [.. header, .. message[CallHeader.Size..]], random);
                attacked.Feed(FrameKind.Reset, FrameFlags.None, stream, [(byte)ResetCode.Cancelled]);
            }
            catch (ProtocolBrokenException e)
            {
                // Too many calls given up out of their order; the attacker's link would be closed.
                Assert.Contains("gave up", e.Message, StringComparison.Ordinal);
            }
        });
        Assert.Equal(0, Streams(attacked));
    }

    [Fact]
    public void Results_that_are_anything_fail_their_call()
    {
        using AttackedNode attacked = new(LinkRole.Child);
        ContextHandle hostile = attacked.Handle();
        IValues values = hostile.Get<IValues>();
        IWork work = hostile.Get<IWork>();
        Func<Task>[] calls =
        [
            () => values.EchoPersonAsync(null),
            () => values.EchoParcelAsync(new Parcel()),
            () => values.EchoMapAsync([]),
            () => values.EchoTupleAsync(default),
            () => values.EchoStringsAsync(null),
            () => work.RunAsync(0, []).AsTask(),
            () => work.IncrementAsync(1).AsTask(),
        ];

        FuzzRun.Each("values", Inputs, Memory, allThreads: true, feed: (input, random) =>
            Answer(attacked, calls[random.Next(calls.Length)], failed: false, input, random));
        Assert.Equal(0, Streams(attacked));
    }

    [Fact]
    public void Failures_that_are_anything_fail_their_call()
    {
        using AttackedNode attacked = new(LinkRole.Child);
        IValues values = attacked.Handle().Get<IValues>();

        FuzzRun.Each("errors", Inputs, Memory, allThreads: true, feed: (input, random) =>
            Answer(attacked, () => values.EchoPersonAsync(null), failed: true, input, random));
        Assert.Equal(0, Streams(attacked));
    }

    private static void Answer(AttackedNode attacked, Func<Task> call, bool failed, byte[] input, Random random)
    {
        Task task = call();
        ulong stream = attacked.Next(h => h.Kind == FrameKind.Open).Stream;
        byte[] message = new byte[AnswerHeader.Size + input.Length];
        new AnswerHeader(failed ? AnswerKind.Error : AnswerKind.Result, 0, (uint)input.Length).Write(message);
        input.CopyTo(message, AnswerHeader.Size);
        if (random.Next(4) == 0)
        {
            message = [.. Mutator.Mutate(random, [message[..AnswerHeader.Size]]), .. message[AnswerHeader.Size..]];
            if (message.Length >= AnswerHeader.Size && random.Next(2) == 0)
            {
                BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(4), message.Length - AnswerHeader.Size);
            }
        }

        Send(attacked, stream, FrameKind.Data, FrameFlags.FromAcceptor, message, random);
        attacked.Feed(FrameKind.Reset, FrameFlags.FromAcceptor, stream, [(byte)ResetCode.Refused]);
        try
        {
            Assert.True(task.Wait(Eventually.Patience), "The call does not end.");
        }
        catch (AggregateException e)
        {
            Exception error = Assert.Single(e.InnerExceptions);
            Assert.True(
                error is ProtocolBrokenException or ContextLostException or BootstrapException
                || RemoteCallException.Of(error) is not null || IsOfAnswer(error),
                $"It ends with {error}");
        }
    }

    private static bool IsOfAnswer(Exception error) =>
        error is InvalidOperationException
        && (error.Message.StartsWith("The result of ", StringComparison.Ordinal) || error.Message.Contains("MaxMessageSize", StringComparison.Ordinal));

    /// <summary>Sends a message in frames, cut anywhere behind what the first one has to hold.</summary>
    private static void Send(AttackedNode attacked, ulong stream, FrameKind kind, FrameFlags flags, byte[] message, Random random)
    {
        int first = Math.Min(message.Length, CallHeader.Size + random.Next(100));
        attacked.Feed(kind, first == message.Length ? flags | FrameFlags.End : flags, stream, message.AsSpan(0, first));
        int at = first;
        if (at < message.Length && (flags & FrameFlags.Skip) == 0)
        {
            FuzzRun.Split(message[first..], random, piece =>
            {
                at += piece.Length;
                FrameFlags end = at == message.Length ? FrameFlags.End : FrameFlags.None;
                attacked.Feed(FrameKind.Data, (flags & FrameFlags.FromAcceptor) | end, stream, piece);
            });
        }
    }

    private static int Streams(AttackedNode attacked)
    {
        // What was reset last leaves with the next batch.
        attacked.Drain();
        return attacked.StreamCount;
    }
}
