using System.Formats.Asn1;
using System.Text;
using Portal.Smime.Pkix;

namespace Portal.Smime.Ess;

/// <summary>Mail addresses as GeneralNames (RFC 2634 §2.7): each person a SEQUENCE of names, of which we use the address.</summary>
internal static class EntityNames
{
    private static readonly Asn1Tag OtherName = new(TagClass.ContextSpecific, 0, isConstructed: true);
    private static readonly Asn1Tag Rfc822Name = new(TagClass.ContextSpecific, 1);

    /// <summary>SEQUENCE OF GeneralNames, contents only.</summary>
    public static void Write(AsnWriter writer, IReadOnlyList<AddrSpec> addresses)
    {
        foreach (var address in addresses)
        {
            using (writer.PushSequence())
            {
                WriteName(writer, address);
            }
        }
    }

    /// <param name="names">Contents of SEQUENCE OF GeneralNames.</param>
    /// <param name="most">More than these are refused.</param>
    /// <returns>The addresses among the names; other names, and addresses that are none, are left out.</returns>
    /// <exception cref="AsnContentException">Not GeneralNames, or too many.</exception>
    public static IReadOnlyList<AddrSpec> Read(AsnReader names, int most)
    {
        var addresses = new List<AddrSpec>();
        for (var count = 0; names.HasData; count++)
        {
            if (count == most)
            {
                throw new AsnContentException("Too many names.");
            }

            var person = names.ReadSequence();
            while (person.HasData)
            {
                if (ReadName(person) is { } text && AddrSpec.TryParse(text, out var address))
                {
                    addresses.Add(address);
                }
            }
        }

        return addresses;
    }

    // RFC 9598 §3: SmtpUTF8Mailbox only where the local part is not ASCII.
    private static void WriteName(AsnWriter writer, AddrSpec address)
    {
        if (Ascii.IsValid(address.LocalPart))
        {
            writer.WriteCharacterString(UniversalTagNumber.IA5String, address.ToString(), Rfc822Name);
            return;
        }

        using (writer.PushSequence(OtherName))
        {
            writer.WriteObjectIdentifier(Oids.SmtpUtf8Mailbox);
            using (writer.PushSequence(OtherName))
            {
                writer.WriteCharacterString(UniversalTagNumber.UTF8String, address.ToString());
            }
        }
    }

    private static string? ReadName(AsnReader person)
    {
        var tag = person.PeekTag();
        if (tag == Rfc822Name)
        {
            return person.ReadCharacterString(UniversalTagNumber.IA5String, tag);
        }

        if (tag != OtherName)
        {
            person.ReadEncodedValue();
            return null;
        }

        var other = person.ReadSequence(tag);
        return other.ReadObjectIdentifier() == Oids.SmtpUtf8Mailbox
            ? other.ReadSequence(OtherName).ReadCharacterString(UniversalTagNumber.UTF8String)
            : null;
    }
}
