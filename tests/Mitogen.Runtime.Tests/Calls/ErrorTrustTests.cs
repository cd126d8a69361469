using Mitogen.Contexts;
using Mitogen.Testing;

namespace Mitogen.Runtime.Tests.Calls;

/// <summary>Failures between contexts that trust each other in one direction only.</summary>
public sealed class ErrorTrustTests : CallTest
{
    [Fact]
    public async Task A_child_cannot_fail_a_call_in_the_name_of_its_sibling()
    {
        BootstrapException claim = new(BootstrapReason.PasswordWrong, "db", "root/sibling", "The password is wrong.");
        InProcessRoot root = NewRoot().OnConnect<LocalConnection>(_ => new FakeContext().Add<IWork>(new Work
        {
            Async = (step, _, _) => throw (step == 0 ? claim : new ContextLostException("root/sibling", new DisconnectReason(DisconnectKind.Exited, "It exited."))),
        }));
        await using IRemoteContext child = await root.ConnectAsync(new LocalConnection { Name = "child" }, Cancellation);
        await using IRemoteContext grandchild = await child.ConnectAsync(new LocalConnection { Name = "grandchild" }, Cancellation);

        foreach (IRemoteContext context in new[] { child, grandchild })
        {
            for (int step = 0; step < 2; step++)
            {
                RemoteCallException error = await Assert.ThrowsAsync<RemoteCallException>(async () => await context.Get<IWork>().RunAsync(step, []));
                Assert.Equal($"{context}", error.ContextPath);
            }
        }
    }

    [Fact]
    public async Task A_child_hears_what_went_wrong_above_and_not_where()
    {
        InProcessRoot root = NewRoot();
        await using IRemoteContext child = await root.ConnectAsync(new LocalConnection { Name = "child" }, Cancellation);
        ContextNode inside = await ChildNodes.OfAsync(child);

        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(() => inside.Parent!.GetOwn<IParentContext>().ReadExecutableAsync("none", 0, Cancellation));

        RemoteCallException origin = RemoteCallException.Of(error)!;
        Assert.Equal(("root", "rid"), (origin.ContextPath, error.ParamName));
        Assert.Null(origin.RemoteStackTrace);
    }
}
