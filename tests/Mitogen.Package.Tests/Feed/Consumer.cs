namespace Mitogen.Package.Tests.Feed;

/// <summary>A stranger's folder.</summary>
internal sealed class Consumer(PackedFeed feed, string folder)
{
    public string Folder => folder;

    /// <summary>What the environment of the commands has besides.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    public void Write(string path, string text)
    {
        string file = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    /// <summary>Writes a project.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="properties">Lines of its properties.</param>
    /// <param name="items">Lines of its items, in which <c>$VERSION</c> is that of the packages.</param>
    /// <param name="sdk">The SDK.</param>
    public void WriteProject(string path, string properties = "", string items = "", string sdk = "Microsoft.NET.Sdk") => Write(path, $"""
        <Project Sdk="{sdk}">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            {properties}
          </PropertyGroup>
          <ItemGroup>
            {items.Replace("$VERSION", feed.Version, StringComparison.Ordinal)}
          </ItemGroup>
        </Project>
        """);

    /// <summary>Writes a program that says hello from the contexts that its arguments name.</summary>
    /// <param name="properties">Lines of its project's properties.</param>
    public void WriteHello(string properties = "")
    {
        WriteProject("hello.csproj", "<OutputType>Exe</OutputType>" + properties, """<PackageReference Include="Mitogen" Version="$VERSION" />""");
        Write("Program.cs", HelloText.Program);
    }

    /// <summary>What `dotnet` installs for a user, such as templates, goes to one who has nothing else.</summary>
    public void HasHomeOfItsOwn() => Variables["DOTNET_CLI_HOME"] = folder + ".home";

    public Task<CommandOutcome> DotNetAsync(params string[] arguments) => Command.RunAsync(folder, Variables, "dotnet", arguments);

    public Task<CommandOutcome> RunAsync(string file, params string[] arguments) => Command.RunAsync(folder, Variables, Path.Combine(folder, file), arguments);

    public WatchedCommand Watch(string file, params string[] arguments) => new(Command.Start(folder, Variables, file, arguments));
}
