using Mitogen;

namespace Template._1;

/// <summary>A contract: what can be called in other contexts.</summary>
[Remote]
public interface IGreeter
{
    Task<string> GreetAsync(string name, CancellationToken cancellationToken = default);
}
