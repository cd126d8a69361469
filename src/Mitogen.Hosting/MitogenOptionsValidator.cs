using Microsoft.Extensions.Options;

namespace Mitogen.Hosting;

/// <summary>Tells of every value that the root would not take.</summary>
internal sealed class MitogenOptionsValidator : IValidateOptions<MitogenOptions>
{
    public ValidateOptionsResult Validate(string? name, MitogenOptions options) =>
        options.FindErrors() is { Count: > 0 } errors ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
}
