using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Portal.Smime.Keys;

namespace Portal.Application.KeyBroker;

internal sealed class SealedKeyStorage(PortalDatabase database) : ISealedKeyStorage
{
    public Task WriteAsync(KeyReference reference, SealedKey key, CancellationToken cancellationToken) =>
        WritingAsync(db => db.SealedPrivateKeys.Add(new SealedPrivateKey(reference, key)), cancellationToken);

    public Task<SealedKey?> ReadAsync(KeyReference reference, CancellationToken cancellationToken) => AnsweringAsync(async () =>
    {
        await using var db = await database.ReadInstallationAsync(cancellationToken);
        return await Named(db, reference).SingleOrDefaultAsync(cancellationToken) is { } found ? new SealedKey(found.MasterKey, found.SealedKey) : null;
    });

    public Task<bool> ReplaceAsync(KeyReference reference, SealedKey known, SealedKey key, CancellationToken cancellationToken) => AnsweringAsync(async () =>
    {
        await using var db = await database.InstallationAsync(cancellationToken);
        var former = known.Bytes.ToArray();

        // The application's role may not change a row.
        if (await Named(db, reference).Where(one => one.MasterKey == known.MasterKey && one.SealedKey == former).ExecuteDeleteAsync(cancellationToken) != 1)
        {
            return false;
        }

        db.SealedPrivateKeys.Add(new SealedPrivateKey(reference, key));
        await db.CommitAsync(cancellationToken);
        return true;
    });

    public Task DeleteAsync(KeyReference reference, CancellationToken cancellationToken) => AnsweringAsync(async () =>
    {
        // Whoever seals it anew at this moment puts another row in the place of the one that we waited for.
        while (await IsThereAsync(reference, cancellationToken))
        {
            await using var db = await database.InstallationAsync(cancellationToken);
            await Named(db, reference).ExecuteDeleteAsync(cancellationToken);
            await db.CommitAsync(cancellationToken);
        }

        return true;
    });

    public Task<IReadOnlyList<KeyReference>> ListAsync(string store, string? except, CancellationToken cancellationToken) =>
        AnsweringAsync<IReadOnlyList<KeyReference>>(async () =>
        {
            await using var db = await database.ReadInstallationAsync(cancellationToken);
            var names = await db.SealedPrivateKeys
                .Where(one => one.Store == store && (except == null || one.MasterKey != except))
                .Select(one => one.Reference)
                .ToListAsync(cancellationToken);
            return names.ConvertAll(Reference);
        });

    public Task WriteMasterKeyAsync(WrappedMasterKey key, CancellationToken cancellationToken) =>
        WritingAsync(db => db.WrappedMasterKeys.Add(new WrappedMasterKeyRow(key)), cancellationToken);

    public Task<IReadOnlyList<WrappedMasterKey>> ListMasterKeysAsync(CancellationToken cancellationToken) =>
        AnsweringAsync<IReadOnlyList<WrappedMasterKey>>(async () =>
        {
            await using var db = await database.ReadInstallationAsync(cancellationToken);
            var rows = await db.WrappedMasterKeys.OrderByDescending(one => one.CreatedAt).ThenBy(one => one.Fingerprint).ToListAsync(cancellationToken);
            return rows.ConvertAll(one => new WrappedMasterKey(one.Fingerprint, Reference(one.WrappedBy), one.Wrapped, one.CreatedAt));
        });

    private Task<bool> WritingAsync(Action<PortalDbContext> add, CancellationToken cancellationToken) => AnsweringAsync(async () =>
    {
        await using var db = await database.InstallationAsync(cancellationToken);
        add(db);
        await db.CommitAsync(cancellationToken);
        return true;
    });

    private async Task<bool> IsThereAsync(KeyReference reference, CancellationToken cancellationToken)
    {
        await using var db = await database.ReadInstallationAsync(cancellationToken);
        return await Named(db, reference).AnyAsync(cancellationToken);
    }

    private static IQueryable<SealedPrivateKey> Named(PortalDbContext db, KeyReference reference)
    {
        var name = reference.ToString();
        return db.SealedPrivateKeys.Where(one => one.Reference == name);
    }

    private static KeyReference Reference(string text) => KeyReference.TryParse(text, out var reference) ? reference : default;

    private static async Task<TResult> AnsweringAsync<TResult>(Func<Task<TResult>> ask)
    {
        try
        {
            return await ask();
        }
        catch (DbUpdateException exception) when (exception.InnerException is not DbException { IsTransient: true })
        {
            throw new KeyStoreException(KeyStoreFailure.Refused, "The database did not take the sealed key: is there one of this name already?", exception);
        }
        catch (Exception exception) when (exception is DbException or DbUpdateException)
        {
            throw new KeyStoreException(KeyStoreFailure.Unavailable, "The database that holds the sealed keys does not answer.", exception);
        }
    }
}
