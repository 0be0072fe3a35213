using Portal.Application.Certificates;

namespace Portal.Application.KeyManagement;

/// <summary>What became of asking for a person's certificate.</summary>
public abstract record PersonIssuing
{
    /// <param name="Id">The certificate; for a request, the row that waits for it.</param>
    public sealed record Done(CertificateId Id) : PersonIssuing;

    /// <summary>Nobody here has a mailbox of this address, or they cannot sign in any more.</summary>
    public sealed record NobodyHere : PersonIssuing;

    /// <summary>It was asked for before, and nobody has answered yet.</summary>
    public sealed record Waiting : PersonIssuing;

    /// <summary>No certification request (PKCS #10).</summary>
    public sealed record NoRequest : PersonIssuing;

    /// <summary>Whoever made the request does not show that they have its key.</summary>
    public sealed record NotProven : PersonIssuing;

    /// <summary>A key too short, or of a kind that nobody should use.</summary>
    public sealed record WeakKey : PersonIssuing;

    /// <summary>A key that something else has a certificate for here already.</summary>
    public sealed record KeyInUse : PersonIssuing;

    /// <param name="Words">What the profile has against it.</param>
    public sealed record Refused(string Words) : PersonIssuing;

    /// <param name="Words">The store's.</param>
    public sealed record StoreAway(string Words) : PersonIssuing;
}

/// <param name="Id">The row that waits.</param>
/// <param name="Holder">A person's name.</param>
/// <param name="Address">That it shall be for.</param>
/// <param name="Kind">What for.</param>
/// <param name="RequestedAt">Since when it waits.</param>
public sealed record OutsideRequest(CertificateId Id, string Holder, string Address, CertificateKind Kind, DateTimeOffset RequestedAt);

public enum OutsideAnswerState
{
    Taken,

    /// <summary>No request of ours is for its key.</summary>
    NotAsked,

    /// <summary>It names none of the person's addresses.</summary>
    OtherAddress,

    /// <summary>Its time is over, or has not begun.</summary>
    NotValidNow,

    /// <summary>The organisation does not trust its authority, or its authority has taken it back.</summary>
    NotTrusted,

    /// <summary>Its key usage does not allow what it was asked for.</summary>
    OtherUsage,
}

/// <param name="Name">Of its holder.</param>
/// <param name="State">What became of it.</param>
public sealed record OutsideAnswer(string Name, OutsideAnswerState State);
