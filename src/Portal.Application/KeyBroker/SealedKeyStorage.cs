using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Portal.Smime.Keys;

namespace Portal.Application.KeyBroker;

internal sealed class SealedKeyStorage(PortalDatabase database) : ISealedKeyStorage
{
    public Task WriteAsync(KeyReference reference, ReadOnlyMemory<byte> sealedKey, CancellationToken cancellationToken) =>
        AnsweringAsync(async () =>
        {
            await using var db = await database.InstallationAsync(cancellationToken);
            db.SealedPrivateKeys.Add(new SealedPrivateKey(reference.ToString(), sealedKey.ToArray()));
            await db.CommitAsync(cancellationToken);
            return true;
        });

    public Task<ReadOnlyMemory<byte>?> ReadAsync(KeyReference reference, CancellationToken cancellationToken) =>
        AnsweringAsync(async () =>
        {
            await using var db = await database.ReadInstallationAsync(cancellationToken);
            var name = reference.ToString();
            var found = await db.SealedPrivateKeys.SingleOrDefaultAsync(one => one.Reference == name, cancellationToken);
            return found is null ? default(ReadOnlyMemory<byte>?) : found.SealedKey;
        });

    public Task DeleteAsync(KeyReference reference, CancellationToken cancellationToken) =>
        AnsweringAsync(async () =>
        {
            await using var db = await database.InstallationAsync(cancellationToken);
            var name = reference.ToString();
            await db.SealedPrivateKeys.Where(one => one.Reference == name).ExecuteDeleteAsync(cancellationToken);
            await db.CommitAsync(cancellationToken);
            return true;
        });

    public Task<IReadOnlyList<KeyReference>> ListAsync(CancellationToken cancellationToken) =>
        AnsweringAsync<IReadOnlyList<KeyReference>>(async () =>
        {
            await using var db = await database.ReadInstallationAsync(cancellationToken);
            var names = await db.SealedPrivateKeys.Select(one => one.Reference).ToListAsync(cancellationToken);
            return names.ConvertAll(name => name.Split('/') is [var store, var key, var version] ? new KeyReference(store, key, version) : default);
        });

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
