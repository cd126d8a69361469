using Mitogen.CompilerServices;

namespace Mitogen.Generators.Tests.Harness;

/// <summary>A progress parameter as the caller gave it, and how its reports are read.</summary>
internal sealed record LoopbackProgress<T>(IProgress<T> Progress, ResultReader<T> Reader)
{
    public IProgress<T> At(ResultWriter<T> writer) => new Reporter(this, writer);

    private sealed class Reporter(LoopbackProgress<T> caller, ResultWriter<T> writer) : IProgress<T>
    {
        public void Report(T value) => caller.Progress.Report(LoopbackMessage.Write(value, writer).Read(caller.Reader));
    }
}
