using Portal.Smime.Mime;
using Portal.Smime.Pkix;

namespace Portal.Cli.Smime;

/// <summary>What `portal smime protect --json` says.</summary>
/// <param name="File">That was written.</param>
/// <param name="Signed">By at least one key.</param>
/// <param name="Encrypted">For at least one certificate.</param>
/// <param name="Warnings">What readers may hold against it: address-mismatch, from-not-single, unrestricted-certificate, signs-ciphertext-only, header-as-it-was, too-large.</param>
internal sealed record ProtectReport(string File, bool Signed, bool Encrypted, IReadOnlyList<string> Warnings)
{
    /// <param name="wanted">That was done.</param>
    /// <param name="written">To this.</param>
    /// <param name="length">Of the result, bytes.</param>
    public static IEnumerable<string> Against(Protection wanted, WrittenMessage written, long length)
    {
        if (length > OpeningLimits.Default.MessageBytes)
        {
            yield return "too-large";
        }

        if (written.IsLayer && wanted.Recipients.Count > 0)
        {
            yield return "header-as-it-was";
        }

        if (wanted.Signers.Count == 0)
        {
            yield break;
        }

        if (written.From is null)
        {
            yield return "from-not-single";
        }
        else if (!wanted.Signers.All(signer => MailAddresses.Of(signer.Certificate).Contains(written.From)))
        {
            yield return "address-mismatch";
        }

        if (wanted.Signers.Any(signer => CertificateFitness.IsUnrestricted(signer.Certificate)))
        {
            yield return "unrestricted-certificate";
        }

        if (written.IsCiphertext)
        {
            yield return "signs-ciphertext-only";
        }
    }

    public IEnumerable<string> Lines(int recipients)
    {
        yield return $"{File}: {(Signed ? "signed" : "not signed")}, {(Encrypted ? $"encrypted for {recipients}" : "not encrypted")}";
        foreach (var warning in Warnings)
        {
            yield return $"Warning: {Words(warning)}";
        }
    }

    private static string Words(string warning) => warning switch
    {
        "from-not-single" => "There is not exactly one address in From; readers will not accept the signature as the sender's.",
        "address-mismatch" => "A signing certificate does not name the address in From; readers will not accept its signature as the sender's.",
        "unrestricted-certificate" => "A signing certificate does not say that it is for signing mail; readers as strict as the portal will not accept its signature.",
        "signs-ciphertext-only" => "What is signed is encrypted already; unless it is signed inside as well, readers will not accept the signature as the writer's.",
        "header-as-it-was" => "What is signed or encrypted already keeps its header: the Subject can be read outside.",
        _ => $"It is longer than {OpeningLimits.Default.MessageBytes} bytes; `portal smime open` and the portal will not open it.",
    };
}
