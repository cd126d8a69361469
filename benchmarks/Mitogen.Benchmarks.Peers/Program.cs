using Benchmarks.Measuring;
using Benchmarks.Peers;

// measure PEER SECONDS pinned|free   prints the peer's figures
// serve PEER [SOCKET]                is its other process
if (args is ["serve", "jsonrpc"])
{
    await JsonRpcSubject.ServeAsync();
}
else if (args is ["serve", "grpc", var socket])
{
    await GrpcSubject.ServeAsync(socket);
}
else if (args is ["measure", var peer, var seconds, var where])
{
    await using ISubject subject = peer switch
    {
        "jsonrpc" => JsonRpcSubject.Start(),
        "grpc" => await GrpcSubject.StartAsync(),
        _ => throw new ArgumentException($"There is no peer {peer}."),
    };
    TimeSpan time = TimeSpan.FromSeconds(double.Parse(seconds, System.Globalization.CultureInfo.InvariantCulture));
    await Scenarios.RunAsync(subject, time, where == "pinned");
}
else
{
    throw new ArgumentException("benchmarks/run runs this.");
}
