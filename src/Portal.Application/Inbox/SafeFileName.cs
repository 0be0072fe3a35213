namespace Portal.Application.Inbox;

/// <summary>A name under which an attachment can be saved anywhere and looks like what it is.</summary>
internal static class SafeFileName
{
    private const int Longest = 120;

    public static string Of(string? name, int index)
    {
        var shown = PlainText.Line(name);
        shown = shown[(shown.LastIndexOfAny(['/', '\\']) + 1)..];
        shown = new string(shown.Where(character => !"<>:\"|?*".Contains(character, StringComparison.Ordinal)).ToArray()).Trim(' ', '.');
        if (shown.Length == 0)
        {
            return $"attachment-{index + 1}";
        }

        if (shown.Length <= Longest)
        {
            return shown;
        }

        var extension = Path.GetExtension(shown);
        return extension.Length is > 0 and <= 10 ? shown[..(Longest - extension.Length)] + extension : shown[..Longest];
    }
}
