namespace Portal.Smime.Mime;

/// <param name="Name">As written; empty when the line was no header field at all.</param>
/// <param name="Value">What follows the colon, folding included, one char per byte (ISO 8859-1).</param>
public sealed record HeaderField(string Name, string Value)
{
    public bool Is(string name) => string.Equals(Name, name, StringComparison.OrdinalIgnoreCase);
}
