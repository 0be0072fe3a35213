using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Smime.Pkix;

/// <summary>The addresses that a certificate vouches for: rfc822Name and SmtpUTF8Mailbox of subjectAltName, never the subject.</summary>
public static class MailAddresses
{
    private static readonly Asn1Tag OtherName = new(TagClass.ContextSpecific, 0, isConstructed: true);
    private static readonly Asn1Tag Rfc822Name = new(TagClass.ContextSpecific, 1);

    /// <returns>Without duplicates; malformed ones (NUL, blanks, quoting, trailing dot) are left out.</returns>
    public static IReadOnlyList<AddrSpec> Of(X509Certificate2 certificate)
    {
        var addresses = new List<AddrSpec>();
        var extensions = certificate.Extensions.Where(extension => extension.Oid?.Value == Oids.SubjectAltName).ToList();

        // RFC 5280 §4.2: an extension occurs once. Two of them are a trick.
        if (extensions.Count != 1)
        {
            return addresses;
        }

        try
        {
            var names = new AsnReader(extensions[0].RawData, AsnEncodingRules.DER).ReadSequence();
            while (names.HasData)
            {
                if (ReadName(names) is { } text && AddrSpec.TryParse(text, out var address) && !addresses.Contains(address))
                {
                    addresses.Add(address);
                }
            }
        }
        catch (AsnContentException)
        {
            return [];
        }

        return addresses;
    }

    /// <returns>Null for a name of another kind.</returns>
    private static string? ReadName(AsnReader names)
    {
        var tag = names.PeekTag();
        if (tag == Rfc822Name)
        {
            return names.ReadCharacterString(UniversalTagNumber.IA5String, tag);
        }

        if (tag != OtherName)
        {
            names.ReadEncodedValue();
            return null;
        }

        // RFC 9598 §3: otherName with a UTF8String.
        var other = names.ReadSequence(tag);
        return other.ReadObjectIdentifier() == Oids.SmtpUtf8Mailbox
            ? other.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0)).ReadCharacterString(UniversalTagNumber.UTF8String)
            : null;
    }
}
