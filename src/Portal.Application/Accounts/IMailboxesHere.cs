namespace Portal.Application.Accounts;

/// <summary>The mailboxes that accounts have here; and which addresses can be read in this portal only; mail that is fetched from elsewhere can be read elsewhere too.</summary>
internal interface IMailboxesHere
{
    Task<bool> AreOnlyHereAsync(OrganisationId organisation, string addressKey, CancellationToken cancellationToken);

    /// <summary>In the transaction that changes the name of their owner.</summary>
    Task CallAsync(PortalDbContext db, OrganisationId organisation, AccountId owner, string displayName, CancellationToken cancellationToken);
}
