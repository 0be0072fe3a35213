using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Portal.Smime.Pkix;

/// <summary>What became of reading a certification request.</summary>
public abstract record CertificationRequestReading
{
    private CertificationRequestReading()
    {
    }

    /// <summary>Whoever sent it has the private key.</summary>
    public sealed record Proven(CertificationRequest Request) : CertificationRequestReading;

    /// <summary>The signature does not verify with the key that it asks for.</summary>
    public sealed record NotProven : CertificationRequestReading;

    /// <summary>The key is too weak or of an unknown kind, or the signature's algorithm is.</summary>
    public sealed record Weak : CertificationRequestReading;

    /// <summary>Not a PKCS#10 request, or one of more than 64 KB.</summary>
    public sealed record Malformed : CertificationRequestReading;
}

/// <summary>
/// A PKCS#10 request (RFC 2986) whose proof of possession has been verified. All that it wishes is for people to look at: an
/// authority takes nothing from it but the key.
/// </summary>
public sealed class CertificationRequest
{
    private const int LargestRequest = 64 * 1024;
    private static readonly Asn1Tag Attributes = new(TagClass.ContextSpecific, 0);

    private readonly SignedBytes _signed;

    private CertificationRequest(ReadOnlyMemory<byte> der)
    {
        _signed = SignedBytes.Read(der);
        var fields = new AsnReader(_signed.ToBeSigned, AsnEncodingRules.DER).ReadSequence();
        Demand(fields.ReadInteger().IsZero);
        var subject = new DistinguishedName(fields.ReadEncodedValue());
        Demand(subject.IsReadable);
        Subject = new X500DistinguishedName(subject.Encoded.Span);
        SubjectPublicKeyInfo = fields.ReadEncodedValue();
        if (fields.HasData)
        {
            ReadAttributes(fields.ReadSetOf(skipSortOrderValidation: true, Attributes));
        }

        fields.ThrowIfNotEmpty();
    }

    public X500DistinguishedName Subject { get; }

    /// <summary>DER; acceptable by strength and kind.</summary>
    public ReadOnlyMemory<byte> SubjectPublicKeyInfo { get; }

    /// <summary>subjectKeyIdentifier of what is issued here for this key, hexadecimal.</summary>
    public string SubjectKeyIdentifier => Convert.ToHexString(ExtensionWriter.KeyIdentifier(PublicKey.CreateFromSubjectPublicKeyInfo(SubjectPublicKeyInfo.Span, out _)));

    /// <summary>The well-formed rfc822Names and SmtpUTF8Mailboxes of the requested subjectAltName.</summary>
    public IReadOnlyList<AddrSpec> Addresses { get; private set; } = [];

    /// <summary>Object identifiers of all requested extensions.</summary>
    public IReadOnlyList<string> RequestedExtensions { get; private set; } = [];

    public static CertificationRequestReading Read(ReadOnlyMemory<byte> der)
    {
        if (der.Length > LargestRequest)
        {
            return new CertificationRequestReading.Malformed();
        }

        try
        {
            return Prove(new CertificationRequest(der));
        }
        catch (Exception exception) when (exception is AsnContentException or CryptographicException)
        {
            return new CertificationRequestReading.Malformed();
        }
    }

    /// <param name="file">DER, or PEM (RFC 7468 §7), of which the first request is taken.</param>
    public static CertificationRequestReading ReadFile(ReadOnlyMemory<byte> file)
    {
        if (file.Length > 2 * LargestRequest)
        {
            return new CertificationRequestReading.Malformed();
        }

        ReadOnlySpan<char> text = Encoding.Latin1.GetString(file.Span);
        while (PemEncoding.TryFind(text, out var found))
        {
            if (text[found.Label] is "CERTIFICATE REQUEST" or "NEW CERTIFICATE REQUEST")
            {
                return Read(Convert.FromBase64String(new string(text[found.Base64Data])));
            }

            text = text[found.Location.End..];
        }

        return Read(file);
    }

    private static CertificationRequestReading Prove(CertificationRequest request)
    {
        var key = PublicKey.CreateFromSubjectPublicKeyInfo(request.SubjectPublicKeyInfo.Span, out _);
        if (key.Strength() != KeyStrength.Acceptable || SignatureAlgorithm.Find(request._signed.Algorithm) is not { } algorithm)
        {
            return new CertificationRequestReading.Weak();
        }

        return PublicKeyVerifier.Verify(key, algorithm, request._signed.ToBeSigned.Span, request._signed.Signature.Span)
            ? new CertificationRequestReading.Proven(request)
            : new CertificationRequestReading.NotProven();
    }

    private void ReadAttributes(AsnReader attributes)
    {
        while (attributes.HasData)
        {
            var attribute = attributes.ReadSequence();
            var type = attribute.ReadObjectIdentifier();
            var values = attribute.ReadSetOf(skipSortOrderValidation: true);
            attribute.ThrowIfNotEmpty();
            if (type == Oids.ExtensionRequest)
            {
                Demand(RequestedExtensions.Count == 0);
                ReadExtensions(Extension.ReadAll(values.ReadSequence()));
                values.ThrowIfNotEmpty();
            }
        }
    }

    private void ReadExtensions(IReadOnlyList<Extension> extensions)
    {
        RequestedExtensions = extensions.Select(extension => extension.Type).ToList();
        Addresses = extensions
            .Where(extension => extension.Type == Oids.SubjectAltName)
            .SelectMany(extension => extension.ReadValue(reader => GeneralName.ReadAll(reader.ReadSequence())))
            .Where(name => name.IsMailbox)
            .Select(name => AddrSpec.TryParse(name.Text, out var address) ? address : null)
            .OfType<AddrSpec>()
            .Distinct()
            .ToList();
    }

    private static void Demand(bool condition)
    {
        if (!condition)
        {
            throw new AsnContentException("Not a certification request.");
        }
    }
}
