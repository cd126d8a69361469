using System.Text;
using Mitogen;

namespace Fleet;

/// <summary>Where a password comes from. Not from the command line: everybody on the machine can read that.</summary>
internal static class Passwords
{
    /// <exception cref="UsageException">It cannot be read.</exception>
    public static Secret Read(string file)
    {
        try
        {
            return File.ReadLines(file).FirstOrDefault() is { Length: > 0 } line
                ? new Secret(line)
                : throw new UsageException($"The first line of {file} is empty.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The password cannot be read: {e.Message}", e);
        }
    }

    /// <exception cref="UsageException">There is nobody to ask.</exception>
    public static Secret Ask()
    {
        if (Console.IsInputRedirected)
        {
            throw new UsageException("--ask-password needs a terminal; there is --password-file.");
        }

        Console.Error.Write("Password for ssh and sudo: ");
        StringBuilder typed = new();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                typed.Length = Math.Max(0, typed.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                typed.Append(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return new Secret(typed.ToString());
    }
}
