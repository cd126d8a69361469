using System.ComponentModel;

namespace Mitogen.CompilerServices;

/// <summary>
/// By this, a stream of items that is an argument, or a part of an argument or result, is read where it is. For generated code
/// and the runtime only.
/// </summary>
/// <typeparam name="T">An item's type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ItemsContract<T> : RemoteContract<IAsyncEnumerable<T>>
{
    // The ids are those of the name "Mitogen.CompilerServices.ItemsContract" and the signature "Mitogen.CompilerServices.ItemsContract::ReadAsync()".

    private readonly ResultReader<T> _reader;
    private readonly ResultWriter<T> _writer;

    /// <summary>Creates the contract.</summary>
    /// <param name="reader">Reads an item.</param>
    /// <param name="writer">Writes an item.</param>
    public ItemsContract(ResultReader<T> reader, ResultWriter<T> writer)
        : base(ItemsContract.Id, "IAsyncEnumerable", [ItemsContract.Read])
    {
        _reader = reader;
        _writer = writer;
    }

    /// <inheritdoc/>
    public override IAsyncEnumerable<T> CreateProxy(CallTarget target) => new RemoteItems<T>(target, ItemsContract.Read, _reader);

    /// <inheritdoc/>
    public override void Dispatch(object target, int methodIndex, IncomingCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.ReturnItems((IAsyncEnumerable<T>)target, _writer);
    }
}

internal static class ItemsContract
{
    public const ulong Id = 0xfcc09b85357e437aUL;

    private const uint ReadId = 0xec057456U;

    public static RemoteMethod Read { get; } = new(Id, ReadId, 0, "IAsyncEnumerable.ReadAsync", MethodShape.Streaming) { MaxArgumentBytes = 0, IsOwn = true };

    public static RemoteMethod? Find(uint method) => method == ReadId ? Read : null;
}
