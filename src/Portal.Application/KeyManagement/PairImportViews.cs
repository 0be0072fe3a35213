using Portal.Application.Certificates;

namespace Portal.Application.KeyManagement;

/// <summary>What pairs from files are for.</summary>
public enum ImportPurpose
{
    /// <summary>They open what was encrypted for them, and do nothing new.</summary>
    OldMail,

    /// <summary>They take the place of what the person has.</summary>
    NewMail,
}

public enum ImportedState
{
    Imported,

    /// <summary>The person has it.</summary>
    AlreadyThere,

    /// <summary>Signs only; nothing old needs it.</summary>
    SignsOnly,

    /// <summary>No key store holds keys of this kind or size.</summary>
    UnsupportedKey,

    /// <summary>It names none of the person's addresses.</summary>
    OtherAddress,

    /// <summary>Its time is over, or has not begun.</summary>
    NotValidNow,

    /// <summary>The organisation does not trust its authority, or its authority has taken it back.</summary>
    NotTrusted,

    /// <summary>It cannot sign.</summary>
    OpensOnly,

    /// <summary>Notices come from none of its addresses.</summary>
    NoNoticeAddress,

    /// <summary>Its authority is none of those that mail programs everywhere trust.</summary>
    NotPublic,
}

/// <param name="Name">Of its holder.</param>
/// <param name="Kind">What it was imported for; null when it was not.</param>
/// <param name="NotAfter">Until when it is valid.</param>
/// <param name="State">What became of it.</param>
public sealed record ImportedPair(string Name, CertificateKind? Kind, DateTimeOffset NotAfter, ImportedState State);

public abstract record PairImport
{
    /// <param name="Pairs">In the files' order.</param>
    /// <param name="MessagesTriedAgain">That could not be opened before.</param>
    public sealed record Done(IReadOnlyList<ImportedPair> Pairs, int MessagesTriedAgain) : PairImport;

    /// <summary>Files of no kind we know, or another password: files do not say which.</summary>
    public sealed record Refused : PairImport;

    /// <summary>Keys, and no certificate of any of them.</summary>
    public sealed record NoCertificate : PairImport;

    /// <summary>No private key at all.</summary>
    public sealed record NoKey : PairImport;

    /// <summary>Too many within a minute: whoever guesses passwords waits.</summary>
    public sealed record TooOften : PairImport;

    /// <summary>Nobody of this id is here.</summary>
    public sealed record NoPerson : PairImport;

    /// <param name="Words">The store's.</param>
    public sealed record StoreAway(string Words) : PairImport;
}
