using Portal.Smime.Keys;
using Portal.Smime.Pkix;

namespace Portal.Smime.Cms;

/// <param name="Type">eContentType, object identifier.</param>
/// <param name="Digests">Complete, one for each digest that a signer uses.</param>
internal sealed record ContentToSign(string Type, ContentDigests Digests)
{
    public static ContentDigests DigestsFor(IEnumerable<Signer> signers) =>
        ContentDigests.For(signers.Select(signer => DigestAlgorithms.Identifier(signer.Scheme.Hash())));
}
