namespace Portal.Application.Organisations;

/// <summary>Whom people outside can write to from the page where they read.</summary>
public enum ReaderReach
{
    /// <summary>Whoever wrote to them, and whoever a message that they answer went to.</summary>
    Correspondents,

    /// <summary>Everybody with a mailbox of the organisation too.</summary>
    Organisation,

    /// <summary>Anybody; who is outside gets a link.</summary>
    Anybody,
}

/// <param name="LinkDays">How long what rests here can be read: 1 to <see cref="LongestLink"/>.</param>
/// <param name="Reach">Whom they can write to.</param>
/// <param name="GivesOriginals">Can they have the message as it was signed, to show to others?</param>
/// <param name="DemandsPassPhrase">Does every message need a phrase that its sender told them another way?</param>
/// <param name="DeviceDays">How long a browser is recognised after a code: 0 for never, at most <see cref="LongestDevice"/>.</param>
/// <param name="ReminderDays">After how many days whoever has not opened a message is reminded: 0 for never, at most <see cref="LatestReminder"/>.</param>
/// <param name="DemandsOwnProof">Does whoever has a passkey or an app here have to show it for every message? A code does not open it for them then.</param>
public sealed record ReaderPolicy(int LinkDays, ReaderReach Reach, bool GivesOriginals, bool DemandsPassPhrase, int DeviceDays, int ReminderDays, bool DemandsOwnProof)
{
    /// <summary>Days.</summary>
    public const int LongestLink = 3650;

    /// <summary>Days.</summary>
    public const int LongestDevice = 30;

    /// <summary>Days.</summary>
    public const int LatestReminder = 30;

    public static ReaderPolicy Usual { get; } = new(30, ReaderReach.Correspondents, false, false, 0, 0, false);

    public bool IsValid => LinkDays is >= 1 and <= LongestLink && DeviceDays is >= 0 and <= LongestDevice && ReminderDays is >= 0 and <= LatestReminder;
}
