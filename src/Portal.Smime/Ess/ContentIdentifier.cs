using System.Security.Cryptography;

namespace Portal.Smime.Ess;

/// <summary>Names one signed content for ever (RFC 2634 §2.7). Equal by value.</summary>
/// <param name="value">Copied by reference; not changed afterwards.</param>
public sealed class ContentIdentifier(ReadOnlyMemory<byte> value) : IEquatable<ContentIdentifier>
{
    private const int NewLength = 32;

    public ReadOnlyMemory<byte> Value { get; } = value;

    /// <summary>32 random bytes: unique without telling who, when or how many.</summary>
    public static ContentIdentifier New() => new(RandomNumberGenerator.GetBytes(NewLength));

    public bool Equals(ContentIdentifier? other) => other is not null && Value.Span.SequenceEqual(other.Value.Span);

    public override bool Equals(object? obj) => Equals(obj as ContentIdentifier);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Value.Span);
        return hash.ToHashCode();
    }

    /// <summary>Hexadecimal.</summary>
    public override string ToString() => Convert.ToHexString(Value.Span);
}
