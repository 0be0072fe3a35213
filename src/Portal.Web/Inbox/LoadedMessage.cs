using Portal.Application.Inbox;
using Portal.Application.Mailboxes;

namespace Portal.Web.Inbox;

/// <summary>The message that a page shows. What changes while it is being read is read again.</summary>
/// <param name="open">Reads it.</param>
internal sealed class LoadedMessage(Func<StoredMessageId, Task<MessageOpening>> open)
{
    private StoredMessageId _id;
    private int _loads;
    private bool _isLoading, _isStale;

    /// <summary>Null until it is there.</summary>
    public MessageOpening? Opening { get; private set; }

    public Task ShowAsync(StoredMessageId id)
    {
        (_id, Opening) = (id, null);
        return LoadAsync();
    }

    /// <summary>News: what waits, is on its way to somebody, or has a signature that may be judged again, is looked at again.</summary>
    public Task RefreshAsync()
    {
        _isStale = true;
        return _isLoading || !MayChange ? Task.CompletedTask : LoadAsync();
    }

    private bool MayChange => Opening is MessageOpening.Waiting or MessageOpening.Opened { Message.Deliveries.Count: > 0 } or MessageOpening.Opened { Message.Verdict.Signers.Count: > 0 };

    private async Task LoadAsync()
    {
        var load = ++_loads;
        _isLoading = true;
        try
        {
            do
            {
                _isStale = false;
                var found = await open(_id);
                if (load != _loads)
                {
                    return;
                }

                Opening = found;
            }
            while (_isStale && MayChange);
        }
        finally
        {
            if (load == _loads)
            {
                _isLoading = false;
            }
        }
    }
}
