namespace Mitogen.Package.Tests.Feed;

/// <summary>The program that strangers write.</summary>
internal static class HelloText
{
    public const string Program = Start + Contract + Service;

    public const string Start = """
        using Mitogen;

        return await MitogenApp.RunAsync(args, async app =>
        {
            foreach (string text in args)
            {
                await using IRemoteContext context = await app.ConnectAsync(text);
                Console.WriteLine($"{text}: {await context.Get<IGreeter>().GreetAsync("world")}");
            }
        });


        """;

    public const string Contract = """
        [Remote]
        public interface IGreeter
        {
            Task<string> GreetAsync(string name);
        }


        """;

    public const string Service = """
        [RemoteService]
        public sealed class Greeter(IRemoteContext self) : IGreeter
        {
            public Task<string> GreetAsync(string name) => Task.FromResult($"Hello, {name}, from {self.Name}.");
        }

        """;
}
