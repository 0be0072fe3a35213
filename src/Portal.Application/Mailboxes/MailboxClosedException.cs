namespace Portal.Application.Mailboxes;

/// <summary>The organisation's key cannot be unwrapped now; what is in the mailbox is safe, and cannot be shown.</summary>
public sealed class MailboxClosedException(Exception inner) : Exception("The organisation's key cannot be unwrapped now.", inner);
