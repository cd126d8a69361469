namespace Mitogen.NativeProgram;

/// <summary>Something of each kind that can be sent.</summary>
internal static class DataChecks
{
    public static async Task RunAsync(Checks checks, IRemoteContext context)
    {
        IEchoes echo = context.Get<IEchoes>();
        Order order = new(7, "somebody", [new Line("pen", 1.25m), new Line("ink", 3m)]) { Colour = Colour.Green };
        await checks.RunAsync("record", async () => IsSame(await echo.OrderAsync(order), order));
        await checks.RunAsync("dictionary", async () => IsSame((await echo.MapAsync(new() { ["a"] = order }))["a"], order));
        await checks.RunAsync("tuples", async () =>
            (await echo.TuplesAsync([(1, "one"), (2, null)])).SequenceEqual([(1, "one"), (2, null)]));
        await checks.RunAsync("closed hierarchy", async () =>
        {
            Change[] changes = [new Change.Added("a", 1), new Change.Moved("a", "b")];
            return (await echo.ChangesAsync(changes)).SequenceEqual(changes);
        });
        await checks.RunAsync("struct", async () => await echo.PointAsync(new Spot(1, 2)) == new Spot(1, 2));
        await checks.RunAsync("library's own type", async () =>
            (await echo.PackedAsync(new PackedNode { Number = 1, More = [new PackedNode { Number = 2 }] }))?.More[0].Number == 2
            && await echo.PackedAsync(null) is null);
        await checks.RunAsync("recursive record", async () =>
            (await echo.TreeAsync(new Tree("a", [new Tree("b", [])]))).Below[0].Name == "b");
        await checks.RunAsync("nullable", async () => await echo.NullableAsync(3) == 3 && await echo.NullableAsync(null) is null);
        await checks.RunAsync("bytes", async () => (await echo.BytesAsync(new byte[70_000])).Length == 70_000);
        await checks.RunAsync("set of enums", async () => (await echo.ColoursAsync([Colour.Red, Colour.Green])).Count == 2);
        await checks.RunAsync("grid", async () => (await echo.GridAsync(new[,] { { 1, 2 }, { 3, 4 } }))[1, 0] == 3);
        await checks.RunAsync("simple values", async () =>
        {
            var values = (1.5m, DateTimeOffset.UnixEpoch, Guid.NewGuid(), TimeSpan.FromSeconds(3), new Uri("http://a/b"), new Version(1, 2));
            return await echo.ValuesAsync(values.Item1, values.Item2, values.Item3, values.Item4, values.Item5, values.Item6) == values;
        });
    }

    private static bool IsSame(Order a, Order b) =>
        a.Id == b.Id && a.Customer == b.Customer && a.Colour == b.Colour && a.Lines.SequenceEqual(b.Lines);
}
