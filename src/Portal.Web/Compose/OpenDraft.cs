using Microsoft.JSInterop;
using Portal.Application.Compose;
using Portal.Application.Policies;
using Portal.Web.Accounts;

namespace Portal.Web.Compose;

/// <summary>A draft on an open page: looked at for what will happen when its writer pauses, saved every few seconds.</summary>
/// <param name="isKept">False for a new message: it is kept as soon as there is something in it.</param>
/// <param name="readBody">The text stays in the browser until it is saved: it may be longer than a circuit carries. Null: no text there.</param>
/// <param name="later">Runs on the page's own thread of control.</param>
/// <param name="changed">Told after each look and each saving.</param>
internal sealed class OpenDraft(
    Drafts drafts,
    DraftFiles files,
    Sending sending,
    Scheduling scheduling,
    CurrentPerson person,
    TimeProvider clock,
    DraftView view,
    bool isKept,
    Func<Task<string?>> readBody,
    Func<Func<Task>, Task> later,
    Action changed) : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan LongPause = TimeSpan.FromMilliseconds(1200);
    private static readonly TimeSpan AtTheLatest = TimeSpan.FromSeconds(4);

    private readonly CancellationTokenSource _closing = new();
    private readonly SemaphoreSlim _oneSaving = new(1);
    private DraftContent _kept = view.Content;
    private long? _version = view.Version;
    private (string To, string Cc, string Bcc, string Subject, bool Protect) _previewed;
    private bool _isBodyTouched;
    private long _lastChange, _unsavedSince;
    private Task _settling = Task.CompletedTask;

    public DraftView View { get; private set; } = view;

    public DraftContent Content { get; private set; } = view.Content;

    /// <summary>As it is stored; null where that is not known.</summary>
    public long? Version => _version;

    public bool IsKept { get; private set; } = isKept;

    /// <summary>Null where it cannot be said at the moment.</summary>
    public SendPreview? Preview { get; private set; }

    /// <summary>Sent or discarded elsewhere.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Another page has saved it: nothing is saved here until its writer has chosen.</summary>
    public bool IsChangedElsewhere { get; private set; }

    /// <summary>The text holds more than a page hands over, so none of it is kept.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>Null until something was saved.</summary>
    public bool? WasSaved { get; private set; }

    public bool IsEmpty => View.Attachments.Count == 0 && !_isBodyTouched && Content is { To: "", Cc: "", Bcc: "", Subject: "" } && string.IsNullOrWhiteSpace(Content.Body);

    /// <summary>What was said about the recipients is about those that are typed now.</summary>
    public bool IsPreviewed => Addressing(Content) == _previewed;

    public bool IsUnsaved => _isBodyTouched || Content != _kept;

    /// <summary>Returns at once; what follows happens in the pauses.</summary>
    public void Change(DraftContent content)
    {
        Content = content;
        Settle();
    }

    /// <summary>Something was typed into the text, which is still in the browser.</summary>
    public void TouchBody()
    {
        _isBodyTouched = true;
        Settle();
    }

    public async Task PreviewAsync()
    {
        var now = Content;
        _previewed = Addressing(now);
        try
        {
            var actor = await person.ActAsync();
            Preview = IsKept
                ? await sending.PreviewAsync(actor, View.Id, now, CancellationToken.None)
                : await sending.PreviewAsync(actor, View.Mailbox, now, CancellationToken.None);
        }
        catch (Exception exception) when (exception is not UnauthorizedAccessException)
        {
            Preview = null;
        }
    }

    /// <returns>False when it could not be saved; what was typed is kept on the page.</returns>
    public async Task<bool> SaveAsync()
    {
        await _oneSaving.WaitAsync();
        try
        {
            await TakeBodyAsync();
            IsTooLong = false;
            if (Content != _kept)
            {
                await KeepAsync(Content);
            }

            return !IsGone && !IsChangedElsewhere;
        }
        catch (Exception exception) when (exception is not UnauthorizedAccessException)
        {
            IsTooLong = exception is ArgumentOutOfRangeException;
            _isBodyTouched |= IsTooLong || exception is JSException or OperationCanceledException;
            WasSaved = false;
            return false;
        }
        finally
        {
            _oneSaving.Release();
        }
    }

    /// <summary>Kept as it is, for files to be attached to.</summary>
    public async Task<bool> CreateAsync()
    {
        await _oneSaving.WaitAsync();
        try
        {
            if (!IsKept)
            {
                await TakeBodyAsync();
                await KeepAsync(Content);
            }

            return IsKept && !IsGone;
        }
        finally
        {
            _oneSaving.Release();
        }
    }

    /// <summary>What is written here, and not what another page has saved.</summary>
    public Task<bool> KeepThisAsync()
    {
        (_version, IsChangedElsewhere, _isBodyTouched) = (null, false, true);
        return SaveAsync();
    }

    /// <summary>Saves first, so that what is sent is what is seen.</summary>
    /// <param name="choice">About whoever cannot be encrypted for.</param>
    /// <param name="confirmed">Warnings that were read.</param>
    /// <param name="at">Later; null for now.</param>
    /// <param name="percent">Told how far it is.</param>
    /// <returns>Null when it could not even be saved.</returns>
    public async Task<SendOutcome?> SendAsync(UnencryptableChoice choice, IReadOnlyCollection<ConfirmedWarning> confirmed, DateTimeOffset? at, IProgress<int> percent)
    {
        _isBodyTouched = true;
        if (!await SaveAsync() || !await CreateAsync())
        {
            return IsGone && !IsChangedElsewhere ? new SendOutcome.Gone() : null;
        }

        var actor = await person.ActAsync();
        var outcome = at is { } later
            ? await scheduling.ScheduleAsync(actor, View.Id, choice, confirmed, later, CancellationToken.None)
            : await scheduling.SendAsync(actor, View.Id, choice, confirmed, percent, CancellationToken.None);
        if (outcome is SendOutcome.Refused { Recipients.Count: > 0 } refused)
        {
            Preview = Preview is null ? null : Preview with { Recipients = refused.Recipients };
        }

        IsGone = outcome is not SendOutcome.Refused;
        return outcome;
    }

    /// <summary>Its page is left for another one of ours: saved, or thrown away where nothing was written.</summary>
    public async Task LeaveAsync()
    {
        // What was typed last may not have been heard of yet.
        _isBodyTouched = true;
        if (!IsGone && await SaveAsync() && IsKept && IsEmpty)
        {
            await drafts.DiscardAsync(await person.ActAsync(), View.Id, _version, CancellationToken.None);
            IsGone = true;
        }
    }

    public async Task DiscardAsync()
    {
        if (IsKept)
        {
            await drafts.DiscardAsync(await person.ActAsync(), View.Id, version: null, CancellationToken.None);
        }

        IsGone = true;
    }

    public async Task DetachAsync(DraftAttachmentId attachment)
    {
        await files.DetachAsync(await person.ActAsync(), View.Id, attachment, CancellationToken.None);
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
        await _closing.CancelAsync();
        await _settling;
        _closing.Dispose();

        // The browser has closed the page, or is about to: its text cannot be asked for any more.
        _isBodyTouched = false;
        try
        {
            await SaveAsync();
        }
        catch (UnauthorizedAccessException)
        {
            // The session ended before the page did.
        }

        _oneSaving.Dispose();
    }

    private void Settle()
    {
        _lastChange = clock.GetTimestamp();
        if (_settling.IsCompleted)
        {
            _unsavedSince = _lastChange;
            _settling = later(SettleAsync);
        }
    }

    private async Task SettleAsync()
    {
        try
        {
            while (!IsGone && !IsChangedElsewhere && (IsUnsaved || !IsPreviewed))
            {
                await Task.Delay(Tick, clock, _closing.Token);
                var quiet = clock.GetElapsedTime(_lastChange);
                if (!IsPreviewed && quiet >= Pause)
                {
                    await PreviewAsync();
                    changed();
                }

                // A new one at once: its address is where it is found again.
                if (IsUnsaved && (!IsKept || quiet >= LongPause || clock.GetElapsedTime(_unsavedSince) >= AtTheLatest))
                {
                    var saved = await SaveAsync();
                    _unsavedSince = clock.GetTimestamp();
                    changed();
                    await Task.Delay(saved ? Tick : AtTheLatest, clock, _closing.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The page is being closed.
        }
        catch (UnauthorizedAccessException)
        {
            // The session has ended; the page goes to sign-in by itself.
        }
    }

    private async Task KeepAsync(DraftContent now)
    {
        if (IsGone || IsChangedElsewhere)
        {
            return;
        }

        var actor = await person.ActAsync();
        Take(
            IsKept
                ? await drafts.SaveAsync(actor, View.Id, now, _version, CancellationToken.None)
                : await drafts.CreateAsync(actor, View.Id, View.Mailbox, now, CancellationToken.None),
            now);
    }

    private void Take(DraftSaving saving, DraftContent content)
    {
        switch (saving)
        {
            case DraftSaving.Saved saved:
                (_kept, _version, WasSaved, IsKept) = (content, saved.Version, true, true);
                break;
            case DraftSaving.ChangedElsewhere:
                IsChangedElsewhere = true;
                break;
            default:
                IsGone = true;
                break;
        }
    }

    private async Task TakeBodyAsync()
    {
        if (_isBodyTouched)
        {
            _isBodyTouched = false;
            Content = await readBody() is { } body ? Content with { Body = body } : Content;
        }
    }

    /// <summary>What certificates and rules are looked up by.</summary>
    private static (string To, string Cc, string Bcc, string Subject, bool Protect) Addressing(DraftContent of) => (of.To, of.Cc, of.Bcc, of.Subject, of.Protect);
}
