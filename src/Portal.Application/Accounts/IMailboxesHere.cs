namespace Portal.Application.Accounts;

/// <summary>Which addresses can be read in this portal only; mail that is fetched from elsewhere can be read elsewhere too.</summary>
internal interface IMailboxesHere
{
    Task<bool> AreOnlyHereAsync(OrganisationId organisation, string addressKey, CancellationToken cancellationToken);
}
