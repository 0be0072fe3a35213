using Microsoft.EntityFrameworkCore;

namespace Portal.Application.SecureLinks;

/// <summary>A passkey or an app that a reader has set up here: unlike a code, neither comes the same way as the link.</summary>
internal static class OwnProofs
{
    /// <summary>They have one, and came without.</summary>
    public static async Task<bool> AreUnshownAsync(PortalDbContext db, SignedInReader reader, CancellationToken cancellationToken) =>
        !IsShown(reader) && await OfAsync(db, reader.Actor, since: null, cancellationToken);

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
        return !await OfAsync(db, reader.Actor, began, cancellationToken);
    }

    private static bool IsShown(SignedInReader reader) => reader.Proof is ReaderProof.App or ReaderProof.Passkey;

    /// <param name="db">For reading.</param>
    /// <param name="actor">Whose.</param>
    /// <param name="since">Those that were there before; null for all.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    private static async Task<bool> OfAsync(PortalDbContext db, Actor.Reader actor, DateTimeOffset? since, CancellationToken cancellationToken) =>
        await db.Readers.AnyAsync(
            one => one.OrganisationId == actor.Organisation && one.Id == actor.Id && one.AppConfirmedAt != null && (since == null || one.AppConfirmedAt < since), cancellationToken)
        || await db.ReaderPasskeys.AnyAsync(
            one => one.OrganisationId == actor.Organisation && one.ReaderId == actor.Id && (since == null || one.CreatedAt < since), cancellationToken);
}
