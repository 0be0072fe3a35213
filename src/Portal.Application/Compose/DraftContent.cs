using System.Text.Json.Serialization;
using Portal.Application.LargeFiles;
using Portal.Application.SecureLinks;

namespace Portal.Application.Compose;

public enum BodyFormat
{
    Plain,
    Html,
}

/// <summary>What was typed, as it was typed.</summary>
/// <param name="To">Addresses, separated by commas, semicolons or line breaks.</param>
/// <param name="Cc">Likewise.</param>
/// <param name="Bcc">Likewise.</param>
/// <param name="Subject">One line.</param>
/// <param name="Body">Text, or the inner HTML of a body.</param>
/// <param name="Format">Which of the two.</param>
/// <param name="Protect">Sign and encrypt.</param>
/// <param name="Links">For whoever reads by a link; null for nothing.</param>
public sealed record DraftContent(string To, string Cc, string Bcc, string Subject, string Body, BodyFormat Format, bool Protect, LinkChoices? Links = null)
{
    public static DraftContent Empty { get; } = new(string.Empty, string.Empty, string.Empty, string.Empty, string.Empty, BodyFormat.Plain, true);

    public override string ToString() => nameof(DraftContent);
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(DraftContent))]
[JsonSerializable(typeof(FileDescription))]
internal sealed partial class DraftJson : JsonSerializerContext;
