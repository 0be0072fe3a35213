using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Portal.Application.Notifications;

/// <summary>Tells open pages that something in a mailbox changed, on whichever node it happened.</summary>
public sealed partial class MailboxNews(ILogger<MailboxNews>? logger = null)
{
    private readonly ILogger _logger = logger ?? NullLogger<MailboxNews>.Instance;
    private readonly ConcurrentDictionary<Guid, Subscription> _subscriptions = new();

    /// <param name="mailbox">Whose news.</param>
    /// <param name="onNews">Called on any thread; its failures are its own.</param>
    public IDisposable Subscribe(MailboxId mailbox, Func<Task> onNews)
    {
        var subscription = new Subscription(this, mailbox, onNews);
        _subscriptions[subscription.Id] = subscription;
        return subscription;
    }

    internal Task TellAsync(MailboxId mailbox) => TellAsync(_subscriptions.Values.Where(one => one.Mailbox == mailbox));

    /// <summary>When something may have been missed.</summary>
    internal Task TellAllAsync() => TellAsync(_subscriptions.Values);

    private async Task TellAsync(IEnumerable<Subscription> subscriptions)
    {
        foreach (var subscription in subscriptions)
        {
            try
            {
                // Whoever brings the news speaks another language than the page.
                (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (subscription.Formats, subscription.Language);
                await subscription.OnNews();
            }
#pragma warning disable CA1031 // What happened in the mailbox is committed; a page that fails is not its failure, nor other pages'.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LogFailed(exception, subscription.Mailbox);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A page did not take the news of mailbox {Mailbox}.")]
    private partial void LogFailed(Exception exception, MailboxId mailbox);

    private sealed class Subscription(MailboxNews news, MailboxId mailbox, Func<Task> onNews) : IDisposable
    {
        public Guid Id { get; } = Guid.NewGuid();

        public CultureInfo Formats { get; } = CultureInfo.CurrentCulture;

        public CultureInfo Language { get; } = CultureInfo.CurrentUICulture;

        public MailboxId Mailbox => mailbox;

        public Func<Task> OnNews => onNews;

        public void Dispose() => news._subscriptions.TryRemove(Id, out _);
    }
}
