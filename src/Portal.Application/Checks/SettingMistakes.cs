using Microsoft.Extensions.Options;
using Portal.Smime.Keys;

namespace Portal.Application.Checks;

/// <summary>What is wrong with settings, in sentences that name them.</summary>
public static class SettingMistakes
{
    /// <returns>Null for an exception that is about something else.</returns>
    public static IReadOnlyList<string>? Of(Exception exception) => exception switch
    {
        OptionsValidationException invalid => invalid.Failures.ToList(),
        KeyStoreException mistake => [mistake.Message],
        AggregateException many => OfAll(many.InnerExceptions),

        // The binder's: a word where a number has to be.
        InvalidOperationException { InnerException: FormatException or ArgumentException or OverflowException or InvalidOperationException } unreadable => [unreadable.Message],
        _ => null,
    };

    private static List<string>? OfAll(IReadOnlyCollection<Exception> exceptions)
    {
        var each = exceptions.Select(Of).ToList();
        return each.Contains(null) ? null : each.SelectMany(one => one!).ToList();
    }
}
