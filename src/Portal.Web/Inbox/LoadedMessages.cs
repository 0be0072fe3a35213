using Portal.Application.Mailboxes;
using Portal.Web.Accounts;
using Portal.Web.Shell;

namespace Portal.Web.Inbox;

/// <summary>The part of a folder that a page has loaded: windows joined above and below.</summary>
internal sealed class LoadedMessages(MailboxReading reading, CurrentPerson person, Faults faults, FolderId folder)
{
    /// <summary>Windows that news read again; what was loaded below them stays as it was.</summary>
    private const int ReadAgain = 20;

    private bool _isLoading, _isStale;

    /// <summary>Null until the first window is there; newest first.</summary>
    public List<MessageRow>? Rows { get; private set; }

    public bool HasOlder { get; private set; }

    public bool HasNewer { get; private set; }

    /// <summary>The key store does not answer.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Under which number the log has it that they cannot be shown.</summary>
    public string? Fault { get; private set; }

    public Task BeginAsync(WindowStart start) => LoadAsync(async () =>
    {
        var window = await ReadAsync(start);
        (Rows, HasOlder, HasNewer) = ([.. window.Rows], window.HasOlder, window.HasNewer);
    });

    public Task OlderAsync() => LoadAsync(async () =>
    {
        if (Rows is [.., var last] && HasOlder)
        {
            var window = await ReadAsync(OlderThan(last));
            (Rows, HasOlder) = ([.. Rows, .. window.Rows], window.HasOlder);
        }
    });

    public Task NewerAsync() => LoadAsync(async () =>
    {
        if (Rows is [var first, ..] && HasNewer)
        {
            var window = await ReadAsync(new WindowStart.NewerThan(new MessageCursor(first.At, first.Id)));
            (Rows, HasNewer) = ([.. window.Rows, .. Rows], window.HasNewer);
        }
    });

    /// <summary>News: what is loaded is read again from its top. Whoever looks at an older time stays there.</summary>
    public Task RefreshAsync()
    {
        _isStale = true;
        return LoadAsync(() => Task.CompletedTask);
    }

    /// <returns>The message below these, or else the one above them.</returns>
    public StoredMessageId? Beside(IReadOnlyCollection<StoredMessageId> ids)
    {
        var at = Rows?.FindIndex(row => ids.Contains(row.Id)) ?? -1;
        return at < 0 ? null : (Rows!.Skip(at).FirstOrDefault(row => !ids.Contains(row.Id)) ?? Rows!.Take(at).LastOrDefault())?.Id;
    }

    private async Task LoadAsync(Func<Task> load)
    {
        if (_isLoading)
        {
            return;
        }

        _isLoading = true;
        try
        {
            await load();
            while (_isStale)
            {
                _isStale = false;
                await ReadAgainAsync();
            }

            (Fault, IsClosed) = (null, false);
        }
        catch (MailboxClosedException)
        {
            (Fault, IsClosed) = (null, true);
        }
        catch (Exception exception) when (exception is not UnauthorizedAccessException)
        {
            Fault = faults.Record(exception);
        }
        finally
        {
            _isLoading = false;
        }
    }

    private async Task ReadAgainAsync()
    {
        var known = Rows ?? [];
        var window = await ReadAsync(HasNewer && known is [var first, ..] ? new WindowStart.At(first.At) : new WindowStart.Newest());
        var (rows, hasNewer) = (window.Rows.ToList(), window.HasNewer);
        for (var windows = 1; windows < ReadAgain && window.HasOlder && rows.Count < known.Count; windows++)
        {
            window = await ReadAsync(OlderThan(rows[^1]));
            rows.AddRange(window.Rows);
        }

        var below = window.HasOlder && rows is [.., var last] ? known.Where(row => row.At < last.At).ToList() : [];
        (Rows, HasNewer, HasOlder) = ([.. rows, .. below], hasNewer, below.Count > 0 ? HasOlder : window.HasOlder);
    }

    private async Task<MessageWindow> ReadAsync(WindowStart start) =>
        await reading.WindowAsync(await person.ActAsync(), folder, start, CancellationToken.None);

    private static WindowStart.OlderThan OlderThan(MessageRow row) => new(new MessageCursor(row.At, row.Id));
}
