using System.Globalization;
using Mitogen.Routing;

namespace Mitogen.Calls;

/// <summary>Writes one exception and those inside it. Texts are cut where they, or all of them together, are too long.</summary>
internal sealed class ErrorWriter(BinaryWriter writer, string contextPath, ErrorAudience audience)
{
    // Characters: of one text, and of all texts of one exception and those inside it.
    private const int MaxText = 32 * 1024;
    private const int MaxTexts = 128 * 1024;

    // Characters of a text that has its place even if those before it took it all, and of a message.
    private const int LeastText = 64;
    private const int LeastMessage = 512;

    // How far a chain is followed to its end: one that is longer is a circle.
    private const int MaxChain = 10_000;

    private int _left = MaxTexts;
    private int _exceptionsLeft = ErrorCodec.MaxExceptions;
    private int _detailsLeft = ErrorDetails.MaxTexts;
    private int _dataLeft = ErrorData.MaxTexts;

    private bool IsForBelow => audience == ErrorAudience.Below;

    public void Write(Exception error, int depth)
    {
        _exceptionsLeft--;
        switch (error)
        {
            case BootstrapException bootstrap:
                WriteBootstrap(bootstrap);
                break;
            case ContextLostException lost:
                WriteLost(lost);
                break;
            default:
                WriteOrdinary(error, depth);
                break;
        }

        // Data that was added on the way here is on the exception that arrived, not on the one inside it.
        ErrorData.Write(writer, error, audience, ref _dataLeft);
    }

    private void WriteBootstrap(BootstrapException error)
    {
        writer.Write((byte)ErrorCodec.Kind.Bootstrap);
        writer.Write((int)error.Reason);
        WriteText(error.ContextName);
        WriteText(error.Hop);
        WriteText(Shown(error.Detail), LeastMessage);
        string[] lines = IsForBelow ? [] : [.. error.LastLines.TakeLast(ErrorCodec.MaxLines)];
        writer.Write(lines.Length);
        Array.ForEach(lines, l => WriteText(l));
    }

    private void WriteLost(ContextLostException error)
    {
        writer.Write((byte)ErrorCodec.Kind.ContextLost);
        WriteText(error.ContextName);
        DisconnectReason reason = error.Reason with { Message = Shown(error.Reason.Message) };
        byte[] bytes = ReasonCodec.Write(
            0, IsForBelow || writer.BaseStream.Length >= ErrorCodec.MaxSize / 16 ? reason with { LastLines = [] } : reason);
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    private void WriteOrdinary(Exception error, int depth)
    {
        // An exception that came from another context already: the original stands for it.
        RemoteCallException? origin = PassedOn(error);
        IReadOnlyList<Exception> inner = InnerOf(origin ?? error);
        byte count = depth < ErrorCodec.MaxInner ? (byte)Math.Min(inner.Count, _exceptionsLeft) : (byte)0;
        string note = count == inner.Count ? "" : Note($"{count} of {inner.Count} exceptions came along");
        if (depth == ErrorCodec.MaxInner - 1 && count > 0)
        {
            // The last that fit: the causes of all stand for them, those between are left out.
            (Exception Cause, int Skipped)[] causes = [.. inner.Take(count).Select(CauseOf)];
            inner = [.. causes.Select(c => c.Cause)];
            note += causes.Max(c => c.Skipped) is var most and > 0 ? Note($"{most} exceptions between this one and its cause did not come along") : "";
        }

        writer.Write((byte)ErrorCodec.Kind.Ordinary);
        IReadOnlyList<string> types = origin is null ? TypesOf(error) : origin.RemoteTypes ?? [origin.RemoteType];
        writer.Write((byte)types.Count);
        foreach (string type in types)
        {
            WriteText(type);
        }

        WriteText(Shown(origin is null ? KnownExceptions.GetMessage(error) : origin.Message), LeastMessage, note);
        WriteText(IsForBelow ? null : origin is null ? error.StackTrace : origin.RemoteStackTrace);
        WriteText(origin is null ? contextPath : origin.ContextPath);
        writer.Write(error.HResult);
        KnownExceptions.Describe(error).Write(writer, audience, ref _detailsLeft);
        writer.Write(count);

        // Those beside each other have their place before those inside them take it.
        _exceptionsLeft -= count;
        for (int i = 0; i < count; i++)
        {
            _exceptionsLeft++;
            Write(inner[i], depth + 1);
        }
    }

    private static string Note(FormattableString what) => $" (cut: {what.ToString(CultureInfo.InvariantCulture)})";

    private static IReadOnlyList<Exception> InnerOf(Exception error) => error switch
    {
        AggregateException aggregate => aggregate.InnerExceptions,
        RemoteCallException { Inner: { } inner } => inner,
        { InnerException: { } inner } => [inner],
        _ => [],
    };

    /// <summary>The innermost cause of an exception, and how many are between the two.</summary>
    private static (Exception Cause, int Skipped) CauseOf(Exception error)
    {
        int skipped = 0;
        while (skipped < MaxChain && InnerOf(PassedOn(error) ?? error) is [var inner, ..])
        {
            error = inner;
            skipped++;
        }

        return (error, skipped);
    }

    /// <summary>The original of an exception that arrived here and leaves as it is; one that a user wrapped it in is new.</summary>
    private static RemoteCallException? PassedOn(Exception error) => RemoteCallException.Of(error) is { ContextPath.Length: > 0 } origin ? origin : null;

    /// <summary>The full names of an exception's type and of those that it is derived from: a reader takes the first that it knows.</summary>
    private static List<string> TypesOf(Exception error)
    {
        List<string> types = [error.GetType().FullName ?? ""];
        for (Type? type = error.GetType().BaseType; type is not null && type != typeof(Exception) && types.Count < ErrorCodec.MaxTypes; type = type.BaseType)
        {
            types.Add(type.FullName ?? "");
        }

        return types;
    }

    private string Shown(string? text) => text is null ? "" : IsForBelow ? LocalPaths.Hide(text) : text;

    private void WriteText(string? text, int least = LeastText, string note = "")
    {
        text ??= "";
        int most = Math.Max(Math.Min(MaxText, _left), least);
        if (text.Length + note.Length > most)
        {
            // With its notes it fits again, so that the next hop leaves it as it is.
            note = $"... (cut: it has {text.Length} characters){note}";
            text = text[..Math.Max(0, most - note.Length)];
        }

        text += note;
        _left -= Math.Min(text.Length, _left);
        writer.Write(text);
    }
}
