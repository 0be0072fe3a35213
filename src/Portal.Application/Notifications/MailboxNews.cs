using System.Collections.Concurrent;

namespace Portal.Application.Notifications;

/// <summary>Tells open pages that something in a mailbox changed, on whichever node it happened.</summary>
public sealed class MailboxNews
{
    private readonly ConcurrentDictionary<Guid, Subscription> _subscriptions = new();

    /// <param name="mailbox">Whose news.</param>
    /// <param name="onNews">Called on any thread; its failures are its own.</param>
    public IDisposable Subscribe(MailboxId mailbox, Func<Task> onNews)
    {
        var subscription = new Subscription(this, mailbox, onNews);
        _subscriptions[subscription.Id] = subscription;
        return subscription;
    }

    internal async Task TellAsync(MailboxId mailbox)
    {
        foreach (var subscription in _subscriptions.Values.Where(one => one.Mailbox == mailbox))
        {
            await subscription.OnNews();
        }
    }

    private sealed class Subscription(MailboxNews news, MailboxId mailbox, Func<Task> onNews) : IDisposable
    {
        public Guid Id { get; } = Guid.NewGuid();

        public MailboxId Mailbox => mailbox;

        public Func<Task> OnNews => onNews;

        public void Dispose() => news._subscriptions.TryRemove(Id, out _);
    }
}
