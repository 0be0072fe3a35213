using Microsoft.EntityFrameworkCore;

namespace Portal.Application.Mailboxes;

/// <summary>Windows of a folder by key: their cost does not grow with the folder. The bound on the time stands alone, since only then an index begins there; behind an "or" it is walked from its end.</summary>
internal static class MessageWindows
{
    public const int Length = 50;

    public static Task<(List<ListedMessage> Messages, bool HasOlder, bool HasNewer)> FindAsync(
        IQueryable<StoredMessage> folder, WindowStart start, CancellationToken cancellationToken) => start switch
        {
            WindowStart.Newest => DownwardsAsync(folder, _ => Task.FromResult(false), cancellationToken),
            WindowStart.OlderThan { Cursor: var (at, id) } => DownwardsAsync(
                folder.Where(one => one.At <= at && (one.At < at || one.Id < id)), _ => Task.FromResult(true), cancellationToken),
            WindowStart.At { Instant: var instant } => DownwardsAsync(
                folder.Where(one => one.At <= instant), token => folder.AnyAsync(one => one.At > instant, token), cancellationToken),
            WindowStart.NewerThan { Cursor: var (at, id) } => UpwardsAsync(
                folder.Where(one => one.At >= at && (one.At > at || one.Id > id)), cancellationToken),
            _ => throw new ArgumentOutOfRangeException(nameof(start)),
        };

    private static async Task<(List<ListedMessage> Messages, bool HasOlder, bool HasNewer)> DownwardsAsync(
        IQueryable<StoredMessage> messages, Func<CancellationToken, Task<bool>> hasNewer, CancellationToken cancellationToken)
    {
        var found = await messages
            .OrderByDescending(one => one.At).ThenByDescending(one => one.Id)
            .Take(Length + 1)
            .Listed()
            .ToListAsync(cancellationToken);
        var hasOlder = Cut(found);
        return (found, hasOlder, await hasNewer(cancellationToken));
    }

    private static async Task<(List<ListedMessage> Messages, bool HasOlder, bool HasNewer)> UpwardsAsync(
        IQueryable<StoredMessage> messages, CancellationToken cancellationToken)
    {
        var found = await messages
            .OrderBy(one => one.At).ThenBy(one => one.Id)
            .Take(Length + 1)
            .Listed()
            .ToListAsync(cancellationToken);
        var hasNewer = Cut(found);
        found.Reverse();
        return (found, HasOlder: true, hasNewer);
    }

    private static bool Cut(List<ListedMessage> found)
    {
        if (found.Count <= Length)
        {
            return false;
        }

        found.RemoveAt(Length);
        return true;
    }
}
