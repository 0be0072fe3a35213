using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Smime.Tests.Support;

/// <summary>GeneralNames, encoded.</summary>
internal static class NameOf
{
    public static byte[] Mailbox(string text) => Text(1, text);

    public static byte[] Dns(string text) => Text(2, text);

    public static byte[] Location(string text) => Text(6, text);

    public static byte[] Directory(string name) => Directory(new X500DistinguishedName(name));

    public static byte[] Directory(X500DistinguishedName name) => Write(writer =>
    {
        using (writer.PushSequence(Tag(4)))
        {
            writer.WriteEncodedValue(name.RawData);
        }
    });

    public static byte[] Address(string address) => Write(writer => writer.WriteOctetString(IPAddress.Parse(address).GetAddressBytes(), Tag(7)));

    public static byte[] Network(string address, string mask) =>
        Write(writer => writer.WriteOctetString([.. IPAddress.Parse(address).GetAddressBytes(), .. IPAddress.Parse(mask).GetAddressBytes()], Tag(7)));

    public static byte[] SmtpUtf8(string text) => Other(Oids.SmtpUtf8Mailbox, text);

    public static byte[] Other(string type, string text) => Write(writer =>
    {
        using (writer.PushSequence(Tag(0)))
        {
            writer.WriteObjectIdentifier(type);
            using (writer.PushSequence(Tag(0)))
            {
                writer.WriteCharacterString(UniversalTagNumber.UTF8String, text);
            }
        }
    });

    public static Asn1Tag Tag(int number) => new(TagClass.ContextSpecific, number);

    public static byte[] Write(Action<AsnWriter> write)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        write(writer);
        return writer.Encode();
    }

    private static byte[] Text(int number, string text) => Write(writer => writer.WriteCharacterString(UniversalTagNumber.IA5String, text, Tag(number)));
}
