using System.Text.RegularExpressions;

namespace Mitogen.Package.Tests.Feed;

/// <summary>How a command ended, and what it printed on both of its outputs.</summary>
internal sealed record CommandOutcome(string Command, int Code, string Output)
{
    /// <summary>The command succeeded.</summary>
    public CommandOutcome Succeeded()
    {
        Assert.True(Code == 0, $"{Command}\nended with {Code}:\n{Output}");
        return this;
    }

    /// <summary>The command succeeded, and nothing that it built had a warning.</summary>
    public CommandOutcome HasNoWarning()
    {
        Succeeded();
        Assert.False(Regex.IsMatch(Output, @"\bwarning\b [A-Z]+\d+|: warning "), $"{Command}\nwarns:\n{Output}");
        return this;
    }

    /// <summary>The command failed, and said so.</summary>
    /// <param name="texts">What its output has to have.</param>
    public CommandOutcome Failed(params string[] texts)
    {
        Assert.True(Code != 0, $"{Command}\nsucceeded:\n{Output}");
        return Says(texts);
    }

    /// <summary>The output has each of these texts.</summary>
    /// <param name="texts">The texts.</param>
    public CommandOutcome Says(params string[] texts)
    {
        Assert.All(texts, text => Assert.True(Output.Contains(text, StringComparison.Ordinal), $"{Command}\ndoes not say '{text}':\n{Output}"));
        return this;
    }
}
