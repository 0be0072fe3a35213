namespace Portal.Smime.Pkix;

/// <summary>
/// Which structures have verified with which keys: authorities' certificates, revocation lists, OCSP responses. What did not
/// verify is not remembered.
/// </summary>
/// <param name="capacity">Of one generation.</param>
internal sealed class VerificationMemory(int capacity)
{
    private readonly TwoGenerations<(ContentHash Structure, ContentHash Key), bool> _known = new(capacity);

    public static VerificationMemory Shared { get; } = new(4096);

    public int Count => _known.Count;

    /// <param name="structure">Of the whole encoding, signature included.</param>
    /// <param name="key">Of the SubjectPublicKeyInfo.</param>
    public bool Holds(ContentHash structure, ContentHash key) => _known.TryGet((structure, key), out _);

    public void Remember(ContentHash structure, ContentHash key) => _known.Keep((structure, key), true);
}
