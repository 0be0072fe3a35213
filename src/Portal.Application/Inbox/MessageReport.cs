using System.Text.Json.Serialization;
using Portal.Application.AtRest;
using Portal.Application.Mailboxes;
using Portal.Application.Policies;

namespace Portal.Application.Inbox;

/// <summary>The judgement on a message and what its reading pane shows; made once when it arrived, sealed in its row.</summary>
internal sealed record MessageReport(
    VerdictView Verdict,
    string Subject,
    AddressView? From,
    IReadOnlyList<AddressView> To,
    IReadOnlyList<AddressView> Cc,
    IReadOnlyList<AddressView> Bcc,
    string? ReplyTo,
    string? MessageId,
    DateTimeOffset? Date,
    bool HasBody,
    bool PlainTextOnly,
    bool RemoteContent,
    IReadOnlyList<AttachmentView> Attachments,
    ListMark? List = null,
    int? Lines = null)
{
    /// <summary>Where answers would go, when that is another domain than the sender's.</summary>
    [JsonIgnore]
    public string? ReplyToElsewhere => ReplyTo is null || string.Equals(Domain(ReplyTo), Domain(From?.Address), StringComparison.OrdinalIgnoreCase) ? null : ReplyTo;

    private const string Column = "messages.sealed_judgement";

    public byte[] Seal(SealingKey key, StoredMessageId message) =>
        key.SealRecord(this, MessageReportJson.Default.MessageReport, Column, message.Value);

    public static MessageReport Open(SealingKey key, StoredMessage message) => key.OpenRecord(
        message.SealedJudgement ?? throw new InvalidOperationException("The message was not opened yet."),
        MessageReportJson.Default.MessageReport,
        Column,
        message.Id.Value);

    private static string? Domain(string? address) => address?[(address.LastIndexOf('@') + 1)..];

    /// <summary>Of a message that could not be opened.</summary>
    public static MessageReport OfBroken(VerdictView verdict) =>
        new(verdict, string.Empty, null, [], [], [], null, null, null, false, true, false, []);
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(MessageReport))]
internal sealed partial class MessageReportJson : JsonSerializerContext;
