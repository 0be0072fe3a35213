using Microsoft.EntityFrameworkCore;

namespace Portal.Application.SecureLinks;

/// <summary>A passkey or an app that a reader has set up here: unlike a code, neither comes the same way as the link.</summary>
internal static class OwnProofs
{
    /// <summary>They have one, and came without.</summary>
    public static async Task<bool> AreUnshownAsync(PortalDbContext db, SignedInReader reader, CancellationToken cancellationToken) =>
        !IsShown(reader) && (await HoldersAsync(db, reader.Actor.Organisation, [reader.Actor.Id], DateTimeOffset.MaxValue, cancellationToken)).Count > 0;

    /// <summary>What is stronger than a code is changed by whoever shows it, and not by whoever reads the mailbox; but for what they have set up in this visit.</summary>
    public static async Task<bool> MayChangeAsync(PortalDbContext db, SignedInReader reader, CancellationToken cancellationToken)
    {
        if (IsShown(reader))
        {
            return true;
        }

        var began = await db.ReaderSessions
            .Where(one => one.OrganisationId == reader.Actor.Organisation && one.Id == reader.Actor.Session)
            .Select(one => one.BeganAt)
            .SingleAsync(cancellationToken);
        return (await HoldersAsync(db, reader.Actor.Organisation, [reader.Actor.Id], began, cancellationToken)).Count == 0;
    }

    /// <summary>Who of these had one before then.</summary>
    public static async Task<IReadOnlyCollection<ReaderId>> HoldersAsync(
        PortalDbContext db, OrganisationId organisation, IReadOnlyCollection<ReaderId> readers, DateTimeOffset before, CancellationToken cancellationToken) =>
        readers.Count == 0 ? [] : await db.Readers
            .Where(one => one.OrganisationId == organisation && readers.Contains(one.Id)
                && (one.AppConfirmedAt < before || db.ReaderPasskeys.Any(passkey => passkey.OrganisationId == organisation && passkey.ReaderId == one.Id && passkey.CreatedAt < before)))
            .Select(one => one.Id)
            .ToListAsync(cancellationToken);

    private static bool IsShown(SignedInReader reader) => reader.Proof is ReaderProof.App or ReaderProof.Passkey;
}
