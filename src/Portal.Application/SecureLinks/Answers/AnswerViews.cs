namespace Portal.Application.SecureLinks.Answers;

/// <param name="Address">The addr-spec.</param>
/// <param name="Name">May be empty.</param>
/// <param name="IsChosen">As long as the reader says nothing else.</param>
/// <param name="IsReached">By what is written here; otherwise they read elsewhere, with a certificate of their own.</param>
public sealed record CorrespondentView(string Address, string Name, bool IsChosen, bool IsReached);

/// <param name="Answers">Their link to what they answer; null for a new message.</param>
/// <param name="Draft">Null before anything is kept.</param>
/// <param name="Correspondents">Whom they can tick.</param>
/// <param name="MayAddOthers">Further addresses can be typed.</param>
/// <param name="Subject">Of the answer, or as typed.</param>
/// <param name="Others">As typed.</param>
/// <param name="NotReached">The first of them that is no address, or nobody that can be written to from here; null for none.</param>
/// <param name="Text">As typed, or what is quoted.</param>
/// <param name="Files">In the order in which they came.</param>
/// <param name="MostBytes">Of all files together.</param>
public sealed record AnswerView(
    SecureLinkId? Answers,
    ReaderDraftId? Draft,
    IReadOnlyList<CorrespondentView> Correspondents,
    bool MayAddOthers,
    string Subject,
    string Others,
    string? NotReached,
    string Text,
    IReadOnlyList<ReaderFileView> Files,
    long MostBytes);

/// <param name="Id">To take it away by.</param>
/// <param name="FileName">Safe to show.</param>
/// <param name="Length">Bytes.</param>
/// <param name="IsWhole">All of it is here; until then the message cannot be sent.</param>
public sealed record ReaderFileView(ReaderFileId Id, string FileName, long Length, bool IsWhole);

public enum AnswerProblem
{
    /// <summary>Nobody is chosen.</summary>
    NoRecipient,

    /// <summary>One of the further addresses is none, or nobody that can be written to from here.</summary>
    NotReached,

    /// <summary>More further addresses than <see cref="Answering.MostOthers"/>.</summary>
    TooManyOthers,

    /// <summary>Neither text nor file.</summary>
    Empty,

    /// <summary>The files together are larger than the organisation takes.</summary>
    TooLarge,

    /// <summary>Was found in a file.</summary>
    Malware,

    /// <summary>One has not come to its end.</summary>
    FileIncomplete,

    /// <summary>A recipient has no room left.</summary>
    NoRoom,

    /// <summary>In the last 24 hours.</summary>
    TooMany,

    /// <summary>Of what was sent from another window; what differs from that is kept as a draft of its own.</summary>
    SentBefore,

    /// <summary>What they answer is not open in this session.</summary>
    NotOpened,

    KeyUnavailable,
}

public abstract record AnswerSending
{
    /// <param name="Link">Their own to it.</param>
    public sealed record Sent(SecureLinkId Link) : AnswerSending;

    /// <summary>Nothing was sent; the draft is kept.</summary>
    public sealed record Refused(AnswerProblem Problem) : AnswerSending;

    /// <summary>Sent or discarded before.</summary>
    public sealed record Gone : AnswerSending;
}

/// <summary>What a reader begins to write, or goes on with.</summary>
public abstract record AnswerOpening
{
    public sealed record Ready(AnswerView Answer) : AnswerOpening;

    /// <summary>There is no such draft, or it is another's.</summary>
    public sealed record NotFound : AnswerOpening;

    /// <summary>What they want to answer is not open in this session.</summary>
    /// <param name="Link">To it.</param>
    /// <param name="Draft">What they have written; null for nothing.</param>
    public sealed record NotOpened(SecureLinkId Link, ReaderDraftId? Draft) : AnswerOpening;

    /// <summary>What they want to answer does not open any more, and what quotes it is closed with it.</summary>
    /// <param name="Draft">What they have written; null for nothing.</param>
    /// <param name="Own">Of that, what is theirs alone.</param>
    public sealed record Closed(ReaderDraftId? Draft, string Own) : AnswerOpening
    {
        public override string ToString() => nameof(Closed);
    }

    public sealed record KeyUnavailable : AnswerOpening;
}

public abstract record ReaderSaving
{
    /// <param name="Draft">Where it is.</param>
    /// <param name="IsAnew">Something else was sent from the draft that it was: this is another one.</param>
    public sealed record Saved(ReaderDraftId Draft, bool IsAnew) : ReaderSaving;

    /// <summary>The draft was sent or discarded, or what they answer is not theirs.</summary>
    public sealed record Gone : ReaderSaving;

    /// <summary>Nothing is kept.</summary>
    public sealed record KeyUnavailable : ReaderSaving;
}
