using System.Text;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Fuzzing;

/// <summary>Changes messages line by line: fields and delimiters are dropped, doubled, moved, borrowed, folded, made endless.</summary>
internal sealed class MessageMutator(IReadOnlyList<byte[]> corpus, Xorshift generator)
{
    private const int MostAdded = 512 * 1024;

    private static readonly string[] Endings = ["\r\n", "\n", "\r", ""];

    private static readonly string[] Fields =
    [
        "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; boundary=b", "Content-Type: multipart/mixed; boundary=\"\"",
        "Content-Type: application/pkcs7-mime; smime-type=signed-data", "Content-Type: message/rfc822", "Content-Type: multipart/digest; boundary=d",
        "Content-Transfer-Encoding: base64", "Content-Transfer-Encoding: quoted-printable", "Content-Transfer-Encoding: x-uuencode",
        "Content-Type: text/plain; hp=\"cipher\"", "Content-Type: text/plain; hp=\"clear\"; protected-headers=\"v1\"", "HP-Outer: Subject: [...]", "HP-Outer:",
        "From: alice@example.org", "From : board@example.org", "From: a@b.example, c@d.example", "From:", "Date: Thu, 1 Jan 1970 00:00:00 +0000", "Subject: =?utf-8?b?////?=",
        "--b", "--b--", "--", "-- ", "\0\0\0", " folded", ": no name", "",
    ];

    private readonly List<string[]> _messages = corpus.Select(bytes => Encoding.Latin1.GetString(bytes).Split("\r\n")).ToList();

    public byte[] Next()
    {
        var lines = _messages[generator.Below(_messages.Count)].ToList();
        for (var changes = 1 + generator.Below(4); changes > 0 && lines.Count > 1; changes--)
        {
            Change(lines);
        }

        var ending = generator.Below(10) == 0 ? Endings[generator.Below(Endings.Length)] : "\r\n";
        var mutant = Encoding.Latin1.GetBytes(string.Join(ending, lines));
        return generator.Below(8) == 0 ? ByteMutator.Change(mutant, generator) : mutant;
    }

    private void Change(List<string> lines)
    {
        var at = generator.Below(lines.Count);
        switch (generator.Below(9))
        {
            case 0:
                lines.RemoveAt(at);
                break;
            case 1:
                lines.Insert(at, lines[generator.Below(lines.Count)]);
                break;
            case 2:
                lines.Insert(at, Fields[generator.Below(Fields.Length)]);
                break;
            case 3:
                var other = _messages[generator.Below(_messages.Count)];
                lines.InsertRange(at, other[generator.Below(other.Length)..]);
                break;
            case 4:
                lines[at] = string.Concat(Enumerable.Repeat(lines[at] + " ", Times(lines[at], 200)));
                break;
            case 5:
                lines.Insert(at, "\t" + lines[at]);
                break;
            case 6:
                lines.InsertRange(at, Enumerable.Repeat(lines[at], Times(lines[at], 300)));
                break;
            case 7:
                var to = generator.Below(lines.Count);
                (lines[at], lines[to]) = (lines[to], lines[at]);
                break;
            default:
                lines[at] = Encoding.Latin1.GetString(ByteMutator.Change(Encoding.Latin1.GetBytes(lines[at] + "  "), generator));
                break;
        }
    }

    // Beyond every limit of a header, and far below what would measure the mutator's memory instead of the engine's.
    private int Times(string line, int most) => Math.Min(1 + generator.Below(most), 1 + (MostAdded / (line.Length + 1)));
}
