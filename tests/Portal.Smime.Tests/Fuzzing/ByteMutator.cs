using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Fuzzing;

internal static class ByteMutator
{
    private static readonly byte[] Interesting = [0x00, 0x7f, 0x80, 0x81, 0x84, 0xff, 0x30, 0x24];

    /// <summary>One to four places changed, dropped, doubled or cut off.</summary>
    public static byte[] Change(byte[] original, Xorshift generator)
    {
        var mutant = original.ToList();
        for (var changes = 1 + generator.Below(4); changes > 0 && mutant.Count > 1; changes--)
        {
            var at = generator.Below(mutant.Count);
            var run = Math.Min(1 + generator.Below(40), mutant.Count - at);
            switch (generator.Below(7))
            {
                case 0:
                    mutant[at] = (byte)generator.Next();
                    break;
                case 1:
                    mutant[at] ^= (byte)(1 << generator.Below(8));
                    break;
                case 2:
                    mutant.RemoveRange(at, run);
                    break;
                case 3:
                    mutant.InsertRange(at, mutant.GetRange(at, run));
                    break;
                case 4 when generator.Below(4) == 0:
                    mutant.RemoveRange(at, mutant.Count - at);
                    break;
                case 5:
                    mutant[at] = Interesting[generator.Below(Interesting.Length)];
                    break;
                default:
                    mutant.InsertRange(at, original.Take(run));
                    break;
            }
        }

        return [.. mutant];
    }
}
