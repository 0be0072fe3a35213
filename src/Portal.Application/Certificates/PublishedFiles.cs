using Microsoft.EntityFrameworkCore;

namespace Portal.Application.Certificates;

/// <param name="Content">DER.</param>
/// <param name="Since">Of the list, or the begin of a certificate's validity.</param>
/// <param name="Tag">Changes with the content.</param>
public sealed record PublishedFile(byte[] Content, DateTimeOffset Since, string Tag);

/// <summary>What authorities publish, for whoever asks.</summary>
public sealed class PublishedFiles
{
    private readonly PortalDatabase _database;
    private readonly IDirectory _directory;

    internal PublishedFiles(PortalDatabase database, IDirectory directory) => (_database, _directory) = (database, directory);

    /// <returns>Null when there is no such authority here.</returns>
    public async Task<PublishedFile?> CertificateAsync(CertificateId authority, CancellationToken cancellationToken)
    {
        if (await _directory.FindAuthorityAsync(authority, cancellationToken) is not { } organisation)
        {
            return null;
        }

        await using var db = await _database.ReadAsync(organisation, cancellationToken);
        return await db.Certificates
            .Where(one => one.OrganisationId == organisation && one.Id == authority && one.Encoded != null)
            .Select(one => new PublishedFile(one.Encoded!, one.NotBefore, one.SerialNumber))
            .SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>The newest one.</summary>
    /// <returns>Null when there is no such authority here, or nothing in that partition.</returns>
    public async Task<PublishedFile?> RevocationListAsync(CertificateId authority, int partition, CancellationToken cancellationToken)
    {
        if (await _directory.FindAuthorityAsync(authority, cancellationToken) is not { } organisation)
        {
            return null;
        }

        await using var db = await _database.ReadAsync(organisation, cancellationToken);
        var newest = await db.RevocationLists
            .Where(one => one.OrganisationId == organisation && one.AuthorityId == authority && one.Partition == partition)
            .OrderByDescending(one => one.Number)
            .FirstOrDefaultAsync(cancellationToken);
        return newest is null ? null : new PublishedFile(newest.Encoded, newest.ThisUpdate, $"{partition}-{newest.Number}");
    }
}
