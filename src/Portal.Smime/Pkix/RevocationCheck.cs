namespace Portal.Smime.Pkix;

/// <summary>Whether a path has been revoked anywhere: by lists and responses together, or by whoever trusts.</summary>
internal sealed class RevocationCheck(RevocationListCheck lists, OcspCheck responses, IReadOnlyList<DisownedCertificate> disowned, DateTimeOffset at)
{
    /// <param name="path">From the certificate up to and including the anchor.</param>
    /// <param name="anchor">Whose certificate ends it.</param>
    public PathRevocation Of(IReadOnlyList<ParsedCertificate> path, TrustAnchor anchor)
    {
        var evidence = new List<RevocationEvidence>();
        var unknown = default(int?);
        for (var index = 0; index + 1 < path.Count; index++)
        {
            var byList = lists.Of(path[index], path[index + 1], anchor);
            var byResponse = responses.Of(path[index], path[index + 1], anchor);
            if ((byList.Revoked ?? byResponse.Revoked ?? Disowned(path[index])) is { } entry)
            {
                return new PathRevocation.Revoked(index, entry);
            }

            var good = byList.Good ?? byResponse.Good;
            if (good is null && anchor.Revocation == RevocationPolicy.Required)
            {
                unknown ??= index;
            }

            evidence.Add(good ?? new RevocationEvidence(path[index].Certificate, RevocationSource.None, null));
        }

        return unknown is { } first ? new PathRevocation.Unknown(first) : new PathRevocation.Good(evidence);
    }

    private RevokedCertificate? Disowned(ParsedCertificate certificate)
    {
        foreach (var one in disowned)
        {
            if (one.At <= at && one.Certificate.RawDataMemory.Span.SequenceEqual(certificate.Certificate.RawDataMemory.Span))
            {
                return new RevokedCertificate(certificate.Certificate.SerialNumberBytes, one.At, one.Reason);
            }
        }

        return null;
    }
}

internal abstract record PathRevocation
{
    private PathRevocation()
    {
    }

    public sealed record Good(IReadOnlyList<RevocationEvidence> Evidence) : PathRevocation;

    /// <param name="Index">The first on the path of which nothing good is known.</param>
    public sealed record Unknown(int Index) : PathRevocation;

    public sealed record Revoked(int Index, RevokedCertificate Entry) : PathRevocation;
}
