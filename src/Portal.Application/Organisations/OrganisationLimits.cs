namespace Portal.Application.Organisations;

/// <summary>What an organisation may use; null where only the installation's own maximum counts.</summary>
/// <param name="People">Accounts that are not disabled.</param>
/// <param name="MailboxBytes">Stored bytes of each mailbox.</param>
/// <param name="TotalBytes">Stored bytes of all mailboxes.</param>
/// <param name="MessageBytes">The attachments of one message.</param>
/// <param name="Recipients">Of one message.</param>
/// <param name="MessagesPerDay">That one person sends in 24 hours.</param>
public sealed record OrganisationLimits(int? People, long? MailboxBytes, long? TotalBytes, long? MessageBytes, int? Recipients, int? MessagesPerDay);
