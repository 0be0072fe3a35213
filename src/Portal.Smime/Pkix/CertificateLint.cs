using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Smime.Pkix;

/// <summary>
/// Holds what is about to be signed, as it is encoded, against the profile that we follow (CA/Browser Forum S/MIME baseline
/// requirements §7.1, RFC 5280 §4): whoever wrote it may be mistaken, and what is signed is out.
/// </summary>
public static class CertificateLint
{
    /// <summary>Including the first and the last second (baseline §6.3.2).</summary>
    public static readonly TimeSpan LongestValidity = TimeSpan.FromDays(825);

    private const int ShortestSerialNumber = 8;
    private const int LongestSerialNumber = 20;
    private const int LongestCommonName = 64;
    private const int SmallestAuthorityModulus = 4096;

    private static readonly HashSet<string> Expected =
    [
        Oids.BasicConstraints, Oids.KeyUsage, Oids.ExtendedKeyUsage, Oids.SubjectAltName, Oids.SubjectKeyIdentifier, Oids.AuthorityKeyIdentifier,
        Oids.CrlDistributionPoints, Oids.AuthorityInfoAccess, Oids.CertificatePolicies, Oids.OcspNoCheck,
    ];

    /// <param name="toBeSigned">As it would be signed.</param>
    /// <param name="profile">What it shall be.</param>
    /// <param name="issuer">The authority's certificate; null for a root.</param>
    /// <param name="isPublished">Whether it has to say where its revocation is published.</param>
    /// <returns>What is wrong, in words; none when it may be signed.</returns>
    public static IReadOnlyList<string> Check(ToBeSignedCertificate toBeSigned, CertificateProfile profile, X509Certificate2? issuer, bool isPublished)
    {
        using var certificate = Unsigned(toBeSigned);
        if (certificate is null || ParsedCertificate.Of(certificate) is not { IsMalformed: false } parsed)
        {
            return ["It cannot be read."];
        }

        var wrong = new List<string>();
        Form(parsed, wrong);
        Validity(parsed, profile, issuer, wrong);
        Key(parsed, profile, wrong);
        Usages(parsed, profile, wrong);
        Names(parsed, profile, wrong);
        Issuer(parsed, issuer, wrong);
        Publication(parsed, profile, isPublished, wrong);
        return wrong;
    }

    // With an empty signature it is read as any certificate is.
    private static X509Certificate2? Unsigned(ToBeSignedCertificate toBeSigned)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(toBeSigned.Encoded.Span);
            toBeSigned.Scheme.Identifier().Write(writer);
            writer.WriteBitString([]);
        }

        try
        {
            return X509CertificateLoader.LoadCertificate(writer.Encode());
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static void Form(ParsedCertificate certificate, List<string> wrong)
    {
        Demand(certificate.Version == 3, "It is not of version 3.", wrong);
        Demand(
            certificate.SerialNumber is { Length: >= ShortestSerialNumber and <= LongestSerialNumber } serial && serial.Span[0] is > 0 and < 0x80,
            "Its serial number is not of 8 to 20 octets and positive.",
            wrong);
        foreach (X509Extension extension in certificate.Certificate.Extensions)
        {
            Demand(Expected.Contains(extension.Oid!.Value!), $"Nothing of ours has the extension {extension.Oid.Value}.", wrong);
        }
    }

    private static void Validity(ParsedCertificate certificate, CertificateProfile profile, X509Certificate2? issuer, List<string> wrong)
    {
        var length = certificate.NotAfter - certificate.NotBefore + TimeSpan.FromSeconds(1);
        Demand(length > TimeSpan.FromSeconds(1), "It is never valid.", wrong);
        Demand(IsAuthority(profile) || length <= LongestValidity, $"It is valid for more than {LongestValidity.TotalDays} days.", wrong);
        Demand(issuer is null || certificate.NotAfter <= issuer.NotAfter.ToUniversalTime(), "It is valid for longer than its authority.", wrong);
    }

    private static void Key(ParsedCertificate certificate, CertificateProfile profile, List<string> wrong)
    {
        Demand(certificate.Strength == KeyStrength.Acceptable, "Its key is too weak, or of a kind that we do not know.", wrong);
        if (IsAuthority(profile) && certificate.Key is { } key && key.GetRSAPublicKey() is { } rsa)
        {
            using (rsa)
            {
                Demand(rsa.KeySize >= SmallestAuthorityModulus, $"An authority's RSA key has at least {SmallestAuthorityModulus} bits.", wrong);
            }
        }
    }

    private static void Usages(ParsedCertificate certificate, CertificateProfile profile, List<string> wrong)
    {
        var extensions = certificate.Extensions;
        var isAuthority = IsAuthority(profile);
        Demand(extensions.BasicConstraints?.IsAuthority == isAuthority, isAuthority ? "It is no authority." : "It is an authority.", wrong);
        Demand(IsCritical(certificate, Oids.BasicConstraints), "basicConstraints is not critical.", wrong);
        Demand(profile != CertificateProfile.IssuingAuthority || extensions.BasicConstraints?.PathLength == 0, "It may make further authorities.", wrong);
        Demand(extensions.KeyUsage == KeyUsage(profile, certificate.Key) && IsCritical(certificate, Oids.KeyUsage), "keyUsage is not what its profile says, or not critical.", wrong);
        string[] purposes = profile switch
        {
            CertificateProfile.RootAuthority => [],
            CertificateProfile.OcspResponder => [Oids.OcspSigning],
            _ => [Oids.EmailProtection],
        };
        Demand((extensions.ExtendedKeyUsage ?? []).SequenceEqual(purposes), "extendedKeyUsage is not what its profile says.", wrong);
        Demand(extensions.IsOcspNoCheck == (profile == CertificateProfile.OcspResponder), "ocsp-nocheck is for responders, and for all of them.", wrong);
        Demand(
            profile is CertificateProfile.RootAuthority or CertificateProfile.OcspResponder
                ? extensions.Policies is null
                : extensions.Policies is [var policy] && policy != Oids.AnyPolicy,
            "It does not name one policy, where its profile asks for one.",
            wrong);
    }

    private static void Names(ParsedCertificate certificate, CertificateProfile profile, List<string> wrong)
    {
        var names = certificate.Extensions.SubjectAltName;
        if (profile is CertificateProfile.Signing or CertificateProfile.Encryption)
        {
            Demand(names.Count > 0 && names.All(name => name.IsMailbox), "It does not name mailboxes, and nothing else.", wrong);
            Demand(MailAddresses.Of(certificate.Certificate).Count == names.Count, "One of its addresses is none, is there twice, or is in the wrong form.", wrong);
            Demand(!certificate.Subject.IsEmpty || IsCritical(certificate, Oids.SubjectAltName), "Its subject is empty, and its addresses are not critical.", wrong);
        }
        else
        {
            Demand(names.Count == 0, "Only people have addresses.", wrong);
            Demand(!certificate.Subject.IsEmpty, "It has no name.", wrong);
        }

        var commonNames = certificate.Certificate.SubjectName.EnumerateRelativeDistinguishedNames().Where(one => one.GetSingleElementType().Value == Oids.CommonName);
        Demand(commonNames.All(one => one.GetSingleElementValue() is { Length: > 0 and <= LongestCommonName }), "Its common name is not of 1 to 64 characters.", wrong);
    }

    private static void Issuer(ParsedCertificate certificate, X509Certificate2? issuer, List<string> wrong)
    {
        Demand(certificate.Extensions.SubjectKeyIdentifier is not null, "It has no subjectKeyIdentifier.", wrong);
        if (issuer is null)
        {
            Demand(certificate.IsSelfIssued, "A root is its own issuer.", wrong);
            return;
        }

        var above = ParsedCertificate.Of(issuer);
        Demand(above is { IsAuthority: true } && above.Extensions.MayUse(KeyUsages.KeyCertSign), "Its issuer is no authority.", wrong);
        Demand(above is not null && certificate.Issuer.Encoded.Span.SequenceEqual(above.Subject.Encoded.Span), "It names another issuer.", wrong);
        Demand(above is not null && certificate.PointsAt(above) == true, "It points at another key than its issuer's.", wrong);
    }

    private static void Publication(ParsedCertificate certificate, CertificateProfile profile, bool isPublished, List<string> wrong)
    {
        var lists = certificate.Extensions.DistributionPoints.SelectMany(point => point.Name?.FullNames ?? []).ToList();
        var access = certificate.Certificate.Extensions.OfType<X509AuthorityInformationAccessExtension>().SingleOrDefault();
        var responders = access?.EnumerateUris(Oids.OcspAccessMethod).ToList() ?? [];
        var issuers = access?.EnumerateUris(Oids.CaIssuersAccessMethod).ToList() ?? [];
        Demand(lists.All(name => name.Form == GeneralNameForm.UniformResourceIdentifier), "A revocation list is not published at an address.", wrong);
        Demand(lists.Select(name => name.Text).Concat(responders).Concat(issuers).All(IsHttp), "Something is published elsewhere than by http.", wrong);
        if (isPublished && profile is not (CertificateProfile.RootAuthority or CertificateProfile.OcspResponder))
        {
            Demand(lists.Count > 0 && responders.Count > 0 && issuers.Count > 0, "It does not say where its revocation list, its responder and its issuer's certificate are.", wrong);
        }
    }

    private static bool IsHttp(string location) => Uri.TryCreate(location, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttp;

    private static bool IsAuthority(CertificateProfile profile) => profile is CertificateProfile.RootAuthority or CertificateProfile.IssuingAuthority;

    private static KeyUsages KeyUsage(CertificateProfile profile, PublicKey? key) => profile switch
    {
        CertificateProfile.RootAuthority or CertificateProfile.IssuingAuthority => KeyUsages.KeyCertSign | KeyUsages.CrlSign,
        CertificateProfile.Signing or CertificateProfile.OcspResponder => KeyUsages.DigitalSignature,
        CertificateProfile.Encryption => key?.Oid.Value == Oids.EcPublicKey ? KeyUsages.KeyAgreement : KeyUsages.KeyEncipherment,
    };

    private static bool IsCritical(ParsedCertificate certificate, string type) => certificate.Certificate.Extensions[type] is { Critical: true };

    private static void Demand(bool condition, string otherwise, List<string> wrong)
    {
        if (!condition)
        {
            wrong.Add(otherwise);
        }
    }
}
