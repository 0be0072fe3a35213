using Microsoft.EntityFrameworkCore;
using Portal.Application;

namespace Portal.Database.Postgres;

/// <summary>Through the functions of Security.sql, which alone see across organisations.</summary>
internal sealed class PostgresDirectory(IPortalDbContexts contexts) : IDirectory
{
    public async Task<AccountPlace?> FindAccountAsync(string normalisedEmail, CancellationToken cancellationToken) =>
        await SingleAsync($"select organisation_id as \"Organisation\", account_id as \"Id\" from portal_find_account({normalisedEmail})", cancellationToken) is { } place
            ? new AccountPlace(new OrganisationId(place.Organisation), new AccountId(place.Id))
            : null;

    public async Task<AccountPlace?> FindPasskeyAsync(byte[] credentialId, CancellationToken cancellationToken) =>
        await SingleAsync($"select organisation_id as \"Organisation\", account_id as \"Id\" from portal_find_passkey({credentialId})", cancellationToken) is { } place
            ? new AccountPlace(new OrganisationId(place.Organisation), new AccountId(place.Id))
            : null;

    public async Task<OneTimeLinkPlace?> FindOneTimeLinkAsync(byte[] tokenSha256, CancellationToken cancellationToken) =>
        await SingleAsync($"select organisation_id as \"Organisation\", link_id as \"Id\" from portal_find_one_time_link({tokenSha256})", cancellationToken) is { } place
            ? new OneTimeLinkPlace(new OrganisationId(place.Organisation), new OneTimeLinkId(place.Id))
            : null;

    public async Task<SecureLinkPlace?> FindSecureLinkAsync(byte[] tokenSha256, CancellationToken cancellationToken) =>
        await SingleAsync($"select organisation_id as \"Organisation\", link_id as \"Id\" from portal_find_secure_link({tokenSha256})", cancellationToken) is { } place
            ? new SecureLinkPlace(new OrganisationId(place.Organisation), new SecureLinkId(place.Id))
            : null;

    public async Task<ReaderSessionPlace?> FindReaderSessionAsync(byte[] tokenSha256, CancellationToken cancellationToken) =>
        await SingleAsync($"select organisation_id as \"Organisation\", session_id as \"Id\" from portal_find_reader_session({tokenSha256})", cancellationToken) is { } place
            ? new ReaderSessionPlace(new OrganisationId(place.Organisation), new ReaderSessionId(place.Id))
            : null;

    public async Task<LargeFilePlace?> FindLargeFileAsync(byte[] token, CancellationToken cancellationToken) =>
        await SingleAsync($"select organisation_id as \"Organisation\", file_id as \"Id\" from portal_find_large_file({token})", cancellationToken) is { } place
            ? new LargeFilePlace(new OrganisationId(place.Organisation), new LargeFileId(place.Id))
            : null;

    public async Task<OrganisationId?> FindDomainAsync(string domain, CancellationToken cancellationToken) =>
        await SingleAsync($"select organisation_id as \"Organisation\", organisation_id as \"Id\" from portal_find_domain({domain})", cancellationToken) is { } place
            ? new OrganisationId(place.Organisation)
            : null;

    public async Task<OrganisationId?> FindOrganisationAsync(AccountId account, CancellationToken cancellationToken) =>
        await SingleAsync($"select organisation_id as \"Organisation\", {account.Value} as \"Id\" from portal_find_organisation({account.Value})", cancellationToken) is { } place
            ? new OrganisationId(place.Organisation)
            : null;

    public async Task<OrganisationId?> FindAuthorityAsync(CertificateId certificate, CancellationToken cancellationToken) =>
        await SingleAsync($"select organisation_id as \"Organisation\", {certificate.Value} as \"Id\" from portal_find_authority({certificate.Value})", cancellationToken) is { } place
            ? new OrganisationId(place.Organisation)
            : null;

    public async Task<MailboxPlace?> FindMailboxAsync(string normalisedAddress, OrganisationId asking, CancellationToken cancellationToken) =>
        await SingleAsync($"select organisation_id as \"Organisation\", mailbox_id as \"Id\" from portal_find_mailbox({normalisedAddress}, {asking.Value})", cancellationToken) is { } place
            ? new MailboxPlace(new OrganisationId(place.Organisation), new MailboxId(place.Id))
            : null;

    public async Task<IReadOnlyList<OrganisationId>> ListOrganisationsAsync(CancellationToken cancellationToken)
    {
        await using var db = contexts.Create();
        await db.BeginAsync(null, cancellationToken);
        var ids = await db.Database.SqlQuery<Guid>($"select organisation_id as \"Value\" from portal_list_organisations()").ToListAsync(cancellationToken);
        return ids.ConvertAll(OrganisationId.From);
    }

    private async Task<Place?> SingleAsync(FormattableString query, CancellationToken cancellationToken)
    {
        await using var db = contexts.Create();
        await db.BeginAsync(null, cancellationToken);
        return (await db.Database.SqlQuery<Place>(query).ToListAsync(cancellationToken)).SingleOrDefault();
    }

    private sealed record Place(Guid Organisation, Guid Id);
}
