using Portal.Application;
using Portal.Application.Inbox;
using Portal.Application.Mailboxes;
using Portal.Application.Policies;
using Portal.Web.Accounts;
using Portal.Web.Policies;
using Portal.Web.Shell;

namespace Portal.Web.Inbox;

/// <summary>What a reader decides about the sender of the message that is open.</summary>
public enum SenderAct
{
    BlockAddress,
    BlockDomain,
    AllowCertificate,
    NotJunk,
}

/// <summary>What a reader does with messages and their senders: done, said in words, and taken back on demand.</summary>
internal sealed class LastChange(MailboxReading reading, SenderListing listing, CurrentPerson person, Toasts toasts, Func<Task> news)
{
    public async Task MoveAsync(IReadOnlyList<StoredMessageId> ids, FolderKind target)
    {
        var actor = await person.ActAsync();
        var moved = new List<(StoredMessageId Id, FolderKind Was)>();
        foreach (var id in ids)
        {
            if (await reading.MoveAsync(actor, id, target, CancellationToken.None) is { } was)
            {
                moved.Add((id, was));
            }
        }

        var words = FolderNames.Words(target);
        Say(moved.Count == 1 ? InboxTexts.MovedOne.With(words) : InboxTexts.MovedSeveral.With(moved.Count, words), async back =>
        {
            foreach (var (id, was) in moved)
            {
                await reading.MoveAsync(back, id, was, CancellationToken.None);
            }
        });
    }

    /// <returns>Whether the message is in another folder now.</returns>
    public async Task<bool> DecideAsync(StoredMessageId id, SenderAct act)
    {
        var actor = await person.ActAsync();
        var change = await (act switch
        {
            SenderAct.BlockAddress => listing.ListAsync(actor, id, ListAction.Block, ListKind.Address, CancellationToken.None),
            SenderAct.BlockDomain => listing.ListAsync(actor, id, ListAction.Block, ListKind.Domain, CancellationToken.None),
            SenderAct.AllowCertificate => listing.ListAsync(actor, id, ListAction.Allow, ListKind.Certificate, CancellationToken.None),
            SenderAct.NotJunk => listing.NotJunkAsync(actor, id, CancellationToken.None),
        });
        var words = change switch
        {
            SenderChange.Done done => Said(act, done.Value),
            SenderChange.ListFull => PolicyTexts.OwnListFull,
            _ => PolicyTexts.NotPossible,
        };
        Say(words, change is SenderChange.Done { Undo: var undo } ? back => listing.UndoAsync(back, undo, CancellationToken.None) : null);
        return change is SenderChange.Done { Moved: not null };
    }

    private void Say(string words, Func<Actor.Person, Task>? undo) => toasts.Show(words, undo is null ? null : async () =>
    {
        await undo(await person.ActAsync());
        await news();
    });

    private static string Said(SenderAct act, string value) => act switch
    {
        SenderAct.BlockAddress or SenderAct.BlockDomain => PolicyTexts.DoneBlocked.With(value),
        SenderAct.AllowCertificate => PolicyTexts.DoneAllowed.With(ListWords.Value(value)),
        SenderAct.NotJunk => value.Length == 0 ? PolicyTexts.DoneNotJunk : PolicyTexts.DoneNotJunkUnlisted.With(ListWords.Value(value)),
    };
}
