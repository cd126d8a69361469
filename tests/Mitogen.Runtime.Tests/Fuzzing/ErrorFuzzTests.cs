using Mitogen.Calls;

namespace Mitogen.Runtime.Tests.Fuzzing;

/// <summary>Exceptions on the wire that are anything: the call fails with something that can be thrown and shown.</summary>
public sealed class ErrorFuzzTests
{
    [Fact]
    public void Whatever_comes_is_an_exception() =>
        FuzzRun.Each("errors", 20_000, 256 * 1024, (input, _) =>
        {
            Exception error = ErrorCodec.Read(input, new ErrorSender("root/hostile"));
            Assert.NotNull(error.Message);
            Assert.NotEmpty(error.ToString());
        });
}
