using Mitogen;
using WebApi;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);

// The contexts stand in appsettings.json: "web1": "ssh://deploy@web1+sudo" is all that another machine needs.
builder.Services.AddMitogen(builder.Configuration.GetSection("Mitogen"))
    .AddRemote<IMachine>("web2")
    .AddRemote<IMachine>("web1");
builder.Services.AddHealthChecks().AddMitogen();

await using WebApplication app = builder.Build();

// The first call starts the context; all further ones share it.
app.MapGet("/web1", (IMachine web1, CancellationToken cancellationToken) => web1.DescribeAsync(cancellationToken));

app.MapGet("/machines/{name}", async (string name, IServiceProvider services, CancellationToken cancellationToken) =>
    services.GetKeyedService<IMachine>(name) is { } machine
        ? Results.Ok(await machine.DescribeAsync(cancellationToken))
        : Results.NotFound());

// A stream from the context goes through to the browser, item by item.
app.MapGet("/machines/{name}/files", (string name, string folder, IServiceProvider services, CancellationToken cancellationToken) =>
    services.GetKeyedService<IMachine>(name) is { } machine
        ? Results.Ok(machine.ListAsync(folder, cancellationToken))
        : Results.NotFound());

// What runs now, without starting anything.
app.MapGet("/contexts", (IRemoteContext root) => root.Children.Select(context => new { context.Name, context.Info.ProcessId }));

app.MapHealthChecks("/health");
await app.RunAsync();
