using MemoryPack;

namespace Mitogen.Runtime.Tests.Calls;

/// <summary>One contract for tests of all that isn't about a method's shape: what it does is up to the <see cref="Work"/> behind it.</summary>
[Remote]
public interface IWork
{
    ValueTask<byte[]> RunAsync(int step, byte[] data);

    ValueTask<byte[]> RunUntilAsync(int step, CancellationToken cancellationToken);

    byte[] Block(int step, byte[] data);

    byte[] BlockUntil(int step, CancellationToken cancellationToken);

    ValueTask<int> IncrementAsync(int value);

    int Increment(int value);

    [OneWay]
    void Tell(int step);
}

/// <summary>The same, as another service.</summary>
[Remote]
public interface IOtherWork
{
    ValueTask<byte[]> RunAsync(int step, byte[] data);
}

internal sealed class Work : IWork, IOtherWork
{
    public Func<int, byte[], CancellationToken, ValueTask<byte[]>> Async { get; init; } = (_, data, _) => new(data);

    public Func<int, byte[], CancellationToken, byte[]> Sync { get; init; } = (_, data, _) => data;

    public Action<int> Told { get; init; } = _ => { };

    public ValueTask<byte[]> RunAsync(int step, byte[] data) => Async(step, data, default);

    public ValueTask<byte[]> RunUntilAsync(int step, CancellationToken cancellationToken) => Async(step, [], cancellationToken);

    public byte[] Block(int step, byte[] data) => Sync(step, data, default);

    public byte[] BlockUntil(int step, CancellationToken cancellationToken) => Sync(step, [], cancellationToken);

    public ValueTask<int> IncrementAsync(int value) => new(value + 1);

    public int Increment(int value) => value + 1;

    public void Tell(int step) => Told(step);
}

public interface IDescribed
{
    string Describe();
}

[Remote]
public interface INumbered : IDescribed
{
    Task<int> NumberAsync();
}

/// <summary>Every shape of a method.</summary>
[Remote]
public interface IShapes : INumbered
{
    int Add(int left, int right = 10);

    void Store(string value);

    string Recall();

    Task WaitAsync();

    Task<string> GreetAsync(string name, string greeting = "Hello");

    ValueTask TouchAsync();

    ValueTask<int> TwiceAsync(int value);

    ValueTask<long> TwiceAsync(long value);

    ValueTask<string> TwiceAsync(string value);

#pragma warning disable CA1068 // a token may stand anywhere
    Task<bool> SeesTokenAsync(CancellationToken first, int between, string? last = null);
#pragma warning restore CA1068

    [OneWay]
    void Post(string line);

    [OneWay]
    Task PostAsync(string line, CancellationToken cancellationToken);

    [OneWay]
    ValueTask PostLaterAsync(string line);
}

internal sealed class Shapes : IShapes
{
    private readonly List<string> _lines = [];
    private string _stored = "";

    public TaskCompletionSource<string[]> ThreeLines { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Touched { get; private set; }

    public string Describe() => "shapes";

    public Task<int> NumberAsync() => Task.FromResult(7);

    public int Add(int left, int right) => left + right;

    public void Store(string value) => _stored = value;

    public string Recall() => _stored;

    public async Task WaitAsync() => await Task.Delay(5);

    public async Task<string> GreetAsync(string name, string greeting)
    {
        await Task.Yield();
        return $"{greeting}, {name}";
    }

    public ValueTask TouchAsync()
    {
        Touched++;
        return ValueTask.CompletedTask;
    }

    public ValueTask<int> TwiceAsync(int value) => new(value * 2);

    public ValueTask<long> TwiceAsync(long value) => new(value * 2);

    public ValueTask<string> TwiceAsync(string value) => new(value + value);

#pragma warning disable CA1068 // a token may stand anywhere
    public Task<bool> SeesTokenAsync(CancellationToken first, int between, string? last) =>
        Task.FromResult(first.CanBeCanceled && between == 3 && last is null);
#pragma warning restore CA1068

    public void Post(string line) => Add(line);

    public Task PostAsync(string line, CancellationToken cancellationToken)
    {
        Add(line);
        return Task.CompletedTask;
    }

    public ValueTask PostLaterAsync(string line)
    {
        Add(line);
        return ValueTask.CompletedTask;
    }

    private void Add(string line)
    {
        lock (_lines)
        {
            _lines.Add(line);
            if (_lines.Count == 3)
            {
                ThreeLines.SetResult([.. _lines]);
            }
        }
    }
}

public static class Outer
{
    [Remote]
    public interface INested
    {
        string Where();
    }
}

public enum Rank
{
    Low = 1,
    High = 200,
}

public sealed record Address(string Street, int? Number);

public sealed record Resident(string Name, int Age, Address? Home, Rank Rank = Rank.Low)
{
    public required DateTime Born { get; init; }

    public List<string>? Tags { get; init; }
}

[MemoryPackable]
public sealed partial class Parcel
{
    public Guid Id { get; set; }

    public Dictionary<string, decimal>? Prices { get; set; }

    public Parcel? Inside { get; set; }
}

/// <summary>Cannot be written when <see cref="Value"/> is "thorn", nor be made of a "prick".</summary>
public sealed class Thorny
{
    private readonly string _value = "";

    public string Value
    {
        get => _value == "thorn" ? throw new InvalidDataException("a thorn") : _value;
        init => _value = value == "prick" ? throw new InvalidDataException("a prick") : value;
    }
}

[Remote]
public interface IValues
{
    Task<Resident?> EchoPersonAsync(Resident? person);

    Task<Parcel> EchoParcelAsync(Parcel parcel);

    Task<Dictionary<string, List<Resident?>>> EchoMapAsync(Dictionary<string, List<Resident?>> map);

    Task<(int? Number, string? Text, TimeSpan[] Times)> EchoTupleAsync((int? Number, string? Text, TimeSpan[] Times) tuple);

    Task<string?[]?> EchoStringsAsync(string?[]? strings);

    Task<Thorny> EchoThornyAsync(Thorny thorny, bool asThorn);
}

internal sealed class Values : IValues
{
    public Task<Resident?> EchoPersonAsync(Resident? person) => Task.FromResult(person);

    public Task<Parcel> EchoParcelAsync(Parcel parcel) => Task.FromResult(parcel);

    public Task<Dictionary<string, List<Resident?>>> EchoMapAsync(Dictionary<string, List<Resident?>> map) => Task.FromResult(map);

    public Task<(int? Number, string? Text, TimeSpan[] Times)> EchoTupleAsync((int? Number, string? Text, TimeSpan[] Times) tuple) => Task.FromResult(tuple);

    public Task<string?[]?> EchoStringsAsync(string?[]? strings) => Task.FromResult(strings);

    public Task<Thorny> EchoThornyAsync(Thorny thorny, bool asThorn) => Task.FromResult(asThorn ? new Thorny { Value = "thorn" } : thorny);
}

/// <summary>The result's type belongs to the tests of pooling alone, and so does the pool of its calls.</summary>
public readonly record struct Pooled(int Value);

[Remote]
public interface IPooledCalls
{
    ValueTask<Pooled> EchoAsync(int value, CancellationToken cancellationToken);
}

internal sealed class PooledCalls(Func<int, Task> before) : IPooledCalls
{
    public async ValueTask<Pooled> EchoAsync(int value, CancellationToken cancellationToken)
    {
        await before(value);
        return new Pooled(value);
    }
}
