using Mitogen.HostileChild;
using Mitogen.HostileChild.Attacks;

// Is started in the place of `dotnet`, by a script that puts the attack's name and the ids of other contexts in front of its arguments:
// one of those is the nonce.
if (args.Length < 2 || Catalog.Find(args[0]) is not { } attack)
{
    Console.Error.WriteLine("An attack's name is needed: " + string.Join(' ', Catalog.All.Select(a => a.Name)));
    return 2;
}

uint[] others = [.. args[1].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(uint.Parse)];
byte[] nonce = Convert.FromHexString(args.Skip(2).Single(a => a.Length == 2 * Wire.NonceSize && a.All(char.IsAsciiHexDigit)));
Attacker attacker = new(attack, others, new ParentLink(Console.OpenStandardInput(), Console.OpenStandardOutput()));
attacker.Introduce(nonce);
Thread.Sleep(Timeout.Infinite);
return 0;
