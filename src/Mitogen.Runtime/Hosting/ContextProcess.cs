using System.Buffers.Binary;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Mitogen.Calls;
using Mitogen.Contexts;
using Mitogen.Executables;
using Mitogen.Handshake;
using Mitogen.Import;
using Mitogen.Interop;
using Mitogen.Links;
using Mitogen.Logging;
using Mitogen.Multiplexing;
using Mitogen.Processes;
using Mitogen.Routing;
using Mitogen.Starting;
using Mitogen.Telemetry;

namespace Mitogen.Hosting;

/// <summary>The life of a started context's process, from its hello to its end. Its thread is the process's main thread.</summary>
internal sealed class ContextProcess
{
    private const int MaxWelcome = 512 * 1024 * 1024;
    private const int MaxError = 16 * 1024;

    // The time that each step of the end may take even when user code has used the grace up: the last output, the last records, the last
    // frames, the exit itself.
    private static readonly TimeSpan s_stepTime = TimeSpan.FromSeconds(1);

    private static readonly CallOptions s_listenerTime = new() { Timeout = TimeSpan.FromSeconds(5) };

    private readonly byte[] _nonce;
    private readonly StagedSet? _staged;
    private readonly WakeSignal _ending = new();
    private readonly TaskCompletionSource _linkEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _parentId = ProcessIdentity.ParentId;
    private LogPump? _logs;
    private ContextNode? _node;
    private LinkDriver? _driver;
    private volatile bool _inOrder;
    private volatile DisconnectReason _why = new(DisconnectKind.Disposed, "Its parent ended it.");
    private int _isLeaving; // set once, by whoever says the last word

    public ContextProcess(byte[] nonce, StagedSet? staged)
    {
        _nonce = nonce;
        _staged = staged;
    }

    /// <summary>Runs the context until its end.</summary>
    /// <returns>The process's exit status.</returns>
    public int Run()
    {
        PlacedExecutable.Delete();
        StageTraces.Remove();
        StandardStreams streams = StandardStreams.Take(
            line => _ = _logs?.Write(LogSource.Own(_node?.Path ?? ""), StandardOutput.Line(_node?.Path ?? "", StandardOutput.Output, line)));
        if (Greet(streams.Transport) is not { } welcome)
        {
            return 1; // the parent is gone already
        }

        welcome.Culture.Use();
        KeptEnvironment.GiveBack();

        // Output that comes home is read as UTF-8, whatever the target's locale says of its terminals.
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        _ = ProcessTitle.Set(welcome.Title, "mitogen"u8);

        // Before the context is ready: these need a thread, which the system may not give.
        using PosixSignalRegistration? hangUp = ProcessSignals.IsIgnored(Libc.HangUp) ? null : PosixSignalRegistration.Create(PosixSignal.SIGHUP, s => OnSignal(s, Libc.HangUp));
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, s => OnSignal(s, Libc.Interrupt));
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, s => OnSignal(s, Libc.Terminate));
        Start(welcome, streams.Transport);
        AppDomain.CurrentDomain.UnhandledException += (_, e) => OnCrash(e.ExceptionObject);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Leave(
            new DisconnectReason(DisconnectKind.Exited, $"Its process exited with code {Environment.ExitCode}, by its own doing.", Environment.ExitCode),
            mayHang: true);
        _ending.Wait();
        End(TimeSpan.FromMilliseconds(welcome.GraceMilliseconds), streams);
        return 0;
    }

    public static ContextInfo DescribeSelf() => new(
        ProcessIdentity.HostName,
        ProcessIdentity.UserName,
        ProcessIdentity.ProcessId,
        RuntimeInformation.OSDescription,
        RuntimeInformation.ProcessArchitecture.ToString(),
        RuntimeInformation.FrameworkDescription);

    private Welcome? Greet(DescriptorTransport transport)
    {
        try
        {
            transport.Write(_nonce);
            transport.Write(HandshakeCodec.Write(new Hello(HandshakeCodec.Protocol, DescribeSelf(), RemoteCatalog.Default.BuildId)));
            return ReadWelcome(transport);
        }
        catch (IOException)
        {
            // The parent went between the two messages.
            return null;
        }
    }

    private static Welcome? ReadWelcome(ILinkTransport transport)
    {
        byte[] prefix = new byte[4];
        if (!ReadAll(transport, prefix))
        {
            return null;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(prefix);
        if (length > MaxWelcome)
        {
            throw new ProtocolBrokenException($"A welcome of {length} bytes is announced.");
        }

        byte[] body = new byte[length];
        return ReadAll(transport, body) ? HandshakeCodec.ReadWelcome(body) : null;
    }

    private static bool ReadAll(ILinkTransport transport, Span<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            int count = transport.Read(buffer);
            if (count == 0)
            {
                return false;
            }

            buffer = buffer[count..];
        }

        return true;
    }

    private void Start(Welcome welcome, ILinkTransport transport)
    {
        string path = string.Join('/', welcome.Ancestors.Select(a => a.Name).Append(welcome.Name));
        RemoteCatalog catalog = RemoteCatalog.Default;
        LogPump logs = new(welcome.Kernel.MaxLogBytes, SendLogAsync);
        (Executables.Program program, ImportedAssemblyProvider? imported) = CreateProgram(welcome, catalog);
        ContextNode node = new(new NodeOptions
        {
            Id = welcome.Id,
            Name = welcome.Name,
            Ancestors = welcome.Ancestors,
            Catalog = catalog,
            Kernel = welcome.Kernel,
            Loggers = new ForwardingLoggers(LogSource.Own(path), logs),
            Info = DescribeSelf(),
            Culture = welcome.Culture,
            Connector = new Connector(program),
            Output = logs,
        })
        {
            OnParentSaysGoodbye = _ => EndInOrder(_why),
            EndWhole = () =>
            {
                EndInOrder(new DisconnectReason(DisconnectKind.Exited, "It ended itself.", 0));
                return _linkEnded.Task;
            },
        };
        Ancestor parent = welcome.Ancestors[^1];
        Link link = new(LinkRole.Parent, parent.Id, parent.Name);
        _driver = LinkDriver.Create(node.Hub, link, transport, OnLinkEnded, frameOnSilence: Kernel.WriteLastWord(welcome.Id, new DisconnectReason(
            DisconnectKind.ParentSilent,
            "It heard nothing of its parent for longer than the option KeepAliveTimeout allows (was that stopped, or its machine asleep?), so it ended itself.")));
        _node = node;
        _logs = logs;
        Tracing.AtFirst(() => new SpanCollector(path, logs, source => IsHeard(node, source)).Start());
        using (HubLock locked = node.Hub.Enter())
        {
            locked.Kernel.AddLink(link);
        }

        _driver.Run(default);
        if (imported is not null)
        {
            imported.Add(welcome.Assemblies);
            _ = new AssemblyImporter(imported);
        }

        // User code, which may hang: this thread has the end to wait for.
        _ = Task.Run(() => FillCatalogAsync(node, welcome.Roots));
    }

    private (Executables.Program Program, ImportedAssemblyProvider? Imported) CreateProgram(Welcome welcome, RemoteCatalog catalog)
    {
        ParentExecutables above = new(
            (rid, offset, cancellationToken) => _node!.Parent!.GetOwn<IParentContext>().ReadExecutableAsync(rid, offset, cancellationToken),
            welcome.Kernel.MaxExecutableSize);
        if (!Executables.Program.HasAssemblies || welcome.Names is null || _staged is null)
        {
            return (new Executables.Program(catalog, above), null);
        }

        // The calling thread itself sends the request and blocks; the reply needs no other thread.
        ImportedAssemblyProvider imported = new(
            welcome.Names,
            [.. welcome.Assemblies.Select(a => a.Name)],
            name => Task.FromResult(_node!.Parent!.GetOwn<IParentContext>().FindAssembly(name)));
        return (new Executables.Program(catalog, above, _staged, welcome.Roots, imported), imported);
    }

    /// <summary>Runs the module initializers of the program's assemblies, and tells the parent that calls are served now.</summary>
    private static async Task FillCatalogAsync(ContextNode node, string[] roots)
    {
        string? error = null;
#pragma warning disable CA1031 // user code: the parent is told
        try
        {
            foreach (string root in roots)
            {
                RuntimeHelpers.RunModuleConstructor(Assembly.Load(root).ManifestModule.ModuleHandle);
            }
        }
        catch (Exception e)
        {
            // The cause stands first; the parent takes no more.
            error = $"The program's assemblies cannot be loaded: {e}";
            error = error.Length <= MaxError ? error : error[..MaxError];
        }

        node.Hub.Served.Start();
        try
        {
            await node.Parent!.GetOwn<IParentContext>().ReadyAsync(error).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // The link went first: its end ends this process.
            Log.EndFailed(node.Logger, node.Path, e);
        }
#pragma warning restore CA1031
    }

    /// <summary>Whether the root listens to a source of spans. One that does not say so in time does not.</summary>
    private static bool IsHeard(ContextNode node, string source)
    {
        try
        {
            return node.Root.GetOwn<ILogSink>(s_listenerTime).Listens(source);
        }
        catch (Exception e) when (e is TimeoutException or ContextLostException or InvalidOperationException)
        {
            return false;
        }
    }

    private async ValueTask SendLogAsync(LogBatch batch)
    {
        if (_node is { } node)
        {
            await node.Root.GetOwn<ILogSink>().WriteAsync(batch).ConfigureAwait(false);
        }
    }

    /// <summary>A second signal ends the process at once.</summary>
    private void OnSignal(PosixSignalContext signal, int number)
    {
        signal.Cancel = !_inOrder;
        EndInOrder(new DisconnectReason(
            DisconnectKind.Exited, $"Its process was told to end by {signal.Signal} on its machine, and did.", 128 + number));
    }

    private void OnCrash(object error)
    {
        string what = error is Exception e ? $"{e.GetType()}: {e.Message}" : $"{error}";
        Leave(
            new DisconnectReason(DisconnectKind.Exited, $"Its process crashed by an exception that nobody caught: {what}", 128 + Libc.Abort),
            mayHang: false); // a dump of it may take its time
    }

    /// <summary>
    /// The process ends though nobody asked the context to: takes along what it started, and says why. Whoever holds a lock meanwhile may keep
    /// it, so that this is done elsewhere and not waited for long.
    /// </summary>
    private void Leave(DisconnectReason why, bool mayHang)
    {
        if (Interlocked.Exchange(ref _isLeaving, 1) != 0)
        {
            return;
        }

        WakeSignal told = new();
        try
        {
            _ = OwnThread.Start("mitogen-end", Farewell);
        }
        catch (IOException)
        {
            return; // without a thread, the end of the process says all that there is to say
        }

        _ = told.Wait((int)(2 * s_stepTime).TotalMilliseconds);

        void Farewell()
        {
            _driver!.CloseAfterSending(Kernel.WriteLastWord(_node!.Options.Id, why));
            Subprocesses.End(TimeSpan.Zero);
            WaitFor(_linkEnded.Task, s_stepTime);
            told.Set();
            if (mayHang)
            {
                // In handlers of user code, which come after this one.
                Thread.Sleep(s_stepTime);
                ProcessGroup.KillOwn();
            }
        }
    }

    private void EndInOrder(DisconnectReason why)
    {
        if (!_inOrder)
        {
            _why = why;
        }

        _inOrder = true;
        _ending.Set();
    }

    private void OnLinkEnded(Exception? error)
    {
        ContextNode node = _node!;
        using (HubLock locked = node.Hub.Enter())
        {
            if (locked.Kernel.Parent is { } link)
            {
                locked.Kernel.LinkLost(link, new DisconnectReason(
                    error is TimeoutException ? DisconnectKind.KeepAlive : DisconnectKind.LinkBroken,
                    error?.Message ?? "Its parent closed the link."));
            }
        }

        _ = _linkEnded.TrySetResult();
        _ending.Set();
    }

    private void End(TimeSpan grace, StandardStreams streams)
    {
        ContextNode node = _node!;
        node.Hub.Served.Stop();
        if (Interlocked.Exchange(ref _isLeaving, 1) != 0)
        {
            // The process is on its way out with a status of its own, and this thread is not to give it another one.
            Thread.Sleep(Timeout.Infinite);
        }

        // User code may hang: the process does not wait for it longer than the grace.
        Stopwatch clock = Stopwatch.StartNew();
        TimeSpan Left() => grace - clock.Elapsed is var left && left > s_stepTime ? left : s_stepTime;
        Task ended = Task.Run(() => node.EndSelfAsync(_why, grace));
        WaitFor(ended, grace);

        // Processes that services started go with the context, whoever leads the process group; they also hold the outputs, which are to
        // end.
        Subprocesses.End(_inOrder ? s_stepTime : TimeSpan.Zero);
        if (_inOrder)
        {
            streams.End(s_stepTime);
            WaitFor(_logs!.CompleteAsync(), Left());
            _driver!.CloseAfterSending(Kernel.WriteLastWord(node.Options.Id, _why));
            streams.EndError();
            WaitFor(_linkEnded.Task, s_stepTime);
        }

        // The parent kills what is left of the group when this process ends. Once it is gone, nobody else does.
        if (!_inOrder || ProcessIdentity.ParentId != _parentId)
        {
            ProcessGroup.KillOwn();
        }

        // Threads of user code that still run do not keep the process; a ProcessExit handler or an initializer that hangs could.
        try
        {
            _ = OwnThread.Start("mitogen-end", static () =>
            {
                Thread.Sleep(s_stepTime);
                ProcessGroup.KillOwn();
            });
        }
        catch (IOException)
        {
            ProcessGroup.KillOwn(); // nobody would end what hangs
        }

        Environment.Exit(_why.ExitCode ?? 0);
    }

    /// <summary>Waits for its end, however it ends: this is the way out, and nobody is left to be told.</summary>
    private static void WaitFor(Task task, TimeSpan time) => _ = ((IAsyncResult)task).AsyncWaitHandle.WaitOne(time);
}
