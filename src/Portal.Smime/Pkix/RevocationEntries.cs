using System.Formats.Asn1;

namespace Portal.Smime.Pkix;

/// <summary>The revokedCertificates of a list (RFC 5280 §5.1.2.6, §5.3), found by issuer and serial number.</summary>
internal sealed class RevocationEntries
{
    private readonly Dictionary<ReadOnlyMemory<byte>, Entry> _entries = new(SerialNumberComparer.Instance);

    public int Count { get; private set; }

    /// <param name="sequence">Entries.</param>
    /// <param name="crlIssuer">Whose certificates they are until one says otherwise.</param>
    /// <param name="isIndirect">Whether one may.</param>
    /// <exception cref="AsnContentException">Malformed, or critical and unknown: then the list says nothing about any certificate.</exception>
    public void Read(AsnReader sequence, DistinguishedName crlIssuer, bool isIndirect)
    {
        var issuer = crlIssuer;
        while (sequence.HasData)
        {
            var fields = sequence.ReadSequence();
            var serialNumber = fields.ReadIntegerBytes();
            var revokedAt = Time.Read(fields);
            var reason = CrlReason.Unspecified;
            if (fields.HasData)
            {
                (reason, issuer) = ReadExtensions(fields.ReadSequence(), issuer, isIndirect);
            }

            fields.ThrowIfNotEmpty();
            var key = Trim(serialNumber);
            _entries[key] = new Entry(new RevokedCertificate(serialNumber, revokedAt, reason), issuer, _entries.GetValueOrDefault(key));
            Count++;
        }
    }

    public RevokedCertificate? Find(DistinguishedName issuer, ReadOnlyMemory<byte> serialNumber)
    {
        for (var entry = _entries.GetValueOrDefault(Trim(serialNumber)); entry is not null; entry = entry.Other)
        {
            if (entry.Issuer.Equals(issuer))
            {
                return entry.Certificate;
            }
        }

        return null;
    }

    private static (CrlReason Reason, DistinguishedName Issuer) ReadExtensions(AsnReader sequence, DistinguishedName issuer, bool isIndirect)
    {
        var reason = CrlReason.Unspecified;
        foreach (var extension in Extension.ReadAll(sequence))
        {
            if (extension.Type == Oids.CrlReason)
            {
                reason = extension.ReadValue(reader => reader.ReadEnumeratedValue<CrlReason>());
                Demand(Enum.IsDefined(reason));
            }
            else if (extension.Type == Oids.CertificateIssuer)
            {
                var names = extension.ReadValue(reader => GeneralName.ReadAll(reader.ReadSequence()));
                issuer = names.FirstOrDefault(name => name.Directory is not null)?.Directory ?? throw new AsnContentException("An issuer without name.");
                Demand(isIndirect);
            }
            else
            {
                Demand(!extension.Critical);
            }
        }

        return (reason, issuer);
    }

    private static void Demand(bool condition)
    {
        if (!condition)
        {
            throw new AsnContentException("Not an entry that we can rely on.");
        }
    }

    private static ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> serialNumber) =>
        serialNumber[(serialNumber.Length - serialNumber.Span.TrimStart((byte)0).Length)..];

    /// <param name="Certificate">The entry.</param>
    /// <param name="Issuer">Of the certificate.</param>
    /// <param name="Other">The same serial number of another issuer.</param>
    private sealed record Entry(RevokedCertificate Certificate, DistinguishedName Issuer, Entry? Other);

    private sealed class SerialNumberComparer : IEqualityComparer<ReadOnlyMemory<byte>>
    {
        public static SerialNumberComparer Instance { get; } = new();

        public bool Equals(ReadOnlyMemory<byte> x, ReadOnlyMemory<byte> y) => x.Span.SequenceEqual(y.Span);

        public int GetHashCode(ReadOnlyMemory<byte> obj)
        {
            var hash = default(HashCode);
            hash.AddBytes(obj.Span);
            return hash.ToHashCode();
        }
    }
}
