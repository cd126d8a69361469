namespace Mitogen.NativeProgram;

/// <summary>Runs checks one after the other and prints what became of each.</summary>
internal sealed class Checks(string where)
{
    public int Failed { get; private set; }

    public async Task RunAsync(string name, Func<Task<bool>> check)
    {
        string outcome;
#pragma warning disable CA1031 // it is printed
        try
        {
            outcome = await check() ? "ok" : "wrong";
        }
        catch (Exception e)
        {
            outcome = e.ToString();
        }
#pragma warning restore CA1031

        Failed += outcome == "ok" ? 0 : 1;
        Console.WriteLine($"{where}: {name}: {outcome}");
    }

    public Task ThrowsAsync<T>(string name, Func<Task> check)
        where T : Exception => RunAsync(name, async () =>
        {
            try
            {
                await check();
                return false;
            }
            catch (T)
            {
                return true;
            }
        });
}
