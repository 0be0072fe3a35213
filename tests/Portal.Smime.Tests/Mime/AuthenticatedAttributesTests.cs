using System.Formats.Asn1;
using System.Security.Cryptography;
using Portal.Smime.Cms;
using Portal.Smime.Keys;
using Portal.Smime.Mime;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Mime;

/// <summary>AuthEnvelopedData with attributes: behind the ciphertext on the wire, before it in the computation (RFC 5083 §2.2).</summary>
public sealed class AuthenticatedAttributesTests
{
    private static readonly byte[] Nonce = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

    [Fact]
    public async Task Attributes_are_part_of_what_is_authenticated()
    {
        var opened = await Opened.FromAsync(Mail.Message(Mail.Pkcs7Mime(Structure(Attributes()))));

        Assert.Equal(Mail.Text, Mail.String(opened.Payload!));
    }

    [Fact]
    public async Task Changed_or_removed_attributes_open_nothing()
    {
        var structure = Structure(Attributes());
        var changed = structure.ToArray();
        changed[structure.AsSpan().IndexOf("MARK"u8)] ^= 1;

        Assert.Equal(OpeningFailureKind.DecryptionFailed, (await Opened.FromAsync(Mail.Message(Mail.Pkcs7Mime(changed)))).Message.Failure!.Kind);
        Assert.Equal(
            OpeningFailureKind.DecryptionFailed,
            (await Opened.FromAsync(Mail.Message(Mail.Pkcs7Mime(Structure(Attributes(), omit: true))))).Message.Failure!.Kind);
    }

    // SET OF one Attribute: contentType-like, with a value that is easy to find.
    private static byte[] Attributes()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSetOf())
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier("1.3.6.1.4.1.99999.2");
            using (writer.PushSetOf())
            {
                writer.WriteOctetString("MARK"u8);
            }
        }

        return writer.Encode();
    }

    private static byte[] Structure(byte[] attributes, bool omit = false)
    {
        var key = RandomNumberGenerator.GetBytes(32);
        var plaintext = Mail.Bytes(Mail.Text);
        var (ciphertext, tag) = (new byte[plaintext.Length], new byte[16]);
        using (var cipher = new AesGcm(key, 16))
        {
            cipher.Encrypt(Nonce, plaintext, ciphertext, tag, attributes);
        }

        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(0);
            using (writer.PushSetOf())
            {
                RecipientInfoWriter.Write(writer, Pki.Bob.Recipient(KeyTransportScheme.RsaPkcs1), key);
            }

            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(Oids.Data);
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier("2.16.840.1.101.3.4.1.46");
                    using (writer.PushSequence())
                    {
                        writer.WriteOctetString(Nonce);
                        writer.WriteInteger(16);
                    }
                }

                writer.WriteOctetString(ciphertext, new Asn1Tag(TagClass.ContextSpecific, 0));
            }

            if (!omit)
            {
                byte[] tagged = [0xa1, .. attributes[1..]];
                writer.WriteEncodedValue(tagged);
            }

            writer.WriteOctetString(tag);
        }

        return Forgery.ContentInfo(Oids.AuthEnvelopedData, writer.Encode());
    }
}
