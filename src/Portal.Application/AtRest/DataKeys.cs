using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Portal.Application.KeyBroker;
using Portal.Smime.Keys;

namespace Portal.Application.AtRest;

/// <summary>The keys above the blobs: organisation, then mailbox. The key store is asked once per organisation, process and 15 minutes.</summary>
internal sealed class DataKeys(PortalDatabase database, KeyBroker.KeyBroker broker, TimeProvider clock)
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(15);
    private readonly ConcurrentDictionary<OrganisationId, OrganisationSecret> _secrets = new();

    /// <summary>Makes the organisation's secret; the row is added to <paramref name="db"/>.</summary>
    public static void CreateForOrganisation(PortalDbContext db, ManagedKey wrappingKey)
    {
        using var secret = SealingKey.New();
        db.OrganisationDataKeys.Add(new OrganisationDataKey(wrappingKey.OrganisationId, wrappingKey.Id, secret.WrapUnder(wrappingKey)));
    }

    /// <summary>The organisation's secret, wrapped by another key of it.</summary>
    /// <exception cref="KeyStoreException">The organisation's secret could not be unwrapped.</exception>
    public async Task<byte[]> WrapForAsync(ManagedKey wrappingKey, CancellationToken cancellationToken) =>
        (await SecretAsync(wrappingKey.OrganisationId, cancellationToken)).Key.WrapUnder(wrappingKey);

    /// <summary>A mailbox's new key, to be saved with the mailbox; outside any transaction.</summary>
    /// <exception cref="KeyStoreException">The organisation's secret could not be unwrapped.</exception>
    public async Task<MailboxDataKey> CreateForMailboxAsync(OrganisationId organisation, MailboxId mailbox, CancellationToken cancellationToken)
    {
        var secret = await SecretAsync(organisation, cancellationToken);
        using var key = SealingKey.New();
        return new MailboxDataKey(organisation, mailbox, key.SealUnder(secret.Key, Context(mailbox)));
    }

    /// <exception cref="KeyStoreException">The organisation's secret could not be unwrapped.</exception>
    public async Task<SealingKey> OfMailboxAsync(OrganisationId organisation, MailboxId mailbox, CancellationToken cancellationToken)
    {
        var secret = await SecretAsync(organisation, cancellationToken);
        if (!secret.SealedMailboxKeys.TryGetValue(mailbox, out var sealedKey))
        {
            await using var db = await database.ReadAsync(organisation, cancellationToken);
            sealedKey = (await db.MailboxDataKeys.SingleAsync(one => one.OrganisationId == organisation && one.MailboxId == mailbox, cancellationToken)).SealedKey;
            secret.SealedMailboxKeys[mailbox] = sealedKey;
        }

        return SealingKey.OpenUnder(secret.Key, sealedKey, Context(mailbox));
    }

    /// <summary>For what belongs to the organisation and to no mailbox of it.</summary>
    /// <exception cref="KeyStoreException">The organisation's secret could not be unwrapped.</exception>
    public async Task<SealingKey> OfOrganisationAsync(OrganisationId organisation, CancellationToken cancellationToken) =>
        (await SecretAsync(organisation, cancellationToken)).Key.Derive("organisation rows"u8);

    private static byte[] Context(MailboxId mailbox) => SealedValue.Context("mailbox_data_keys.sealed_key", mailbox.Value);

    private Task<UnwrappedSecret> SecretAsync(OrganisationId organisation, CancellationToken cancellationToken) =>
        _secrets.GetOrAdd(organisation, _ => new OrganisationSecret()).GetAsync(
            clock.GetUtcNow(), () => UnwrapAsync(organisation, CancellationToken.None), cancellationToken);

    private async Task<UnwrappedSecret> UnwrapAsync(OrganisationId organisation, CancellationToken cancellationToken)
    {
        OrganisationDataKey row;
        await using (var db = await database.ReadAsync(organisation, cancellationToken))
        {
            row = await db.OrganisationDataKeys.SingleAsync(one => one.OrganisationId == organisation, cancellationToken);
        }

        var actor = new Actor.Portal(organisation, "at-rest");
        if (await broker.GrantAsync(actor, row.WrappingKeyId, KeyTask.UnwrapDataKey, cancellationToken) is not KeyGrant.Granted granted)
        {
            throw new KeyStoreException(KeyStoreFailure.Refused, "The organisation's data key may not be used.");
        }

        var secret = await granted.Key.UnwrapKeyAsync(row.WrappedSecret, KeyTransportScheme.RsaOaepSha256, cancellationToken);
        await using (var db = await database.WriteAsync(organisation, cancellationToken))
        {
            db.Record(granted.Key.Outcomes);
            await db.CommitAsync(cancellationToken);
        }

        return secret.Length == SealingKey.Length
            ? new UnwrappedSecret(new SealingKey(secret.ToArray()), new ConcurrentDictionary<MailboxId, byte[]>())
            : throw new KeyStoreException(KeyStoreFailure.Refused, "The organisation's data key does not unwrap its secret.");
    }

    /// <param name="Key">Opens mailbox keys.</param>
    /// <param name="SealedMailboxKeys">Those asked for while it is kept, as sealed as in their rows: almost every operation needs one.</param>
    private sealed record UnwrappedSecret(SealingKey Key, ConcurrentDictionary<MailboxId, byte[]> SealedMailboxKeys)
    {
        public override string ToString() => nameof(UnwrappedSecret);
    }

    private sealed class OrganisationSecret
    {
        private readonly Lock _gate = new();
        private Task<UnwrappedSecret>? _key;
        private DateTimeOffset _until;

        public Task<UnwrappedSecret> GetAsync(DateTimeOffset now, Func<Task<UnwrappedSecret>> unwrap, CancellationToken cancellationToken)
        {
            lock (_gate)
            {
                // The old one is not zeroed: another operation may be using it.
                if (_key is null || _key.IsFaulted || _key.IsCanceled || now >= _until)
                {
                    _key = unwrap();
                    _until = now + Kept;
                }

                return _key.WaitAsync(cancellationToken);
            }
        }
    }
}
