using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Keys;
using Portal.Smime.Pkix;

namespace Portal.Smime.Tests.Support;

/// <summary>A revocation list of any kind, sensible or not.</summary>
internal sealed record ListDraft(Holder Signer)
{
    public X500DistinguishedName? Issuer { get; init; }

    public int Number { get; init; } = 5;

    public int? BaseNumber { get; init; }

    public DateTimeOffset ThisUpdate { get; init; } = Pki.Now.AddHours(-1);

    public DateTimeOffset NextUpdate { get; init; } = Pki.Now.AddDays(7);

    public IReadOnlyList<Entry> Entries { get; init; } = [];

    /// <summary>Names of the issuingDistributionPoint.</summary>
    public byte[][] Points { get; init; } = [];

    public bool OnlyUsers { get; init; }

    public bool OnlyAuthorities { get; init; }

    public bool OnlyAttributes { get; init; }

    public int? Reasons { get; init; }

    public bool IsIndirect { get; init; }

    /// <summary>Written as they are.</summary>
    public IReadOnlyList<X509Extension> Further { get; init; } = [];

    public static Entry Of(Holder holder, CrlReason reason = CrlReason.Unspecified, X500DistinguishedName? issuer = null) =>
        new(holder.Certificate.SerialNumberBytes.ToArray(), reason, issuer);

    public byte[] Sign()
    {
        var algorithm = SignatureScheme.EcdsaSha256.Identifier();
        var toBeSigned = NameOf.Write(WriteToBeSigned);
        var signature = Signer.Key.SignData(toBeSigned, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return NameOf.Write(writer =>
        {
            using (writer.PushSequence())
            {
                writer.WriteEncodedValue(toBeSigned);
                algorithm.Write(writer);
                writer.WriteBitString(signature);
            }
        });
    }

    private void WriteToBeSigned(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            writer.WriteInteger(1);
            SignatureScheme.EcdsaSha256.Identifier().Write(writer);
            writer.WriteEncodedValue((Issuer ?? Signer.Name).RawData);
            Time.Write(writer, ThisUpdate);
            Time.Write(writer, NextUpdate);
            if (Entries.Count > 0)
            {
                using (writer.PushSequence())
                {
                    Entries.ToList().ForEach(entry => entry.Write(writer));
                }
            }

            using (writer.PushSequence(NameOf.Tag(0)))
            using (writer.PushSequence())
            {
                var identifier = ExtensionOf.IssuerKey(Signer.Key);
                ExtensionWriter.Write(writer, Oids.AuthorityKeyIdentifier, false, value => value.WriteEncodedValue(identifier.RawData));
                ExtensionWriter.Write(writer, Oids.CrlNumber, false, value => value.WriteInteger(Number));
                if (BaseNumber is { } number)
                {
                    ExtensionWriter.Write(writer, Oids.DeltaCrlIndicator, true, value => value.WriteInteger(number));
                }

                if (Points.Length > 0 || OnlyUsers || OnlyAuthorities || OnlyAttributes || IsIndirect || Reasons is not null)
                {
                    ExtensionWriter.Write(writer, Oids.IssuingDistributionPoint, true, WritePoint);
                }

                foreach (var extension in Further)
                {
                    ExtensionWriter.Write(writer, extension.Oid!.Value!, extension.Critical, value => value.WriteEncodedValue(extension.RawData));
                }
            }
        }
    }

    private void WritePoint(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            ExtensionOf.WritePointName(writer, Points);
            WriteFlag(writer, OnlyUsers, 1);
            WriteFlag(writer, OnlyAuthorities, 2);
            ExtensionOf.WriteReasons(writer, Reasons, 3);
            WriteFlag(writer, IsIndirect, 4);
            WriteFlag(writer, OnlyAttributes, 5);
        }
    }

    private static void WriteFlag(AsnWriter writer, bool flag, int tag)
    {
        if (flag)
        {
            writer.WriteBoolean(true, NameOf.Tag(tag));
        }
    }

    internal sealed record Entry(byte[] SerialNumber, CrlReason Reason, X500DistinguishedName? Issuer)
    {
        public DateTimeOffset RevokedAt { get; init; } = Pki.Now.AddHours(-2);

        public X509Extension? Further { get; init; }

        public void Write(AsnWriter writer)
        {
            using (writer.PushSequence())
            {
                writer.WriteInteger(SerialNumber);
                Time.Write(writer, RevokedAt);
                if (Reason == CrlReason.Unspecified && Issuer is null && Further is null)
                {
                    return;
                }

                using (writer.PushSequence())
                {
                    if (Reason != CrlReason.Unspecified)
                    {
                        ExtensionWriter.Write(writer, Oids.CrlReason, false, value => value.WriteEnumeratedValue(Reason));
                    }

                    if (Issuer is { } issuer)
                    {
                        ExtensionWriter.Write(writer, Oids.CertificateIssuer, true, value => WriteIssuer(value, issuer));
                    }

                    if (Further is { } further)
                    {
                        ExtensionWriter.Write(writer, further.Oid!.Value!, further.Critical, value => value.WriteEncodedValue(further.RawData));
                    }
                }
            }
        }

        private static void WriteIssuer(AsnWriter writer, X500DistinguishedName issuer)
        {
            using (writer.PushSequence())
            {
                writer.WriteEncodedValue(NameOf.Directory(issuer));
            }
        }
    }
}
