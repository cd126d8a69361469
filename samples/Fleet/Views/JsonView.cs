using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Views;

/// <summary>A line of JSON for each target as it is finished, and one for the totals, for programs.</summary>
internal sealed partial class JsonView : IView
{
    // Plus signs join connections, and are to be found as such.
    private static readonly LineContext s_lines = new(new JsonSerializerOptions(LineContext.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public async Task<Outcomes> ShowAsync(IReadOnlyList<Target> targets, IAsyncEnumerable<Update> updates)
    {
        Outcomes outcomes = new(targets);
        await foreach (Update update in updates)
        {
            outcomes.Add(update);
            string target = targets[update.Index].Text;
            if (update.State is Done done)
            {
                Print(new Line { Target = target, Facts = done.Facts });
            }
            else if (update.State is Failed failed)
            {
                Print(new Line
                {
                    Target = target,
                    Failure = new Failure(failed.Reason, failed.Hop.Text, failed.StartedBy, failed.Message, failed.LastLines),
                });
            }
        }

        Print(new Line { Totals = new Totals(outcomes.Done, outcomes.Failed.Count) });
        return outcomes;
    }

    private static void Print(Line line) => Console.WriteLine(JsonSerializer.Serialize(line, s_lines.Line));

    private sealed record Failure(string Reason, string Hop, string StartedBy, string Message, IReadOnlyList<string> LastLines);

    private sealed record Totals(int Done, int Failed);

    private sealed record Line
    {
        public string? Target { get; init; }

        public HostFacts? Facts { get; init; }

        public Failure? Failure { get; init; }

        public Totals? Totals { get; init; }
    }

    [JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(Line))]
    private sealed partial class LineContext : JsonSerializerContext;
}
