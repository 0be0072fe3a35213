namespace Portal.Smime.Mime;

/// <summary>What protects one header field (RFC 9788 §4.3).</summary>
public enum HeaderState
{
    /// <summary>Anybody on the way may have read and changed it.</summary>
    Unprotected,

    /// <summary>As the signer wrote it; readable on the way.</summary>
    SignedOnly,

    /// <summary>Nobody on the way has read it; who wrote it is not proven.</summary>
    EncryptedOnly,

    SignedAndEncrypted,
}

/// <param name="Field">Name and value that count, from inside where there is protection.</param>
/// <param name="State">What protects it.</param>
/// <param name="IsInside">It stands inside the protection, be that worth something or not; all fields of a message without do not.</param>
public sealed record ProtectedField(HeaderField Field, HeaderState State, bool IsInside);

/// <summary>How a message carries its header inside its protection.</summary>
public enum HeaderProtectionForm
{
    /// <summary>Not at all: the outer header is all there is.</summary>
    None,

    /// <summary>RFC 9788: the payload's root says hp="clear" or hp="cipher".</summary>
    HeaderProtection,

    /// <summary>protected-headers="v1": as above, without a record of what was meant to be seen outside.</summary>
    ProtectedHeaders,

    /// <summary>The payload is the whole message once more, as message/rfc822 (RFC 8551 §3.1).</summary>
    WrappedMessage,
}

/// <summary>The header to be shown, each field with its state.</summary>
/// <param name="Form">How it was carried.</param>
/// <param name="Fields">In order; structural fields (MIME-Version, Content-*) and HP-Outer are not among them.</param>
public sealed record MessageHeader(HeaderProtectionForm Form, IReadOnlyList<ProtectedField> Fields)
{
    /// <summary>Names whose value outside is neither the one inside nor the one that the sender says it put there: somebody changed it on the way.</summary>
    public IReadOnlyList<string> Tampered { get; init; } = [];

    /// <summary>Outside, From names another address than inside (RFC 9788 §4.4).</summary>
    public bool HasOtherFromOutside { get; init; }

    /// <summary>A text may begin with what was hidden outside, for readers that do not look inside (RFC 9788 §4.5.3): only hp="cipher" hides.</summary>
    public bool MayHaveLegacyDisplay { get; init; }

    public IEnumerable<ProtectedField> All(string name) => Fields.Where(one => one.Field.Is(name));
}
