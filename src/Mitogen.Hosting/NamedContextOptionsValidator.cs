using Microsoft.Extensions.Options;

namespace Mitogen.Hosting;

/// <summary>Tells of everything that is wrong with the options of a context, before anybody uses it.</summary>
internal sealed class NamedContextOptionsValidator : IValidateOptions<NamedContextOptions>
{
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, NamedContextOptions options)
    {
        ValidateOptionsResultBuilder errors = new();
        void Check(bool isGood, string what)
        {
            if (!isGood)
            {
                errors.AddError($"The context '{name}': {what}");
            }
        }

        // The root's own rule for names, which is that of all contexts.
        Check(new MitogenOptions { Name = name ?? "" }.FindErrors().Count == 0, "a context's name has 1 to 100 characters, and no slash or control character.");
        Check(options.Chain is not null || !string.IsNullOrWhiteSpace(options.Connection), "it has no Connection. Set a connection string, such as 'ssh://web1'.");
        if (options.Chain is null && !string.IsNullOrWhiteSpace(options.Connection) && ErrorOf(options.Connection) is { } error)
        {
            Check(false, error);
        }

        Check(
            options.MaxRetryDelay > TimeSpan.Zero && options.MaxRetryDelay <= s_longest, $"MaxRetryDelay is more than 0, up to 1 day. It is {options.MaxRetryDelay}.");
        Check(
            options.RetryDelay > TimeSpan.Zero && options.RetryDelay <= options.MaxRetryDelay, $"RetryDelay is more than 0, up to MaxRetryDelay. It is {options.RetryDelay}.");
        return errors.Build();
    }

    private static string? ErrorOf(string connection)
    {
        try
        {
            _ = ConnectionString.Parse(connection);
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }
}
