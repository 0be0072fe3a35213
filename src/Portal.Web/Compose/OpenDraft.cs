using Portal.Application.Compose;
using Portal.Web.Accounts;

namespace Portal.Web.Compose;

/// <summary>A draft on an open page: saved, and looked at for what will happen, whenever its writer pauses.</summary>
internal sealed class OpenDraft(Drafts drafts, Sending sending, CurrentPerson person, DraftView view, Func<Task> changed) : IAsyncDisposable
{
    private static readonly TimeSpan BeforePreview = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan BeforeSaving = TimeSpan.FromMilliseconds(800);

    private DraftContent _kept = view.Content;
    private (string To, string Cc, string Bcc, bool Protect) _previewed;
    private CancellationTokenSource _pause = new();

    public DraftView View { get; private set; } = view;

    public DraftContent Content { get; private set; } = view.Content;

    public SendPreview? Preview { get; private set; }

    /// <summary>Sent or discarded elsewhere.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Null until something was saved.</summary>
    public bool? WasSaved { get; private set; }

    public bool IsEmpty => Content == DraftContent.Empty && View.Attachments.Count == 0;

    /// <summary>What was said about the recipients is about those that are typed now.</summary>
    public bool IsPreviewed => Addressing(Content) == _previewed;

    /// <summary>Returns at once; what follows happens when nothing was typed for a moment.</summary>
    public async Task ChangeAsync(DraftContent content, Func<Func<Task>, Task> later)
    {
        Content = content;
        await StopWaitingAsync();
        var current = _pause.Token;
        _ = later(() => SettleAsync(current));
    }

    public async Task PreviewAsync()
    {
        var now = Content;
        Preview = await sending.PreviewAsync(await person.ActAsync(), View.Mailbox, now, CancellationToken.None);
        _previewed = Addressing(now);
    }

    public async Task<bool> SaveAsync()
    {
        var now = Content;
        if (now == _kept)
        {
            return !IsGone;
        }

        try
        {
            IsGone = !await drafts.SaveAsync(await person.ActAsync(), View.Id, now, CancellationToken.None);
            (_kept, WasSaved) = (now, true);
            return !IsGone;
        }
        catch (Exception exception) when (exception is not UnauthorizedAccessException)
        {
            WasSaved = false;
            return false;
        }
    }

    /// <summary>Saves first, so that what is sent is what is seen.</summary>
    /// <returns>Null when it could not even be saved.</returns>
    public async Task<SendOutcome?> SendAsync(UnencryptableChoice choice)
    {
        await StopWaitingAsync();
        if (!await SaveAsync())
        {
            return IsGone ? new SendOutcome.Gone() : null;
        }

        var outcome = await sending.SendAsync(await person.ActAsync(), View.Id, choice, CancellationToken.None);
        if (outcome is SendOutcome.Refused refused)
        {
            Preview = Preview is null ? null : Preview with { Recipients = refused.Recipients };
        }

        IsGone = outcome is SendOutcome.Accepted or SendOutcome.Gone;
        return outcome;
    }

    public async Task DiscardAsync()
    {
        await StopWaitingAsync();
        await drafts.DiscardAsync(await person.ActAsync(), View.Id, CancellationToken.None);
        IsGone = true;
    }

    public async Task DetachAsync(DraftAttachmentId attachment)
    {
        await drafts.DetachAsync(await person.ActAsync(), View.Id, attachment, CancellationToken.None);
        await LookAgainAsync();
    }

    /// <summary>Attachments come and go by other requests.</summary>
    public async Task LookAgainAsync()
    {
        if (await drafts.OpenAsync(await person.ActAsync(), View.Id, CancellationToken.None) is { } now)
        {
            View = now;
        }
        else
        {
            IsGone = true;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _pause.CancelAsync();
        _pause.Dispose();
        if (!IsGone)
        {
            await SaveAsync();
        }
    }

    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(BeforePreview, cancellationToken);
            if (!IsPreviewed)
            {
                await PreviewAsync();
                await changed();
            }

            await Task.Delay(BeforeSaving, cancellationToken);
            await SaveAsync();
            await changed();
        }
        catch (OperationCanceledException)
        {
            // More was typed; the next pause counts.
        }
    }

    private async Task StopWaitingAsync()
    {
        await _pause.CancelAsync();
        _pause.Dispose();
        _pause = new CancellationTokenSource();
    }

    private static (string To, string Cc, string Bcc, bool Protect) Addressing(DraftContent of) => (of.To, of.Cc, of.Bcc, of.Protect);
}
