namespace Portal.Web.Shell;

/// <summary>Says on every page what was just done, and takes it back; the last one counts.</summary>
internal sealed class Toasts
{
    private Func<Task>? _undo;

    public event Action? Changed;

    /// <summary>Null: nothing to say.</summary>
    public string? Words { get; private set; }

    public bool CanUndo => _undo is not null;

    public void Show(string words, Func<Task>? undo = null) => Become(words, undo);

    public void Close() => Become(null, null);

    public async Task UndoAsync()
    {
        var undo = _undo;
        Close();
        await (undo?.Invoke() ?? Task.CompletedTask);
    }

    private void Become(string? words, Func<Task>? undo)
    {
        (Words, _undo) = (words, undo);
        Changed?.Invoke();
    }
}
