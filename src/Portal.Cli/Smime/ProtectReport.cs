using Portal.Smime.Pkix;

namespace Portal.Cli.Smime;

/// <summary>What `portal smime protect --json` says.</summary>
/// <param name="File">That was written.</param>
/// <param name="Signed">By at least one key.</param>
/// <param name="Encrypted">For at least one certificate.</param>
/// <param name="Warnings">What readers will hold against the signature: from-not-single, address-mismatch.</param>
internal sealed record ProtectReport(string File, bool Signed, bool Encrypted, IReadOnlyList<string> Warnings)
{
    public static IReadOnlyList<string> Against(Protection wanted, WrittenMessage written) => wanted.Signers switch
    {
        [] => [],
        _ when written.From is null => ["from-not-single"],
        var signers when signers.All(signer => MailAddresses.Of(signer.Certificate).Contains(written.From)) => [],
        _ => ["address-mismatch"],
    };

    public IEnumerable<string> Lines(int recipients)
    {
        yield return $"{File}: {(Signed ? "signed" : "not signed")}, {(Encrypted ? $"encrypted for {recipients}" : "not encrypted")}";
        foreach (var warning in Warnings)
        {
            yield return warning == "from-not-single"
                ? "Warning: There is not exactly one address in From; readers will not accept the signature as the sender's."
                : "Warning: A signing certificate does not name the address in From; readers will not accept its signature as the sender's.";
        }
    }
}
