using System.Formats.Asn1;

namespace Portal.Smime.Pkix;

/// <param name="Algorithm">Object identifier.</param>
/// <param name="Parameters">Encoded; null when absent, which is not the same as NULL.</param>
internal sealed record AlgorithmIdentifier(string Algorithm, ReadOnlyMemory<byte>? Parameters)
{
    private static readonly byte[] Null = [0x05, 0x00];

    public bool HasNoParameters => Parameters is not { } parameters || parameters.Span.SequenceEqual(Null);

    public static AlgorithmIdentifier WithoutParameters(string algorithm) => new(algorithm, null);

    public static AlgorithmIdentifier WithNull(string algorithm) => new(algorithm, Null);

    /// <exception cref="AsnContentException">Not an AlgorithmIdentifier.</exception>
    public static AlgorithmIdentifier Read(AsnReader reader)
    {
        var sequence = reader.ReadSequence();
        var algorithm = sequence.ReadObjectIdentifier();
        // A bare null would become an empty memory here: byte[] converts to it, and null is a byte[].
        var parameters = sequence.HasData ? sequence.ReadEncodedValue() : default(ReadOnlyMemory<byte>?);
        sequence.ThrowIfNotEmpty();
        return new AlgorithmIdentifier(algorithm, parameters);
    }

    /// <summary>Byte for byte; encodings that mean the same may differ.</summary>
    public bool SameAs(AlgorithmIdentifier other) =>
        Algorithm == other.Algorithm
        && Parameters.HasValue == other.Parameters.HasValue
        && Parameters.GetValueOrDefault().Span.SequenceEqual(other.Parameters.GetValueOrDefault().Span);

    public void Write(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Algorithm);
            if (Parameters is { } parameters)
            {
                writer.WriteEncodedValue(parameters.Span);
            }
        }
    }
}
