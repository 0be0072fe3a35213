using System.Formats.Asn1;
using System.IO.Compression;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Smime.Tests.Support;

/// <summary>CMS structures that no honest software writes.</summary>
internal static class Forgery
{
    private static readonly Asn1Tag Tag0 = new(TagClass.ContextSpecific, 0);

    /// <summary>SignedData with whatever signers are given: by default none.</summary>
    public static byte[] SignedData(byte[]? content, IReadOnlyList<X509Certificate2> certificates, params byte[][] signerInfos)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oids.SignedData);
            using (writer.PushSequence(Tag0))
            using (writer.PushSequence())
            {
                writer.WriteInteger(1);
                using (writer.PushSetOf())
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(Oids.Sha256);
                }

                WriteContent(writer, content);
                WriteCertificates(writer, certificates);
                using (writer.PushSetOf())
                {
                    Array.ForEach(signerInfos, signerInfo => writer.WriteEncodedValue(signerInfo));
                }
            }
        }

        return writer.Encode();
    }

    /// <summary>The same SignedData with other certificates and signers.</summary>
    public static byte[] WithSigners(byte[] structure, IReadOnlyList<X509Certificate2> certificates, IReadOnlyList<byte[]> signerInfos)
    {
        var contentInfo = new AsnReader(structure, AsnEncodingRules.BER).ReadSequence();
        contentInfo.ReadObjectIdentifier();
        var signedData = contentInfo.ReadSequence(Tag0).ReadSequence();
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (var part in new[] { signedData.ReadEncodedValue(), signedData.ReadEncodedValue(), signedData.ReadEncodedValue() })
            {
                writer.WriteEncodedValue(part.Span);
            }

            WriteCertificates(writer, certificates);
            using (writer.PushSetOf())
            {
                foreach (var signerInfo in signerInfos)
                {
                    writer.WriteEncodedValue(signerInfo);
                }
            }
        }

        return ContentInfo(Oids.SignedData, writer.Encode());
    }

    /// <summary>ContentInfo around anything.</summary>
    public static byte[] ContentInfo(string type, byte[] content)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(type);
            using (writer.PushSequence(Tag0))
            {
                writer.WriteEncodedValue(content);
            }
        }

        return writer.Encode();
    }

    /// <summary>EnvelopedData for nobody but an OtherRecipientInfo (RFC 5652 §6.2.5).</summary>
    public static byte[] EnvelopedForOther(string type, byte[] value)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(3);
            using (writer.PushSetOf())
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 4)))
            {
                writer.WriteObjectIdentifier(type);
                writer.WriteEncodedValue(value);
            }

            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(Oids.Data);
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier("2.16.840.1.101.3.4.1.42");
                    writer.WriteOctetString(new byte[16]);
                }

                writer.WriteOctetString(new byte[32], Tag0);
            }
        }

        return ContentInfo(Oids.EnvelopedData, writer.Encode());
    }

    /// <summary>CompressedData (RFC 3274) around a MIME entity of whatever size.</summary>
    public static byte[] CompressedData(IEnumerable<byte[]> content)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            foreach (var piece in content)
            {
                zlib.Write(piece);
            }
        }

        return Compressed(compressed.ToArray());
    }

    /// <summary>CompressedData around whatever is given for zlib's.</summary>
    public static byte[] Compressed(byte[] zlib)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(0);
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier("1.2.840.113549.1.9.16.3.8");
            }

            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(Oids.Data);
                using (writer.PushSequence(Tag0))
                {
                    writer.WriteOctetString(zlib);
                }
            }
        }

        return ContentInfo(Oids.CompressedData, writer.Encode());
    }

    /// <summary>The same bytes with one run replaced; lengths around it are the caller's business.</summary>
    public static byte[] Replace(byte[] bytes, byte[] old, byte[] replacement)
    {
        var start = bytes.AsSpan().IndexOf(old);
        Assert.True(start >= 0, "Nothing to replace.");
        return [.. bytes[..start], .. replacement, .. bytes[(start + old.Length)..]];
    }

    /// <summary>The first SignerInfo of a structure.</summary>
    public static byte[] SignerInfo(byte[] structure)
    {
        var outer = new AsnReader(structure, AsnEncodingRules.BER).ReadSequence();
        outer.ReadObjectIdentifier();
        var fields = outer.ReadSequence(Tag0).ReadSequence();
        var last = default(ReadOnlyMemory<byte>);
        while (fields.HasData)
        {
            last = fields.ReadEncodedValue();
        }

        return new AsnReader(last, AsnEncodingRules.BER).ReadSetOf().ReadEncodedValue().ToArray();
    }

    /// <summary>A SignerInfo with its signed attributes the other way round.</summary>
    /// <param name="signerInfo">As one wrote it, in DER.</param>
    /// <param name="sign">Gives another signature, over the attributes in the order in which they now stand; null leaves the one that is there.</param>
    public static byte[] Unsorted(byte[] signerInfo, Func<byte[], byte[]>? sign)
    {
        var fields = new AsnReader(signerInfo, AsnEncodingRules.DER).ReadSequence();
        var head = new[] { fields.ReadEncodedValue(), fields.ReadEncodedValue(), fields.ReadEncodedValue() };
        var attributes = fields.ReadEncodedValue().ToArray();
        attributes[0] = 0x31;
        var set = new AsnReader(attributes, AsnEncodingRules.DER).ReadSetOf();
        var elements = new List<byte[]>();
        while (set.HasData)
        {
            elements.Insert(0, set.ReadEncodedValue().ToArray());
        }

        byte[] unsorted = [.. attributes[..(attributes.Length - elements.Sum(one => one.Length))], .. elements.SelectMany(one => one)];
        var signature = sign?.Invoke(unsorted);
        unsorted[0] = 0xa0;
        var writer = new AsnWriter(AsnEncodingRules.BER);
        using (writer.PushSequence())
        {
            Array.ForEach(head, field => writer.WriteEncodedValue(field.Span));
            writer.WriteEncodedValue(unsorted);
            writer.WriteEncodedValue(fields.ReadEncodedValue().Span);
            var own = fields.ReadOctetString();
            writer.WriteOctetString(signature ?? own);
        }

        return writer.Encode();
    }

    private static void WriteContent(AsnWriter writer, byte[]? content)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oids.Data);
            if (content is not null)
            {
                using (writer.PushSequence(Tag0))
                {
                    writer.WriteOctetString(content);
                }
            }
        }
    }

    private static void WriteCertificates(AsnWriter writer, IReadOnlyList<X509Certificate2> certificates)
    {
        if (certificates.Count == 0)
        {
            return;
        }

        using (writer.PushSetOf(Tag0))
        {
            foreach (var certificate in certificates)
            {
                writer.WriteEncodedValue(certificate.RawData);
            }
        }
    }
}
