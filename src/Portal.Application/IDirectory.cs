namespace Portal.Application;

public readonly record struct AccountPlace(OrganisationId Organisation, AccountId Account);

public readonly record struct OneTimeLinkPlace(OrganisationId Organisation, OneTimeLinkId Link);

public readonly record struct MailboxPlace(OrganisationId Organisation, MailboxId Mailbox);

/// <summary>What must be known before the organisation is: ids only, through listed SECURITY DEFINER functions on PostgreSQL.</summary>
internal interface IDirectory
{
    Task<AccountPlace?> FindAccountAsync(string normalisedEmail, CancellationToken cancellationToken);

    Task<AccountPlace?> FindPasskeyAsync(byte[] credentialId, CancellationToken cancellationToken);

    Task<OneTimeLinkPlace?> FindOneTimeLinkAsync(byte[] tokenSha256, CancellationToken cancellationToken);

    Task<OrganisationId?> FindDomainAsync(string domain, CancellationToken cancellationToken);

    Task<OrganisationId?> FindOrganisationAsync(AccountId account, CancellationToken cancellationToken);

    Task<MailboxPlace?> FindMailboxAsync(string normalisedAddress, CancellationToken cancellationToken);

    Task<IReadOnlyList<OrganisationId>> ListOrganisationsAsync(CancellationToken cancellationToken);
}
