using Mitogen.Toolkit.Transfers;

namespace Mitogen.Toolkit.Tests.Transfers;

/// <summary>What a sink refuses of a source that breaks the rules, and the bounds of both.</summary>
public sealed class TransferBoundTests : TransferTest
{
    private static readonly EntryState s_state = new(0x1ed, 0, 0, new FileTime(1, 1));

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("/etc/passwd")]
    [InlineData("../outside")]
    [InlineData("a\0b")]
    [InlineData(".x.mitogen-part")]
    public async Task A_name_that_is_none_is_refused(string name)
    {
        Directory.CreateDirectory(Target);
        foreach (WireOffer kind in Enum.GetValues<WireOffer>().Where(k => k != WireOffer.Leave))
        {
            InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(() => ReceiveAsync(w =>
            {
                w.Offer(WireOffer.Folder, default, s_state);
                w.Offer(kind, System.Text.Encoding.UTF8.GetBytes(name), s_state);
                w.OfferBytes("x"u8);
            }));
            Assert.Contains("broke the rules", error.Message, StringComparison.Ordinal);
        }

        Assert.Empty(Directory.GetFileSystemEntries(Target));
        Assert.Equal(2, Directory.GetFileSystemEntries(Folder).Length);
    }

    [Fact]
    public async Task A_link_is_never_gone_through()
    {
        Directory.CreateDirectory(Target);
        Directory.CreateDirectory(Folder + "/outside");

        // One that was sent just before, and one that was there.
        IOException sent = await Assert.ThrowsAsync<IOException>(() => ReceiveAsync(w =>
        {
            w.Offer(WireOffer.Folder, default, s_state);
            w.Offer(WireOffer.Link, "out"u8, s_state);
            w.OfferBytes(System.Text.Encoding.UTF8.GetBytes(Folder + "/outside"));
            w.Offer(WireOffer.Folder, "out"u8, s_state);
            w.Offer(WireOffer.File, "in"u8, s_state);
            w.OfferNumber(0);
        }));

        Assert.Contains("SymbolicLink", sent.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Folder + "/outside"));
        await ReceiveAsync(w =>
        {
            w.Offer(WireOffer.Folder, default, s_state);
            w.Offer(WireOffer.File, "out"u8, s_state);
            w.OfferNumber(0);
            w.OfferLeave();
        });
        Assert.Empty(Directory.GetFileSystemEntries(Folder + "/outside"));
        Assert.Null(new FileInfo(Target + "/out").LinkTarget);
    }

    [Fact]
    public async Task More_than_the_bounds_is_refused()
    {
        IOException entries = await Assert.ThrowsAsync<IOException>(() => ReceiveAsync(
            w =>
            {
                w.Offer(WireOffer.Folder, default, s_state);
                for (int i = 0; i < 10; i++)
                {
                    w.Offer(WireOffer.File, System.Text.Encoding.ASCII.GetBytes($"{i}"), s_state);
                    w.OfferNumber(0);
                }
            },
            s => s with { MaxEntries = 10 }));
        IOException bytes = await Assert.ThrowsAsync<IOException>(() => ReceiveAsync(
            w =>
            {
                w.Offer(WireOffer.File, default, s_state);
                w.OfferNumber(1001);
            },
            s => s with { MaxBytes = 1000 }));
        IOException depth = await Assert.ThrowsAsync<IOException>(() => ReceiveAsync(
            w =>
            {
                w.Offer(WireOffer.Folder, default, s_state);
                w.Offer(WireOffer.Folder, "a"u8, s_state);
                w.Offer(WireOffer.Folder, "b"u8, s_state);
            },
            s => s with { MaxDepth = 2 }));

        Assert.Contains("TransferOptions.MaxEntries", entries.Message, StringComparison.Ordinal);
        Assert.Contains("TransferOptions.MaxBytes", bytes.Message, StringComparison.Ordinal);
        Assert.Contains("TransferOptions.MaxDepth", depth.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_content_that_is_larger_than_it_was_offered_or_was_not_wanted_is_refused()
    {
        static void Offer(WireWriter w)
        {
            w.Offer(WireOffer.File, default, s_state);
            w.OfferNumber(10);
            w.FlushOffers();
        }

        static void Begin(WireWriter w, ulong number, ulong start)
        {
            w.Frame(WireFrame.Content);
            w.Number(number);
            w.Number(start);
        }

        foreach (WireFrame frame in (WireFrame[])[WireFrame.Bytes, WireFrame.Hole, WireFrame.PackedBytes])
        {
            await RefusesAsync(w =>
            {
                Offer(w);
                Begin(w, 0, 0);
                w.Frame(frame);
                w.Number(11);
                w.Number(11);
            });
        }

        await RefusesAsync(w => Begin(w, 0, 0));
        await RefusesAsync(w =>
        {
            Offer(w);
            Begin(w, 0, 5);
        });
        await RefusesAsync(w => w.Frame((WireFrame)99));
        await RefusesAsync(w => w.Frame(WireFrame.End));
        await RefusesAsync(w => w.OfferLeave());
        Assert.Equal([Source], Directory.GetFileSystemEntries(Folder));

        async Task RefusesAsync(Action<WireWriter> write) => await Assert.ThrowsAsync<InvalidDataException>(() => ReceiveAsync(write));
    }

    [Fact]
    public async Task Random_bytes_are_refused_and_write_nothing_outside()
    {
        Write("a", Content(1, 50_000));
        Write("b/c", "x");
        for (int seed = 0; seed < 300; seed++)
        {
            SourceBytes bytes = await TransferEnd.Here.Open(Source, Sending).StartAsync(Cancellation);
            byte[] damaged = bytes.Head;
            Random random = new(seed);
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            await bytes.Rest!.DisposeAsync();
            _ = await Assert.ThrowsAnyAsync<Exception>(
                () => TransferEnd.Here.ReceiveAsync(Target, Receiving, damaged, null, new Progress<SinkAnswers>(), Cancellation));
        }

        Assert.All(Directory.GetFileSystemEntries(Folder), p => Assert.Contains(p, (string[])[Source, Target]));
    }

    [Fact]
    public async Task A_thousand_empty_files_are_one_message()
    {
        for (int i = 0; i < 1000; i++)
        {
            Write($"file-{i:0000}", "");
        }

        SourceBytes bytes = await TransferEnd.Here.Open(Source, Sending).StartAsync(Cancellation);

        Assert.Null(bytes.Rest);
        SinkReport report = await TransferEnd.Here.ReceiveAsync(Target, Receiving, bytes.Head, null, new Progress<SinkAnswers>(), Cancellation);
        Assert.Equal(1000, report.Written);
        Assert.Equal(Describe(Source), Describe(Target));
    }

    [Fact]
    public async Task Errors_say_how_far_it_got_and_name_the_path_and_the_side()
    {
        Write("a", "x");
        IRemoteContext context = await ConnectAsync();

        TransferException missing = await Assert.ThrowsAsync<TransferException>(
            () => context.UploadAsync(Folder + "/no", Target, null, null, Cancellation));
        Assert.IsType<FileNotFoundException>(missing.InnerException);
        Assert.Contains($"'{Folder}/no' on this side", missing.Message, StringComparison.Ordinal);
        TransferException there = await Assert.ThrowsAsync<TransferException>(
            () => context.DownloadAsync(Folder + "/no", Target, null, null, Cancellation));
        Assert.Contains("in context 'web1'", there.Message, StringComparison.Ordinal);
        TransferException closed = await Assert.ThrowsAsync<TransferException>(
            () => context.UploadAsync(Source, "/proc/new/target", null, null, Cancellation));
        Assert.Contains("after 0 files", closed.Message, StringComparison.Ordinal);
        TransferException name = await Assert.ThrowsAsync<TransferException>(
            () => context.UploadAsync(Source, Folder + "/" + new string('n', 256), null, null, Cancellation));
        Assert.IsType<PathTooLongException>(name.InnerException);
        Shell($"mkfifo '{Source}/pipe'");
        TransferException pipe = await Assert.ThrowsAsync<TransferException>(() => context.UploadAsync(Source, Target, null, null, Cancellation));
        Assert.Contains($"'{Source}/pipe'", pipe.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => context.UploadAsync(Source, Target, new TransferOptions { MaxDepth = 0 }, null, Cancellation));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => context.UploadAsync(Source, Target, null, null, new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task A_hole_of_any_size_is_given_up_when_the_transfer_is()
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task receiving = Task.Run(
            () => ReceiveAsync(
                w =>
                {
                    w.Offer(WireOffer.File, default, s_state);
                    w.OfferNumber(1UL << 60);
                    w.FlushOffers();
                    w.Frame(WireFrame.Content);
                    w.Number(0);
                    w.Number(0);
                    w.Frame(WireFrame.Hole);
                    w.Number(1UL << 60);
                },
                s => s with { MaxBytes = long.MaxValue },
                end),
            Cancellation);

        await Eventually.UntilAsync(() => File.Exists(Folder + "/.target.mitogen-part"));
        await end.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receiving).InTimeAsync();
        Assert.Equal([Source], Directory.GetFileSystemEntries(Folder));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_source_that_is_closed_stops_in_the_middle_of_a_hole_or_of_a_hash(bool isHash)
    {
        Write("a", "");
        Shell($"truncate -s 15T '{Source}/a'");
        ITransferSource source = TransferEnd.Here.Open(Source + "/a", Sending);
        SourceBytes bytes = await source.StartAsync(Cancellation);
        source.Answer([isHash ? new SinkAnswer(SinkAnswerKind.From, 1, 15L << 40, new byte[16]) : new SinkAnswer(SinkAnswerKind.Whole, 1, 0, null)]);
        Task reading = Task.Run(() => bytes.Rest!.CopyToAsync(Stream.Null, Cancellation), Cancellation);

        await Eventually.UntilAsync(() => OpenFiles.Below(Source).Count > 0);
        await source.DisposeAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => reading).InTimeAsync();
        Assert.Empty(OpenFiles.Below(Source));
    }

    [Fact]
    public async Task A_sink_stops_in_the_middle_of_the_hash_of_what_is_there()
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Shell($"truncate -s 15T '{Target}'");
        Task receiving = Task.Run(
            () => ReceiveAsync(
                w =>
                {
                    w.Offer(WireOffer.File, default, s_state);
                    w.OfferNumber(15UL << 40);
                },
                s => s with { MaxBytes = long.MaxValue, Comparison = TransferComparison.Content },
                end),
            Cancellation);

        await Eventually.UntilAsync(() => OpenFiles.Below(Target).Count > 0);
        await end.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receiving).InTimeAsync();
    }

    [Fact]
    public async Task A_sink_that_cannot_begin_leaves_nothing_open()
    {
        await Assert.ThrowsAsync<PathTooLongException>(() => TransferEnd.Here.ReceiveAsync(
            $"{Folder}/made/{new string('n', 256)}", Receiving, [], null, new Progress<SinkAnswers>(), Cancellation));

        Assert.Empty(OpenFiles.Below(Folder));
        Assert.Equal([Source], Directory.GetFileSystemEntries(Folder));
    }

    private static SourceSettings Sending => new(Owners: false, Compress: false, TransferLinks.Copy, 100, 10_000);

    private static SinkSettings Receiving => new(
        TransferComparison.SizeAndTime,
        Permissions: true,
        Owners: false,
        Times: true,
        Flush: false,
        Delete: false,
        DryRun: false,
        100_000,
        1L << 30,
        100,
        100);

    /// <summary>Has the sink take what is written by hand.</summary>
    private async Task ReceiveAsync(
        Action<WireWriter> write, Func<SinkSettings, SinkSettings>? change = null, CancellationTokenSource? end = null)
    {
        WireWriter writer = new();
        write(writer);
        writer.FlushOffers();
        writer.Frame(WireFrame.OffersEnd);
        writer.Frame(WireFrame.End);
        byte[] bytes = new byte[writer.Length];
        _ = writer.Read(bytes);
        await TransferEnd.Here.ReceiveAsync(
            Target,
            change?.Invoke(Receiving) ?? Receiving,
            bytes,
            null,
            new Progress<SinkAnswers>(),
            end?.Token ?? Cancellation);
    }
}
