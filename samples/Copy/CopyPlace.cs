using System.CommandLine.Parsing;
using Mitogen;

namespace Copy;

/// <summary>A path of this machine or of another one.</summary>
/// <param name="Chain">The connections that lead there; none for this machine.</param>
/// <param name="Path">The path there.</param>
internal sealed record CopyPlace(IReadOnlyList<Connection> Chain, string Path)
{
    /// <summary>Reads <c>path</c> or <c>ssh://web1+sudo:/path</c>: the path begins at the last <c>:/</c> that is none of <c>://</c>.</summary>
    public static CopyPlace? Parse(ArgumentResult argument)
    {
        string text = argument.Tokens.Single().Value;
        if (!text.Contains("://", StringComparison.Ordinal))
        {
            return new CopyPlace([], System.IO.Path.GetFullPath(text));
        }

        int end = text.Length;
        do
        {
            end = text.LastIndexOf(":/", end - 1, StringComparison.Ordinal);
        }
        while (end > 0 && text.AsSpan(end).StartsWith("://"));
        if (end <= 0)
        {
            argument.AddError($"{text} names no path. Write it behind the connections: ssh://web1:/srv/www");
            return null;
        }

        if (ConnectionString.TryParse(text[..end], out IReadOnlyList<Connection>? chain))
        {
            return new CopyPlace(chain, text[(end + 1)..]);
        }

        argument.AddError($"{text[..end]} is no chain of connections, such as ssh://deploy@web1+sudo.");
        return null;
    }

    public async Task<IRemoteContext> ConnectAsync(IRemoteContext app) =>
        Chain.Count == 0 ? app : await app.ConnectAsync(Chain, app.Disconnected);
}
