using Npgsql;
using Portal.Application;

namespace Portal.Database.Postgres;

/// <summary>Through the functions of Security.sql, which alone see across organisations; each is asked once, and in no transaction.</summary>
internal sealed class PostgresDirectory(NpgsqlDataSource source) : IDirectory
{
    public async Task<AccountPlace?> FindAccountAsync(string normalisedEmail, CancellationToken cancellationToken) =>
        await SingleAsync("select organisation_id, account_id from portal_find_account($1)", [normalisedEmail], cancellationToken) is { } place
            ? new AccountPlace(new OrganisationId(place.Organisation), new AccountId(place.Id))
            : null;

    public async Task<AccountPlace?> FindPasskeyAsync(byte[] credentialId, CancellationToken cancellationToken) =>
        await SingleAsync("select organisation_id, account_id from portal_find_passkey($1)", [credentialId], cancellationToken) is { } place
            ? new AccountPlace(new OrganisationId(place.Organisation), new AccountId(place.Id))
            : null;

    public async Task<OneTimeLinkPlace?> FindOneTimeLinkAsync(byte[] tokenSha256, CancellationToken cancellationToken) =>
        await SingleAsync("select organisation_id, link_id from portal_find_one_time_link($1)", [tokenSha256], cancellationToken) is { } place
            ? new OneTimeLinkPlace(new OrganisationId(place.Organisation), new OneTimeLinkId(place.Id))
            : null;

    public async Task<SecureLinkPlace?> FindSecureLinkAsync(byte[] tokenSha256, CancellationToken cancellationToken) =>
        await SingleAsync("select organisation_id, link_id from portal_find_secure_link($1)", [tokenSha256], cancellationToken) is { } place
            ? new SecureLinkPlace(new OrganisationId(place.Organisation), new SecureLinkId(place.Id))
            : null;

    public async Task<ReaderSessionPlace?> FindReaderSessionAsync(byte[] tokenSha256, CancellationToken cancellationToken) =>
        await SingleAsync("select organisation_id, session_id from portal_find_reader_session($1)", [tokenSha256], cancellationToken) is { } place
            ? new ReaderSessionPlace(new OrganisationId(place.Organisation), new ReaderSessionId(place.Id))
            : null;

    public async Task<LargeFilePlace?> FindLargeFileAsync(byte[] token, CancellationToken cancellationToken) =>
        await SingleAsync("select organisation_id, file_id from portal_find_large_file($1)", [token], cancellationToken) is { } place
            ? new LargeFilePlace(new OrganisationId(place.Organisation), new LargeFileId(place.Id))
            : null;

    public async Task<OrganisationId?> FindDomainAsync(string domain, CancellationToken cancellationToken) =>
        await SingleAsync("select organisation_id, organisation_id from portal_find_domain($1)", [domain], cancellationToken) is { } place
            ? new OrganisationId(place.Organisation)
            : null;

    public async Task<OrganisationId?> FindOrganisationAsync(AccountId account, CancellationToken cancellationToken) =>
        await SingleAsync("select organisation_id, organisation_id from portal_find_organisation($1)", [account.Value], cancellationToken) is { } place
            ? new OrganisationId(place.Organisation)
            : null;

    public async Task<OrganisationId?> FindAuthorityAsync(CertificateId certificate, CancellationToken cancellationToken) =>
        await SingleAsync("select organisation_id, organisation_id from portal_find_authority($1)", [certificate.Value], cancellationToken) is { } place
            ? new OrganisationId(place.Organisation)
            : null;

    public async Task<MailboxPlace?> FindMailboxAsync(string normalisedAddress, OrganisationId asking, CancellationToken cancellationToken) =>
        await SingleAsync("select organisation_id, mailbox_id from portal_find_mailbox($1, $2)", [normalisedAddress, asking.Value], cancellationToken) is { } place
            ? new MailboxPlace(new OrganisationId(place.Organisation), new MailboxId(place.Id))
            : null;

    public async Task<IReadOnlyList<OrganisationId>> ListOrganisationsAsync(CancellationToken cancellationToken) =>
        (await AskAsync("select organisation_id, organisation_id from portal_list_organisations()", [], cancellationToken)).ConvertAll(one => new OrganisationId(one.Organisation));

    private async Task<Place?> SingleAsync(string query, object[] values, CancellationToken cancellationToken) => (await AskAsync(query, values, cancellationToken)).SingleOrDefault();

    private Task<List<Place>> AskAsync(string query, object[] values, CancellationToken cancellationToken) =>
        Asking.AskAsync(() => AskOnceAsync(query, values, cancellationToken));

    private async Task<List<Place>> AskOnceAsync(string query, object[] values, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(query);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        var places = new List<Place>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            places.Add(new Place(reader.GetGuid(0), reader.GetGuid(1)));
        }

        return places;
    }

    private sealed record Place(Guid Organisation, Guid Id);
}
