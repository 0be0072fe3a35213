using Microsoft.EntityFrameworkCore;
using Portal.Application;
using Portal.Application.Certificates;

namespace Portal.Database.Sqlite;

internal sealed class SqliteDirectory(IPortalDbContexts contexts) : IDirectory
{
    public async Task<AccountPlace?> FindAccountAsync(string normalisedEmail, CancellationToken cancellationToken)
    {
        await using var db = await ReadAsync(cancellationToken);
        return await db.Accounts
            .Where(one => one.NormalisedEmail == normalisedEmail)
            .Select(one => (AccountPlace?)new AccountPlace(one.OrganisationId, one.Id))
            .SingleOrDefaultAsync(cancellationToken);
    }

    public async Task<AccountPlace?> FindPasskeyAsync(byte[] credentialId, CancellationToken cancellationToken)
    {
        await using var db = await ReadAsync(cancellationToken);
        return await db.AccountPasskeys
            .Where(one => one.CredentialId == credentialId)
            .Select(one => (AccountPlace?)new AccountPlace(one.OrganisationId, one.AccountId))
            .SingleOrDefaultAsync(cancellationToken);
    }

    public async Task<OneTimeLinkPlace?> FindOneTimeLinkAsync(byte[] tokenSha256, CancellationToken cancellationToken)
    {
        await using var db = await ReadAsync(cancellationToken);
        return await db.OneTimeLinks
            .Where(one => one.TokenSha256 == tokenSha256)
            .Select(one => (OneTimeLinkPlace?)new OneTimeLinkPlace(one.OrganisationId, one.Id))
            .SingleOrDefaultAsync(cancellationToken);
    }

    public async Task<SecureLinkPlace?> FindSecureLinkAsync(byte[] tokenSha256, CancellationToken cancellationToken)
    {
        await using var db = await ReadAsync(cancellationToken);
        return await db.SecureLinks
            .Where(one => one.TokenSha256 == tokenSha256)
            .Select(one => (SecureLinkPlace?)new SecureLinkPlace(one.OrganisationId, one.Id))
            .SingleOrDefaultAsync(cancellationToken);
    }

    public async Task<ReaderSessionPlace?> FindReaderSessionAsync(byte[] tokenSha256, CancellationToken cancellationToken)
    {
        await using var db = await ReadAsync(cancellationToken);
        return await db.ReaderSessions
            .Where(one => one.TokenSha256 == tokenSha256)
            .Select(one => (ReaderSessionPlace?)new ReaderSessionPlace(one.OrganisationId, one.Id))
            .SingleOrDefaultAsync(cancellationToken);
    }

    public async Task<LargeFilePlace?> FindLargeFileAsync(byte[] token, CancellationToken cancellationToken)
    {
        await using var db = await ReadAsync(cancellationToken);
        return await db.LargeFiles
            .Where(one => one.Token == token)
            .Select(one => (LargeFilePlace?)new LargeFilePlace(one.OrganisationId, one.Id))
            .SingleOrDefaultAsync(cancellationToken);
    }

    public async Task<OrganisationId?> FindDomainAsync(string domain, CancellationToken cancellationToken)
    {
        await using var db = await ReadAsync(cancellationToken);
        return await db.OrganisationDomains
            .Where(one => one.Name == domain && one.ProvedAt != null)
            .Select(one => (OrganisationId?)one.OrganisationId)
            .SingleOrDefaultAsync(cancellationToken);
    }

    public async Task<OrganisationId?> FindOrganisationAsync(AccountId account, CancellationToken cancellationToken)
    {
        await using var db = await ReadAsync(cancellationToken);
        return await db.Accounts
            .Where(one => one.Id == account)
            .Select(one => (OrganisationId?)one.OrganisationId)
            .SingleOrDefaultAsync(cancellationToken);
    }

    public async Task<OrganisationId?> FindAuthorityAsync(CertificateId certificate, CancellationToken cancellationToken)
    {
        await using var db = await ReadAsync(cancellationToken);
        return await db.Certificates
            .Where(one => one.Id == certificate && (one.Kind == CertificateKind.RootAuthority || one.Kind == CertificateKind.IssuingAuthority))
            .Select(one => (OrganisationId?)one.OrganisationId)
            .SingleOrDefaultAsync(cancellationToken);
    }

    public async Task<MailboxPlace?> FindMailboxAsync(string normalisedAddress, OrganisationId asking, CancellationToken cancellationToken)
    {
        await using var db = await ReadAsync(cancellationToken);
        return await db.Mailboxes
            .Where(one => one.NormalisedAddress == normalisedAddress)
            .Where(one => one.OrganisationId == asking || db.OrganisationDomains.Any(
                domain => domain.OrganisationId == one.OrganisationId && domain.ProvedAt != null && one.NormalisedAddress.EndsWith("@" + domain.Name)))
            .Select(one => (MailboxPlace?)new MailboxPlace(one.OrganisationId, one.Id))
            .SingleOrDefaultAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<OrganisationId>> ListOrganisationsAsync(CancellationToken cancellationToken)
    {
        await using var db = await ReadAsync(cancellationToken);
        return await db.Organisations.Select(one => one.Id).ToListAsync(cancellationToken);
    }

    private async Task<PortalDbContext> ReadAsync(CancellationToken cancellationToken)
    {
        var db = contexts.Create();
        db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        await db.BeginAsync(null, cancellationToken);
        return db;
    }
}
