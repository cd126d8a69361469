using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Names the last part of the namespace of an assembly's generated code, as the source generator does: letters and digits stay, a dot between two
/// of them is an underscore, all else is two underscores and four hexadecimal digits.
/// </summary>
public sealed class NameGeneratedCode : Task
{
    [Required]
    public string Assembly { get; set; } = "";

    [Output]
    public string Name { get; set; } = "";

    public override bool Execute()
    {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < Assembly.Length; i++)
        {
            char letter = Assembly[i];
            if (IsPlain(i))
            {
                name.Append(i == 0 && char.IsDigit(letter) ? "_" : "").Append(letter);
            }
            else if (letter == '.' && IsPlain(i - 1) && IsPlain(i + 1))
            {
                name.Append('_');
            }
            else
            {
                name.Append("__").Append(((int)letter).ToString("x4"));
            }
        }

        Name = name.ToString();
        return true;
    }

    private bool IsPlain(int index)
    {
        return index >= 0 && index < Assembly.Length && char.IsLetterOrDigit(Assembly[index]);
    }
}
