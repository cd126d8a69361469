using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Mitogen;
using Mitogen.Testing;

namespace WebApi.Tests;

/// <summary>The whole application, with its contexts in memory: no process is started.</summary>
public sealed class ApplicationTests : IAsyncDisposable
{
    private readonly InProcessRoot _root = InProcessRoot.Create();
    private readonly WebApplicationFactory<Program> _application;

    public ApplicationTests()
    {
        _root.OnConnect<LocalConnection>(connection => new FakeContext().Add<IMachine>(new FakeMachine(connection.Name!)));
        _application = new WebApplicationFactory<Program>().WithWebHostBuilder(
            host => host.ConfigureTestServices(services => services.AddMitogen().UseRoot(_root)));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        await _root.DisposeAsync();
    }

    [Fact]
    public async Task Each_machine_answers_in_its_context()
    {
        using HttpClient client = _application.CreateClient();

        Assert.Equal("web1", (await client.GetFromJsonAsync<MachineState>("/web1", Cancellation))!.Context);
        Assert.Equal("web2", (await client.GetFromJsonAsync<MachineState>("/machines/web2", Cancellation))!.Context);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/machines/web3", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Contexts_start_when_they_are_used()
    {
        using HttpClient client = _application.CreateClient();
        Assert.Equal("[]", await client.GetStringAsync("/contexts", Cancellation));
        Assert.Equal("Healthy", await client.GetStringAsync("/health", Cancellation));

        _ = await client.GetStringAsync("/machines/web2", Cancellation);

        Assert.Contains("\"name\":\"web2\"", await client.GetStringAsync("/contexts", Cancellation), StringComparison.Ordinal);
        Assert.Equal("Healthy", await client.GetStringAsync("/health", Cancellation));
    }

    [Fact]
    public async Task A_stream_of_a_context_comes_to_the_client()
    {
        using HttpClient client = _application.CreateClient();

        Assert.Equal(["/srv/a", "/srv/b"], (await client.GetFromJsonAsync<string[]>("/machines/web1/files?folder=/srv", Cancellation))!);
    }

    [Fact]
    public async Task A_context_that_does_not_come_up_is_an_error_and_unhealthy()
    {
        _root.OnConnect<LocalConnection>(_ => FakeContext.Failing(BootstrapReason.NoRuntime, "There is no runtime."));
        using HttpClient client = _application.CreateClient();

        Assert.Equal(HttpStatusCode.InternalServerError, (await client.GetAsync("/web1", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync("/health", Cancellation)).StatusCode);
    }

    private sealed class FakeMachine(string name) : IMachine
    {
        public Task<MachineState> DescribeAsync(CancellationToken cancellationToken) => Task.FromResult(new MachineState(name, "host", "user", 1, default));

        public IAsyncEnumerable<string> ListAsync(string folder, CancellationToken cancellationToken) => new[] { $"{folder}/a", $"{folder}/b" }.ToAsyncEnumerable();
    }
}
