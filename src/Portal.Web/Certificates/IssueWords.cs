using Portal.Application;
using Portal.Application.KeyManagement;

namespace Portal.Web.Certificates;

/// <summary>Issuing for people, in words.</summary>
internal static class IssueWords
{
    public static string Scope(IssuanceScope scope) => scope == IssuanceScope.Missing ? IssueTexts.Missing : IssueTexts.Everybody;

    public static string Progress(IssuanceView batch) => batch.State switch
    {
        IssuanceState.Running => IssueTexts.Running.With(batch.Done, batch.Lines),
        IssuanceState.Stopped => IssueTexts.Stopped.With(batch.Done, batch.Lines),
        IssuanceState.Done => IssueTexts.Done.With(batch.Lines),
    };

    public static string Outcome(IssuanceOutcome outcome) => outcome switch
    {
        IssuanceOutcome.Waiting => IssueTexts.OutcomeWaiting,
        IssuanceOutcome.Issued => IssueTexts.OutcomeIssued,
        IssuanceOutcome.AlreadyThere => IssueTexts.OutcomeAlreadyThere,
        IssuanceOutcome.NobodyHere => IssueTexts.OutcomeNobodyHere,
        IssuanceOutcome.Disabled => IssueTexts.OutcomeDisabled,
        IssuanceOutcome.Stopped => IssueTexts.OutcomeStopped,
        IssuanceOutcome.NoAddress => IssueTexts.OutcomeNoAddress,
        IssuanceOutcome.Repeated => IssueTexts.OutcomeRepeated,
        IssuanceOutcome.Refused => IssueTexts.OutcomeRefused,
    };

    /// <returns>Null when there is none.</returns>
    public static string? Problem(PersonIssuing outcome) => outcome switch
    {
        PersonIssuing.NobodyHere => IssueTexts.OutcomeNobodyHere,
        PersonIssuing.Waiting => IssueTexts.IsWaiting,
        PersonIssuing.NoRequest => IssueTexts.NoRequest,
        PersonIssuing.NotProven => IssueTexts.NotProven,
        PersonIssuing.WeakKey => IssueTexts.WeakKey,
        PersonIssuing.KeyInUse => IssueTexts.KeyInUse,
        PersonIssuing.Refused refused => IssueTexts.RefusedWith.With(refused.Words),
        PersonIssuing.StoreAway away => ImportTexts.StoreAway.With(away.Words),
        _ => null,
    };

    public static string Answer(OutsideAnswerState state) => state switch
    {
        OutsideAnswerState.Taken => IssueTexts.AnswerTaken,
        OutsideAnswerState.NotAsked => IssueTexts.AnswerNotAsked,
        OutsideAnswerState.OtherAddress => ImportTexts.OtherAddress,
        OutsideAnswerState.NotValidNow => ImportTexts.NotValidNow,
        OutsideAnswerState.NotTrusted => ImportTexts.NotTrusted,
        OutsideAnswerState.OtherUsage => IssueTexts.AnswerOtherUsage,
    };
}
