using System.Security.Cryptography.X509Certificates;

namespace Portal.Smime.Pkix;

/// <param name="Certificate">That may have issued another.</param>
/// <param name="Anchor">Null for one that needs a path of its own.</param>
internal sealed record IssuerCandidate(ParsedCertificate Certificate, TrustAnchor? Anchor);

/// <summary>Everything that may stand on a path.</summary>
internal sealed class CertificatePool
{
    private readonly List<IssuerCandidate> _candidates = [];

    public CertificatePool(TrustStore trust, IReadOnlyList<X509Certificate2> further)
    {
        foreach (var anchor in trust.Anchors)
        {
            Add(anchor.Certificate, anchor);
        }

        foreach (var certificate in trust.Intermediates.Concat(further))
        {
            Add(certificate, null);
        }
    }

    public TrustAnchor? AnchorOf(ParsedCertificate certificate) =>
        _candidates.Find(candidate => candidate.Anchor is not null && candidate.Certificate.IsSame(certificate))?.Anchor;

    /// <summary>The likeliest first: by key identifier, then anchors, then in the order given, where our own come before a stranger's.</summary>
    /// <param name="name">The subject's.</param>
    /// <param name="keyIdentifier">That the issued one asks for; null when it does not say.</param>
    public IEnumerable<IssuerCandidate> Named(DistinguishedName name, ReadOnlyMemory<byte>? keyIdentifier) =>
        _candidates
            .Where(candidate => candidate.Certificate.Subject.Equals(name))
            .OrderBy(candidate => Agreement(candidate.Certificate.Extensions.SubjectKeyIdentifier, keyIdentifier))
            .ThenBy(candidate => candidate.Anchor is null);

    private static int Agreement(ReadOnlyMemory<byte>? given, ReadOnlyMemory<byte>? wanted) =>
        given is not { } one || wanted is not { } other ? 1 : one.Span.SequenceEqual(other.Span) ? 0 : 2;

    private void Add(X509Certificate2 certificate, TrustAnchor? anchor)
    {
        if (ParsedCertificate.Of(certificate) is { } parsed && !_candidates.Exists(known => known.Certificate.IsSame(parsed)))
        {
            _candidates.Add(new IssuerCandidate(parsed, anchor));
        }
    }
}
