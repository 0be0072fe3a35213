using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OtpNet;
using Portal.Application.Accounts;
using Portal.Application.AtRest;
using Portal.Application.Audit;
using Portal.Application.Brands;
using Portal.Smime.Keys;

namespace Portal.Application.SecureLinks;

/// <summary>Authenticator apps (RFC 6238) of readers: set up in a visit, for the next ones.</summary>
public sealed class ReaderApps
{
    public const int MostTries = 5;
    private const int SecretLength = 20;
    private static readonly TimeSpan TriesLast = TimeSpan.FromHours(1);
    private static readonly VerificationWindow Window = new(previous: 1, future: 1);

    private readonly PortalDatabase _database;
    private readonly DataKeys _keys;
    private readonly BrandReading _brands;
    private readonly TimeProvider _clock;

    internal ReaderApps(PortalDatabase database, DataKeys keys, BrandReading brands, TimeProvider clock) =>
        (_database, _keys, _brands, _clock) = (database, keys, brands, clock);

    /// <summary>A secret for a new app; it counts once a code of it was typed.</summary>
    /// <returns>Null when one is set up already, they have another proof that they have not shown, or the key store does not answer.</returns>
    public async Task<AuthenticatorSetup?> BeginAsync(SignedInReader signedIn, CancellationToken cancellationToken)
    {
        var actor = signedIn.Actor;
        try
        {
            var brand = await _brands.OfAsync(actor.Organisation, cancellationToken);
            using var key = await _keys.OfOrganisationAsync(actor.Organisation, cancellationToken);
            await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
            var reader = await db.Readers.SingleAsync(one => one.OrganisationId == actor.Organisation && one.Id == actor.Id, cancellationToken);
            if (reader.HasApp || !await OwnProofs.MayChangeAsync(db, signedIn, cancellationToken))
            {
                return null;
            }

            if (reader.SealedAppKey is null)
            {
                reader.BeginApp(KeyGeneration.GenerateRandomKey(SecretLength), key);
                await db.CommitAsync(cancellationToken);
            }

            var secret = Base32Encoding.ToString(reader.AppKey(key)!).TrimEnd('=');
            var (issuer, name) = (Uri.EscapeDataString(brand.Name), Uri.EscapeDataString(reader.Address(key)));
            return new AuthenticatorSetup(
                string.Join(' ', secret.Chunk(4).Select(group => new string(group))),
                string.Create(CultureInfo.InvariantCulture, $"otpauth://totp/{issuer}:{name}?secret={secret}&issuer={issuer}&digits={ReaderCode.Digits}&period=30"));
        }
        catch (KeyStoreException)
        {
            return null;
        }
    }

    /// <returns>False when the code is wrong, or the key store does not answer.</returns>
    public async Task<bool> ConfirmAsync(SignedInReader signedIn, string code, CancellationToken cancellationToken)
    {
        var actor = signedIn.Actor;
        try
        {
            using var key = await _keys.OfOrganisationAsync(actor.Organisation, cancellationToken);
            await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
            var reader = await db.Readers.SingleAsync(one => one.OrganisationId == actor.Organisation && one.Id == actor.Id, cancellationToken);
            if (reader.HasApp || !await OwnProofs.MayChangeAsync(db, signedIn, cancellationToken) || StepOf(reader, code, key, _clock.GetUtcNow()) is not { } step)
            {
                return false;
            }

            reader.ConfirmApp(step, _clock.GetUtcNow());
            db.Record(new AuditEvent(actor, AuditAction.ReaderChanged, actor.Id.Value, new Dictionary<string, string> { ["app"] = "added" }));
            await db.CommitAsync(cancellationToken);
            return true;
        }
        catch (KeyStoreException)
        {
            return false;
        }
    }

    public async Task RemoveAsync(SignedInReader signedIn, CancellationToken cancellationToken)
    {
        var actor = signedIn.Actor;
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        if (!await OwnProofs.MayChangeAsync(db, signedIn, cancellationToken))
        {
            return;
        }

        var reader = await db.Readers.SingleAsync(one => one.OrganisationId == actor.Organisation && one.Id == actor.Id, cancellationToken);
        reader.RemoveApp();
        db.Record(new AuditEvent(actor, AuditAction.ReaderChanged, actor.Id.Value, new Dictionary<string, string> { ["app"] = "removed" }));
        await db.CommitAsync(cancellationToken);
    }

    /// <summary>Each try counts before it is looked at, and each code once.</summary>
    /// <returns>Null when it is right; or how many tries are left.</returns>
    internal static async Task<int?> TryAsync(PortalDbContext db, Reader reader, string code, SealingKey key, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var own = db.Readers.Where(one => one.OrganisationId == reader.OrganisationId && one.Id == reader.Id);
        var oldest = now - TriesLast;
        await own
            .Where(one => one.AppTriesSince == null || one.AppTriesSince < oldest)
            .ExecuteUpdateAsync(set => set.SetProperty(one => one.AppTries, 0).SetProperty(one => one.AppTriesSince, (DateTimeOffset?)now), cancellationToken);
        if (await own.Where(one => one.AppTries < MostTries).ExecuteUpdateAsync(set => set.SetProperty(one => one.AppTries, one => one.AppTries + 1), cancellationToken) == 0)
        {
            return 0;
        }

        if (StepOf(reader, code, key, now) is { } step
            && await own.Where(one => one.AppStep < step).ExecuteUpdateAsync(set => set.SetProperty(one => one.AppStep, step).SetProperty(one => one.AppTries, 0), cancellationToken) == 1)
        {
            return null;
        }

        return MostTries - await own.Select(one => one.AppTries).SingleAsync(cancellationToken);
    }

    private static long? StepOf(Reader reader, string code, SealingKey key, DateTimeOffset now) =>
        reader.AppKey(key) is { } secret && new Totp(secret).VerifyTotp(now.UtcDateTime, ReaderCode.DigitsOf(code), out var step, Window) ? step : null;
}
