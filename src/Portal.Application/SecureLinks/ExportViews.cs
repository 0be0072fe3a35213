using Portal.Application.Inbox;

namespace Portal.Application.SecureLinks;

/// <summary>Why a message is not among those that its reader takes along.</summary>
public enum LeftBehind
{
    /// <summary>Its sender has taken it back.</summary>
    Recalled,

    Expired,

    /// <summary>Its sender gives no files of it.</summary>
    Kept,

    /// <summary>It opened once, in another visit.</summary>
    Spent,

    /// <summary>Its reader ended their access before it.</summary>
    Closed,

    /// <summary>Several people read the address: each has it under their own.</summary>
    Shared,

    /// <summary>It asks for a phrase, and was not opened in this visit.</summary>
    AsksPhrase,

    /// <summary>It asks for their passkey or app, and they came without.</summary>
    AsksProof,

    /// <summary>It opens once, which is not done by the way.</summary>
    OpensOnce,

    /// <summary>They did not want it opened.</summary>
    NotOpened,

    /// <summary>What is stored of it does not open.</summary>
    Damaged,
}

/// <param name="Id">Of the link.</param>
/// <param name="Sender">As they call themselves.</param>
/// <param name="SentAt">When it was shared.</param>
/// <param name="ExpiresAt">Until when it can be read.</param>
/// <param name="IsOwn">They wrote it.</param>
/// <param name="IsOpen">In this session; others are opened on the way.</param>
/// <param name="Why">Null for what is taken.</param>
internal sealed record ExportedLink(SecureLinkId Id, string Sender, DateTimeOffset SentAt, DateTimeOffset ExpiresAt, bool IsOwn, bool IsOpen, LeftBehind? Why);

/// <param name="Link">Of what.</param>
/// <param name="FileName">In the archive; null for what is left behind.</param>
/// <param name="Subject">Empty for what is left behind.</param>
/// <param name="Length">Bytes of the file.</param>
/// <param name="Beside">Files that are not in it.</param>
internal sealed record ExportedMessage(ExportedLink Link, string? FileName, string Subject, long Length, IReadOnlyList<AttachmentView> Beside);

/// <summary>What a reader takes along, before anything of it is opened.</summary>
public sealed class ReaderExportPlan
{
    internal ReaderExportPlan(SignedInReader reader, string address, string organisation, IReadOnlyList<ExportedLink> links) =>
        (Reader, Address, Organisation, Links) = (reader, address, organisation, links);

    internal SignedInReader Reader { get; }

    internal string Address { get; }

    internal string Organisation { get; }

    /// <summary>The newest first.</summary>
    internal IReadOnlyList<ExportedLink> Links { get; }
}
