using Microsoft.EntityFrameworkCore;
using Portal.Smime.Keys;

namespace Portal.Application.KeyBroker;

internal sealed class SealedKeyStorage(PortalDatabase database) : ISealedKeyStorage
{
    public async Task WriteAsync(KeyReference reference, ReadOnlyMemory<byte> sealedKey, CancellationToken cancellationToken)
    {
        await using var db = await database.InstallationAsync(cancellationToken);
        db.SealedPrivateKeys.Add(new SealedPrivateKey(reference.ToString(), sealedKey.ToArray()));
        await db.CommitAsync(cancellationToken);
    }

    public async Task<ReadOnlyMemory<byte>?> ReadAsync(KeyReference reference, CancellationToken cancellationToken)
    {
        await using var db = await database.InstallationAsync(cancellationToken);
        var name = reference.ToString();
        var found = await db.SealedPrivateKeys.AsNoTracking().SingleOrDefaultAsync(one => one.Reference == name, cancellationToken);
        return found is null ? default(ReadOnlyMemory<byte>?) : found.SealedKey;
    }

    public async Task DeleteAsync(KeyReference reference, CancellationToken cancellationToken)
    {
        await using var db = await database.InstallationAsync(cancellationToken);
        var name = reference.ToString();
        await db.SealedPrivateKeys.Where(one => one.Reference == name).ExecuteDeleteAsync(cancellationToken);
        await db.CommitAsync(cancellationToken);
    }
}
