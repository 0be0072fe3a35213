namespace Portal.Application;

public readonly record struct AccountPlace(OrganisationId Organisation, AccountId Account);

public readonly record struct OneTimeLinkPlace(OrganisationId Organisation, OneTimeLinkId Link);

public readonly record struct SecureLinkPlace(OrganisationId Organisation, SecureLinkId Link);

public readonly record struct ReaderSessionPlace(OrganisationId Organisation, ReaderSessionId Session);

public readonly record struct LargeFilePlace(OrganisationId Organisation, LargeFileId File);

public readonly record struct MailboxPlace(OrganisationId Organisation, MailboxId Mailbox);

/// <summary>What must be known before the organisation is: ids only, through listed SECURITY DEFINER functions on PostgreSQL.</summary>
internal interface IDirectory
{
    Task<AccountPlace?> FindAccountAsync(string normalisedEmail, CancellationToken cancellationToken);

    Task<AccountPlace?> FindPasskeyAsync(byte[] credentialId, CancellationToken cancellationToken);

    Task<OneTimeLinkPlace?> FindOneTimeLinkAsync(byte[] tokenSha256, CancellationToken cancellationToken);

    Task<SecureLinkPlace?> FindSecureLinkAsync(byte[] tokenSha256, CancellationToken cancellationToken);

    Task<ReaderSessionPlace?> FindReaderSessionAsync(byte[] tokenSha256, CancellationToken cancellationToken);

    Task<LargeFilePlace?> FindLargeFileAsync(byte[] token, CancellationToken cancellationToken);

    /// <summary>Who has proved the domain.</summary>
    Task<OrganisationId?> FindDomainAsync(string domain, CancellationToken cancellationToken);

    Task<OrganisationId?> FindOrganisationAsync(AccountId account, CancellationToken cancellationToken);

    /// <summary>Whose authority it is: what it publishes, everybody may see.</summary>
    Task<OrganisationId?> FindAuthorityAsync(CertificateId certificate, CancellationToken cancellationToken);

    /// <summary>Of whoever asks, or of an organisation that has proved the address's domain: a claim diverts nobody's mail.</summary>
    Task<MailboxPlace?> FindMailboxAsync(string normalisedAddress, OrganisationId asking, CancellationToken cancellationToken);

    Task<IReadOnlyList<OrganisationId>> ListOrganisationsAsync(CancellationToken cancellationToken);
}
