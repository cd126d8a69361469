namespace Mitogen.Logging;

/// <summary>A scope of another context, as the root's loggers see it.</summary>
internal sealed class RemoteLogScope(LogScope scope) : ValueList(Pairs(scope.Values))
{
    public override string ToString() => scope.Text;
}
