namespace Portal.Application.Approvals;

/// <param name="Id">The request.</param>
/// <param name="Kind">What would be done.</param>
/// <param name="Subject">The id of whom or what it would be done to.</param>
/// <param name="SubjectName">A person's name; empty for what is none.</param>
/// <param name="AskedBy">The name of who asked; none when they have left.</param>
/// <param name="AskedAt">When.</param>
/// <param name="DueAt">When it is done without a second administrator; none where there is one.</param>
/// <param name="LapsesAt">When it is forgotten, if nobody agrees.</param>
/// <param name="Standing">May whoever looks at it agree?</param>
public sealed record ApprovalView(
    ApprovalId Id,
    ApprovalKind Kind,
    Guid Subject,
    string SubjectName,
    string? AskedBy,
    DateTimeOffset AskedAt,
    DateTimeOffset? DueAt,
    DateTimeOffset LapsesAt,
    ApprovalStanding Standing);

public enum ApprovalStanding
{
    MayAgree,

    /// <summary>Nobody agrees with themselves.</summary>
    OwnRequest,

    /// <summary>An administrator for less than a day: somebody could have been made one for this.</summary>
    TooNew,
}

public abstract record ApprovalAsked
{
    /// <param name="DueAt">When it is done without a second administrator; none where one has to agree.</param>
    public sealed record Asked(DateTimeOffset? DueAt) : ApprovalAsked;

    /// <summary>The same is asked for already.</summary>
    public sealed record Already : ApprovalAsked;

    public sealed record NotFound : ApprovalAsked;

    /// <summary>Nobody removes themselves.</summary>
    public sealed record Oneself : ApprovalAsked;
}

public abstract record ApprovalDecision
{
    public sealed record Done : ApprovalDecision;

    /// <summary>Decided, lapsed, or never asked.</summary>
    public sealed record NotWaiting : ApprovalDecision;

    public sealed record NotAllowed(ApprovalStanding Standing) : ApprovalDecision;
}
