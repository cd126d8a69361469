namespace Mitogen.Package.Tests;

/// <summary>
/// Each layout of a program, run and published in each way. Each layout and each way is a row here; the environment variable
/// <c>MITOGEN_VARIANTS=all</c> makes a row of each pair.
/// </summary>
public sealed class VariantTests(PackedFeed feed)
{
    public static TheoryData<string, string> Pairs { get; } = new(
        from layout in Variants.Layouts.Keys.Index()
        from publication in Variants.Publications.Keys.Index()
        where Environment.GetEnvironmentVariable("MITOGEN_VARIANTS") == "all" || layout.Index % Variants.Publications.Count == publication.Index
        select (layout.Item, publication.Item));

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task It_starts_contexts(string layout, string publication)
    {
        Consumer consumer = Variants.Layouts[layout](feed);
        (string[] arguments, string[] contexts) = Variants.Publications[publication];

        Contexts.Say((await consumer.DotNetAsync(["run", "--", .. Contexts.All])).HasNoWarning(), Contexts.All);

        // The SDK itself does not publish into a folder with an apostrophe.
        (await consumer.DotNetAsync(["publish", "-o", "../published", "-nodeReuse:false", .. arguments])).HasNoWarning();
        Contexts.Say(await consumer.RunAsync("../published/hello", contexts), contexts);
    }
}
