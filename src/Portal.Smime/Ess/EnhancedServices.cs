using System.Collections.ObjectModel;
using System.Formats.Asn1;
using Portal.Smime.Cms;

namespace Portal.Smime.Ess;

/// <summary>The signed attributes of the enhanced security services (RFC 2634): to be written, or as one signer wrote them.</summary>
/// <remarks>As read, they are worth what the signature is worth.</remarks>
public sealed record EnhancedServices
{
    private const int MostEquivalentLabels = 64;

    private static readonly string[] Types =
    [
        Oids.ReceiptRequest, Oids.ContentIdentifier, Oids.ContentHints, Oids.ContentReference, Oids.SecurityLabel, Oids.EquivalentLabels, Oids.MailListExpansionHistory,
    ];

    public static EnhancedServices None { get; } = new();

    public ReceiptRequest? ReceiptRequest { get; init; }

    /// <summary>Of a message that asks for no receipt, yet wants to be named later.</summary>
    public ContentIdentifier? ContentIdentifier { get; init; }

    public ContentHints? ContentHints { get; init; }

    public ContentReference? ContentReference { get; init; }

    public SecurityLabel? SecurityLabel { get; init; }

    /// <summary>The same label by the rules of other policies (RFC 2634 §3.4).</summary>
    public IReadOnlyList<SecurityLabel> EquivalentLabels { get; init; } = [];

    public MailListExpansionHistory? ExpansionHistory { get; init; }

    /// <summary>Object identifiers of attributes that are there and cannot be read: whoever decides by one denies.</summary>
    public IReadOnlyList<string> Unreadable { get; init; } = [];

    /// <summary>As read: the DER of each attribute, by its object identifier.</summary>
    internal IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Encoded { get; init; } = ReadOnlyDictionary<string, ReadOnlyMemory<byte>>.Empty;

    internal IEnumerable<(string Type, byte[] Value)> Encode()
    {
        if (ReceiptRequest is { } request)
        {
            yield return (Oids.ReceiptRequest, request.Encode());
        }

        if (ContentIdentifier is { } identifier)
        {
            var writer = new AsnWriter(AsnEncodingRules.DER);
            writer.WriteOctetString(identifier.Value.Span);
            yield return (Oids.ContentIdentifier, writer.Encode());
        }

        if (ContentHints is { } hints)
        {
            yield return (Oids.ContentHints, hints.Encode());
        }

        if (ContentReference is { } reference)
        {
            yield return (Oids.ContentReference, reference.Encode());
        }

        if (SecurityLabel is { } label)
        {
            yield return (Oids.SecurityLabel, label.Encode());
        }

        if (EquivalentLabels.Count > 0)
        {
            yield return (Oids.EquivalentLabels, EncodeEquivalentLabels());
        }

        if (ExpansionHistory is { } history)
        {
            yield return (Oids.MailListExpansionHistory, history.Encode());
        }
    }

    /// <returns><see cref="None"/> itself where there are none, as in most mail.</returns>
    internal static EnhancedServices Read(SignedAttributes attributes) => attributes.ContainsAny(Types) ? ReadAll(attributes) : None;

    private static EnhancedServices ReadAll(SignedAttributes attributes)
    {
        var (encoded, unreadable) = (new Dictionary<string, ReadOnlyMemory<byte>>(), new List<string>());
        return new EnhancedServices
        {
            ReceiptRequest = Read(Oids.ReceiptRequest, Ess.ReceiptRequest.Read),
            ContentIdentifier = Read(Oids.ContentIdentifier, ReadContentIdentifier),
            ContentHints = Read(Oids.ContentHints, Ess.ContentHints.Read),
            ContentReference = Read(Oids.ContentReference, Ess.ContentReference.Read),
            SecurityLabel = Read(Oids.SecurityLabel, Ess.SecurityLabel.Read),
            EquivalentLabels = Read(Oids.EquivalentLabels, ReadEquivalentLabels) ?? [],
            ExpansionHistory = Read(Oids.MailListExpansionHistory, MailListExpansionHistory.Read),
            Unreadable = unreadable,
            Encoded = encoded,
        };

        T? Read<T>(string type, Func<ReadOnlyMemory<byte>, T> read)
            where T : class
        {
            try
            {
                if (attributes.TryGetSingle(type, out var value))
                {
                    return value is { } found ? read(encoded[type] = found) : null;
                }
            }
            catch (AsnContentException)
            {
                // Said below.
            }

            unreadable.Add(type);
            return null;
        }
    }

    private static ContentIdentifier ReadContentIdentifier(ReadOnlyMemory<byte> value) =>
        new(new AsnReader(value, AsnEncodingRules.BER).ReadOctetString());

    private byte[] EncodeEquivalentLabels()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (var label in EquivalentLabels)
            {
                writer.WriteEncodedValue(label.Encode());
            }
        }

        return writer.Encode();
    }

    private static List<SecurityLabel> ReadEquivalentLabels(ReadOnlyMemory<byte> value)
    {
        var set = new AsnReader(value, AsnEncodingRules.BER).ReadSequence();
        var labels = new List<SecurityLabel>();
        while (set.HasData)
        {
            labels.Add(Ess.SecurityLabel.Read(set));
            if (labels.Count > MostEquivalentLabels)
            {
                throw new AsnContentException("Too many equivalent labels.");
            }
        }

        return labels;
    }
}
