// Copies the files of a folder, with the versions of packages in the places of their names: $version:NAME$.
//   dotnet run --file FillInVersions.cs -- FOLDER RESULT NAME=VERSION...
using System.Text.RegularExpressions;

Dictionary<string, string> versions = args[2..].Select(text => text.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
foreach (string file in Directory.EnumerateFiles(args[0], "*", SearchOption.AllDirectories))
{
    string copy = Path.Combine(args[1], Path.GetRelativePath(args[0], file));
    Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
    File.WriteAllText(copy, Regex.Replace(File.ReadAllText(file), @"\$version:([^$]+)\$", name => versions.TryGetValue(name.Groups[1].Value, out string? version)
        ? version
        : throw new InvalidOperationException($"{file}: {name} is not in Directory.Packages.props.")));
}
