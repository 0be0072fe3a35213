using Portal.Application.Mailboxes;
using Portal.Web.Accounts;

namespace Portal.Web.Inbox;

/// <summary>The part of a folder that a page has loaded: windows joined above and below.</summary>
internal sealed class LoadedMessages(MailboxReading reading, CurrentPerson person, FolderId folder)
{
    private bool _isLoading;
    private bool _isStale;

    /// <summary>Null until the first window is there; newest first.</summary>
    public List<MessageRow>? Rows { get; private set; }

    public bool HasOlder { get; private set; }

    public bool HasNewer { get; private set; }

    public bool HasFailed { get; private set; }

    public Task BeginAsync(WindowStart start) => LoadAsync(start, window =>
    {
        (Rows, HasOlder, HasNewer) = ([.. window.Rows], window.HasOlder, window.HasNewer);
    });

    public Task OlderAsync() => Rows is [.., var last] && HasOlder
        ? LoadAsync(new WindowStart.OlderThan(new MessageCursor(last.At, last.Id)), window =>
        {
            (Rows, HasOlder) = ([.. Rows, .. window.Rows], window.HasOlder);
        })
        : Task.CompletedTask;

    public Task NewerAsync() => Rows is [var first, ..] && HasNewer
        ? LoadAsync(new WindowStart.NewerThan(new MessageCursor(first.At, first.Id)), window =>
        {
            (Rows, HasNewer) = ([.. window.Rows, .. Rows], window.HasNewer);
        })
        : Task.CompletedTask;

    /// <summary>News concern the newest window; what was loaded below it stays. Whoever looks at an older time is left alone.</summary>
    public Task RefreshAsync() => HasNewer
        ? Task.CompletedTask
        : LoadAsync(new WindowStart.Newest(), window =>
        {
            var below = window.Rows is [.., var last] ? (Rows ?? []).Where(row => row.At < last.At).ToList() : [];
            (Rows, HasOlder) = ([.. window.Rows, .. below], below.Count > 0 ? HasOlder : window.HasOlder);
        });

    private async Task LoadAsync(WindowStart start, Action<MessageWindow> join)
    {
        if (_isLoading)
        {
            _isStale |= start is WindowStart.Newest;
            return;
        }

        _isLoading = true;
        try
        {
            join(await reading.WindowAsync(await person.ActAsync(), folder, start, CancellationToken.None));
            HasFailed = false;
        }
        catch (Exception exception) when (exception is not UnauthorizedAccessException)
        {
            HasFailed = true;
        }
        finally
        {
            _isLoading = false;
        }

        // News that came meanwhile.
        if (_isStale)
        {
            _isStale = false;
            await RefreshAsync();
        }
    }
}
