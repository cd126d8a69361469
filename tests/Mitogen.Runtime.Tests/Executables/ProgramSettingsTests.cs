using System.Text;
using System.Text.Json.Nodes;
using Mitogen.Executables;

namespace Mitogen.Runtime.Tests.Executables;

public sealed class ProgramSettingsTests
{
    private const string Agents = """{"runtimeOptions":{"tfm":"net10.0","framework":{"name":"Microsoft.NETCore.App","version":"10.0.0"},"configProperties":{"System.GC.Server":false,"System.Runtime.TieredPGO":false}}}""";

    [Theory]
    [InlineData("""{"runtimeOptions":{"configProperties":{"System.GC.Server":true,"My.Switch":"on","STARTUP_HOOKS":"/x.dll"}}}""", """{"System.GC.Server":false,"System.Runtime.TieredPGO":false,"My.Switch":"on"}""")]
    [InlineData("""{"runtimeOptions":{"framework":{"name":"Microsoft.AspNetCore.App","version":"10.0.0"}}}""", """{"System.GC.Server":false,"System.Runtime.TieredPGO":false}""")]
    [InlineData("{}", """{"System.GC.Server":false,"System.Runtime.TieredPGO":false}""")]
    public void The_programs_properties_come_before_the_agents_without_its_servers_heaps(string programs, string expected)
    {
        JsonNode merged = JsonNode.Parse(Encoding.UTF8.GetString(ProgramSettings.Merge(Agents, programs)))!["runtimeOptions"]!;

        Assert.Equal(expected, merged["configProperties"]!.ToJsonString());
        Assert.Equal("Microsoft.NETCore.App", (string?)merged["framework"]!["name"]);
    }
}
