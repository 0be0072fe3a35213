using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Accounts;
using Portal.Application.Audit;

namespace Portal.Application.SecureLinks;

/// <param name="Token">For the browser's cookie, and kept nowhere else.</param>
/// <param name="ExpiresAt">Until when it is recognised.</param>
public sealed record RememberedDevice(string Token, DateTimeOffset ExpiresAt)
{
    public override string ToString() => nameof(RememberedDevice);
}

/// <summary>Browsers that readers want to be recognised by, where the organisation lets them.</summary>
public sealed class ReaderDevices
{
    private const int TokenLength = 32;

    private readonly PortalDatabase _database;
    private readonly TimeProvider _clock;

    internal ReaderDevices(PortalDatabase database, TimeProvider clock) => (_database, _clock) = (database, clock);

    /// <returns>Null where the organisation recognises none, or they were only recognised themselves: then nothing is prolonged.</returns>
    public async Task<RememberedDevice?> RememberAsync(SignedInReader reader, SessionOrigin origin, CancellationToken cancellationToken)
    {
        var (actor, now) = (reader.Actor, _clock.GetUtcNow());
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        var days = await db.Organisations.Where(one => one.Id == actor.Organisation).Select(one => one.DeviceDays).SingleAsync(cancellationToken);
        if (days == 0 || reader.Proof == ReaderProof.Device)
        {
            return null;
        }

        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenLength));
        db.ReaderDevices.Add(new ReaderDevice(actor.Organisation, actor.Id, LinkTokens.Sha256(token)!, origin, now, now.AddDays(days)));
        db.Record(new AuditEvent(actor, AuditAction.ReaderDeviceRecognised, actor.Id.Value));
        await db.CommitAsync(cancellationToken);
        return new RememberedDevice(token, now.AddDays(days));
    }

    /// <summary>None is recognised any more.</summary>
    public async Task ForgetAsync(SignedInReader reader, CancellationToken cancellationToken)
    {
        await using var db = await _database.WriteAsync(reader.Actor.Organisation, cancellationToken);
        await ForgetAsync(db, reader.Actor.Organisation, reader.Actor.Id, cancellationToken);
        db.Record(new AuditEvent(reader.Actor, AuditAction.ReaderChanged, reader.Actor.Id.Value, new Dictionary<string, string> { ["devices"] = "forgotten" }));
        await db.CommitAsync(cancellationToken);
    }

    internal static Task ForgetAsync(PortalDbContext db, OrganisationId organisation, ReaderId reader, CancellationToken cancellationToken) => db.ReaderDevices
        .Where(one => one.OrganisationId == organisation && one.ReaderId == reader)
        .ExecuteDeleteAsync(cancellationToken);

    /// <summary>As the organisation has it now: whoever shortens it means what is out there too.</summary>
    internal static async Task<bool> IsKnownAsync(PortalDbContext db, Reader reader, string? token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (token is null || LinkTokens.Sha256(token) is not { } sha256)
        {
            return false;
        }

        var days = await db.Organisations.Where(one => one.Id == reader.OrganisationId).Select(one => one.DeviceDays).SingleAsync(cancellationToken);
        var earliest = now.AddDays(-days);
        return days > 0 && await db.ReaderDevices.AnyAsync(
            one => one.OrganisationId == reader.OrganisationId && one.ReaderId == reader.Id && one.TokenSha256 == sha256 && one.ExpiresAt > now && one.CreatedAt > earliest, cancellationToken);
    }
}
