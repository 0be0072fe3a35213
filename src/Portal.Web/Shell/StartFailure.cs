using Portal.Application.Checks;
using Portal.Database;

namespace Portal.Web.Shell;

/// <summary>Why the portal cannot start, where whoever starts it can mend that.</summary>
internal static class StartFailure
{
    /// <returns>Null for what only a stack trace explains.</returns>
    public static string? InWords(Exception exception) => exception switch
    {
        DatabaseNotReadyException or DatabaseUnavailableException => exception.Message,
        _ => SettingMistakes.Of(exception) is { } mistakes ? string.Join('\n', mistakes) : null,
    };
}
