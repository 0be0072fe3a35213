using Microsoft.AspNetCore.Components.Web;

namespace Portal.Web.Inbox;

/// <summary>Where keys lead in a list of messages.</summary>
internal static class ListKeys
{
    /// <summary>With Ctrl and its like, keys are the browser's.</summary>
    public static bool IsOurs(KeyboardEventArgs key) => key is { CtrlKey: false, MetaKey: false, AltKey: false };

    /// <param name="key">As the browser names it.</param>
    /// <param name="at">The number of the row where one is or was last; -1 for none.</param>
    /// <param name="count">Rows; at least one.</param>
    /// <returns>The row to open; null when the key is for the message that is open.</returns>
    public static int? Row(string key, int at, int count) => key switch
    {
        "ArrowDown" or "j" => Math.Min(at + 1, count - 1),
        "ArrowUp" or "k" => Math.Max(at - 1, 0),
        "Home" => 0,
        "End" => count - 1,
        "Enter" => Math.Max(at, 0),
        _ => null,
    };
}
