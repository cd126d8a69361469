using System;
using System.IO;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Copies an assembly without its entry point, so that the native compiler takes it for a library: it keeps the entry points of all
/// assemblies that it is given. The token stands in the CLI header (ECMA-335, II.25.3.3), which the last but one of the data directories of the PE header names.
/// </summary>
public sealed class RemoveEntryPoint : Task
{
    private const int CliHeaderDirectory = 14;
    private const int EntryPointToken = 20;

    [Required]
    public string Assembly { get; set; } = "";

    [Required]
    public string Library { get; set; } = "";

    public override bool Execute()
    {
        byte[] image = File.ReadAllBytes(Assembly);
        int pe = BitConverter.ToInt32(image, 0x3C);
        int sections = BitConverter.ToUInt16(image, pe + 6);
        int optional = pe + 24;
        int directories = optional + (BitConverter.ToUInt16(image, optional) == 0x20B ? 112 : 96);
        int address = BitConverter.ToInt32(image, directories + (8 * CliHeaderDirectory));
        int section = optional + BitConverter.ToUInt16(image, pe + 20);
        for (int i = 0; i < sections; i++, section += 40)
        {
            int start = BitConverter.ToInt32(image, section + 12);
            if (address >= start && address < start + BitConverter.ToInt32(image, section + 16))
            {
                Array.Clear(image, address - start + BitConverter.ToInt32(image, section + 20) + EntryPointToken, 4);
                Directory.CreateDirectory(Path.GetDirectoryName(Library));
                File.WriteAllBytes(Library, image);
                return true;
            }
        }

        Log.LogError("{0} is not an assembly.", Assembly);
        return false;
    }
}
