using System.Formats.Asn1;
using System.Text;

namespace Portal.Smime.Pkix;

/// <summary>RFC 5280 §4.2.1.6; the numbers are the tags.</summary>
internal enum GeneralNameForm
{
    OtherName = 0,
    Rfc822Name = 1,
    DnsName = 2,
    X400Address = 3,
    DirectoryName = 4,
    EdiPartyName = 5,
    UniformResourceIdentifier = 6,
    IpAddress = 7,
    RegisteredId = 8,
}

/// <param name="Form">Which of the nine.</param>
/// <param name="Text">Of the forms that are text, and of SmtpUTF8Mailbox; else empty.</param>
/// <param name="Value">The encoding; for iPAddress the octets.</param>
internal sealed record GeneralName(GeneralNameForm Form, string Text, ReadOnlyMemory<byte> Value)
{
    private static readonly Asn1Tag Tag0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Rfc822Name = new(TagClass.ContextSpecific, 1);

    public DistinguishedName? Directory { get; private init; }

    /// <summary>The type-id of an otherName.</summary>
    public string? OtherType { get; private init; }

    public bool IsMailbox => Form == GeneralNameForm.Rfc822Name || IsSmtpUtf8Mailbox;

    public bool IsSmtpUtf8Mailbox => OtherType == Oids.SmtpUtf8Mailbox;

    public static GeneralName Of(DistinguishedName name) => new(GeneralNameForm.DirectoryName, string.Empty, name.Encoded) { Directory = name };

    public static GeneralName Of(string rfc822Name) => new(GeneralNameForm.Rfc822Name, rfc822Name, default);

    public bool Names(DistinguishedName name) => Directory?.Equals(name) == true;

    /// <summary>The same name, as far as names of places are compared (RFC 5280 §6.3.3 b 2).</summary>
    public bool IsSame(GeneralName other) =>
        Form == other.Form
        && (Directory is { } directory ? other.Names(directory) : Text == other.Text && Value.Span.SequenceEqual(other.Value.Span));

    /// <exception cref="AsnContentException">Not GeneralNames.</exception>
    public static IReadOnlyList<GeneralName> ReadAll(AsnReader names)
    {
        var all = new List<GeneralName>();
        while (names.HasData)
        {
            all.Add(Read(names));
        }

        return all.Count > 0 ? all : throw new AsnContentException("No name at all.");
    }

    /// <exception cref="AsnContentException">Not a GeneralName.</exception>
    public static GeneralName Read(AsnReader reader)
    {
        var tag = reader.PeekTag();
        if (tag.TagClass != TagClass.ContextSpecific)
        {
            throw new AsnContentException("Not a general name.");
        }

        var form = (GeneralNameForm)tag.TagValue;
        switch (form)
        {
            case GeneralNameForm.OtherName:
                return ReadOther(reader, tag);
            case GeneralNameForm.Rfc822Name or GeneralNameForm.DnsName or GeneralNameForm.UniformResourceIdentifier:
                return new GeneralName(form, reader.ReadCharacterString(UniversalTagNumber.IA5String, tag), default);
            case GeneralNameForm.DirectoryName:
                var inner = reader.ReadSequence(tag);
                var name = inner.ReadEncodedValue();
                inner.ThrowIfNotEmpty();
                return Of(new DistinguishedName(name));
            case GeneralNameForm.IpAddress:
                return new GeneralName(form, string.Empty, reader.ReadOctetString(tag));
            case GeneralNameForm.X400Address or GeneralNameForm.EdiPartyName or GeneralNameForm.RegisteredId:
                return new GeneralName(form, string.Empty, reader.ReadEncodedValue());
            default:
                throw new AsnContentException("Not a general name.");
        }
    }

    /// <summary>rfc822Name, or SmtpUTF8Mailbox where the local part is not ASCII (RFC 9598 §3).</summary>
    public static void WriteMailbox(AsnWriter writer, AddrSpec address)
    {
        if (Ascii.IsValid(address.LocalPart))
        {
            writer.WriteCharacterString(UniversalTagNumber.IA5String, address.ToString(), Rfc822Name);
            return;
        }

        using (writer.PushSequence(Tag0))
        {
            writer.WriteObjectIdentifier(Oids.SmtpUtf8Mailbox);
            using (writer.PushSequence(Tag0))
            {
                writer.WriteCharacterString(UniversalTagNumber.UTF8String, address.ToString());
            }
        }
    }

    // RFC 9598 §3: SmtpUTF8Mailbox is a UTF8String.
    private static GeneralName ReadOther(AsnReader reader, Asn1Tag tag)
    {
        var encoded = reader.PeekEncodedValue();
        var fields = reader.ReadSequence(tag);
        var type = fields.ReadObjectIdentifier();
        var value = fields.ReadSequence(Tag0);
        fields.ThrowIfNotEmpty();
        var text = type == Oids.SmtpUtf8Mailbox ? value.ReadCharacterString(UniversalTagNumber.UTF8String) : string.Empty;
        return new GeneralName(GeneralNameForm.OtherName, text, encoded) { OtherType = type };
    }
}
