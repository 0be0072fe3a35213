using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Smime.Pkix;

/// <summary>Finds and validates a certification path for mail, offline.</summary>
public static class PathValidator
{
    /// <param name="certificate">Whose path.</param>
    /// <param name="trust">All that is known.</param>
    /// <param name="further">Certificates of unknown origin that may stand between, from the message itself.</param>
    /// <param name="at">The instant that is judged.</param>
    public static PathValidation Validate(
        X509Certificate2 certificate,
        TrustStore trust,
        IReadOnlyList<X509Certificate2> further,
        DateTimeOffset at)
    {
        try
        {
            return Build(certificate, trust, further, at);
        }
        catch (Exception exception) when (exception is CryptographicException or AsnContentException)
        {
            return new PathValidation.Invalid(PathFailure.Refused);
        }
    }

#pragma warning disable RS0030 // The one place where X509Chain may be used: offline, with our anchors and our clock.
    private static PathValidation Build(
        X509Certificate2 certificate,
        TrustStore trust,
        IReadOnlyList<X509Certificate2> further,
        DateTimeOffset at)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = at.UtcDateTime;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(Oids.EmailProtection));
        chain.ChainPolicy.CustomTrustStore.AddRange(trust.Anchors.Select(anchor => anchor.Certificate).ToArray());
        chain.ChainPolicy.ExtraStore.AddRange(trust.Intermediates.ToArray());
        chain.ChainPolicy.ExtraStore.AddRange(further.ToArray());
        var isBuilt = chain.Build(certificate);
        var path = chain.ChainElements.Select(element => element.Certificate).ToList();
        if (!isBuilt)
        {
            var status = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
            return new PathValidation.Invalid(Explain(status, path, at));
        }

        return Judge(path, trust, at);
    }

    private static PathFailure Explain(X509ChainStatusFlags status, List<X509Certificate2> path, DateTimeOffset at)
    {
        if ((status & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0)
        {
            return PathFailure.UnknownAuthority;
        }

        if (status == X509ChainStatusFlags.NotTimeValid)
        {
            return path.Exists(certificate => certificate.NotAfter < at.LocalDateTime) ? PathFailure.Expired : PathFailure.NotYetValid;
        }

        return status == X509ChainStatusFlags.NotValidForUsage ? PathFailure.WrongUsage : PathFailure.Refused;
    }
#pragma warning restore RS0030

    private static PathValidation Judge(List<X509Certificate2> path, TrustStore trust, DateTimeOffset at)
    {
        var anchor = trust.Anchors.FirstOrDefault(candidate => candidate.Certificate.RawDataMemory.Span.SequenceEqual(path[^1].RawDataMemory.Span));
        if (anchor is null)
        {
            return new PathValidation.Invalid(PathFailure.UnknownAuthority);
        }

        // The anchor is trusted by decision; its own signature proves nothing and may be old.
        if (path.SkipLast(1).Any(certificate => !HasStrongSignature(certificate))
            || path.Any(certificate => certificate.PublicKey.Strength() != KeyStrength.Acceptable))
        {
            return new PathValidation.Invalid(PathFailure.WeakAlgorithm);
        }

        return RevocationCheck.Against(path, anchor.Revocation, trust.RevocationLists, at) ?? new PathValidation.Valid(anchor, path);
    }

    private static bool HasStrongSignature(X509Certificate2 certificate)
    {
        var fields = new AsnReader(certificate.RawDataMemory, AsnEncodingRules.BER).ReadSequence();
        fields.ReadEncodedValue();
        return SignatureAlgorithm.Find(AlgorithmIdentifier.Read(fields)) is not null;
    }
}
