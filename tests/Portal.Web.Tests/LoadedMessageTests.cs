using Portal.Application.Inbox;
using Portal.Application.Mailboxes;
using Portal.Web.Inbox;

namespace Portal.Web.Tests;

/// <summary>News that come while a message is being read are not lost, whichever answer comes first.</summary>
public sealed class LoadedMessageTests
{
    private static readonly StoredMessageId First = StoredMessageId.New();
    private static readonly StoredMessageId Second = StoredMessageId.New();
    private readonly List<(StoredMessageId Id, TaskCompletionSource<MessageOpening> Answer)> _asked = [];
    private readonly LoadedMessage _loaded;

    public LoadedMessageTests() => _loaded = new LoadedMessage(id =>
    {
        _asked.Add((id, new TaskCompletionSource<MessageOpening>()));
        return _asked[^1].Answer.Task;
    });

    [Fact]
    public async Task News_during_the_first_reading_make_it_read_again()
    {
        var shown = _loaded.ShowAsync(First);
        await _loaded.RefreshAsync();
        _asked[0].Answer.SetResult(new MessageOpening.Waiting(null, default));
        Assert.Equal(2, _asked.Count);
        _asked[1].Answer.SetResult(new MessageOpening.KeyUnavailable());
        await shown;

        Assert.IsType<MessageOpening.KeyUnavailable>(_loaded.Opening);
    }

    [Fact]
    public async Task What_cannot_change_is_read_once()
    {
        var shown = _loaded.ShowAsync(First);
        await _loaded.RefreshAsync();
        _asked[0].Answer.SetResult(new MessageOpening.NotFound());
        await shown;
        await _loaded.RefreshAsync();

        Assert.Single(_asked);
    }

    [Fact]
    public async Task Another_message_does_not_wait_for_the_one_before_nor_is_it_overwritten_by_it()
    {
        var before = _loaded.ShowAsync(First);
        var after = _loaded.ShowAsync(Second);
        Assert.Equal([First, Second], _asked.Select(one => one.Id));
        _asked[1].Answer.SetResult(new MessageOpening.Waiting(null, default));
        await after;
        _asked[0].Answer.SetResult(new MessageOpening.NotFound());
        await before;

        Assert.IsType<MessageOpening.Waiting>(_loaded.Opening);
        var again = _loaded.RefreshAsync();
        Assert.Equal(Second, _asked[^1].Id);
        _asked[^1].Answer.SetResult(new MessageOpening.NotFound());
        await again;
    }

    [Fact]
    public async Task A_reading_that_fails_is_no_reading_for_ever()
    {
        var shown = _loaded.ShowAsync(First);
        _asked[0].Answer.SetException(new InvalidOperationException());
        await Assert.ThrowsAsync<InvalidOperationException>(() => shown);
        var again = _loaded.ShowAsync(First);
        _asked[1].Answer.SetResult(new MessageOpening.Waiting(null, default));
        await again;

        Assert.IsType<MessageOpening.Waiting>(_loaded.Opening);
    }
}
