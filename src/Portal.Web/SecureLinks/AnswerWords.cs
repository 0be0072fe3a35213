using Portal.Application;
using Portal.Application.SecureLinks.Answers;

namespace Portal.Web.SecureLinks;

internal static class AnswerWords
{
    /// <param name="view">What they wrote.</param>
    /// <param name="name">Of <see cref="AnswerProblem"/>; anything else is none.</param>
    public static string? Problem(AnswerView view, string? name) => Enum.TryParse<AnswerProblem>(name, out var problem) && Enum.IsDefined(problem)
        ? problem switch
        {
            AnswerProblem.NoRecipient => AnswerTexts.NoRecipient,
            AnswerProblem.NotReached => view.NotReached is { } one ? AnswerTexts.NotReached.With(one) : null,
            AnswerProblem.TooManyOthers => AnswerTexts.TooManyOthers.With(Answering.MostOthers),
            AnswerProblem.Empty => AnswerTexts.Empty,
            AnswerProblem.TooLarge => AnswerTexts.TooLarge,
            AnswerProblem.Malware => AnswerTexts.Malware,
            AnswerProblem.FileIncomplete => AnswerTexts.FileIncomplete,
            AnswerProblem.NoRoom => AnswerTexts.NoRoom,
            AnswerProblem.TooMany => AnswerTexts.TooMany,
            AnswerProblem.SentBefore => AnswerTexts.SentBefore,
            AnswerProblem.NotOpened => AnswerTexts.NotOpened,
            AnswerProblem.KeyUnavailable => ReadingTexts.KeyAway,
        }
        : null;
}
