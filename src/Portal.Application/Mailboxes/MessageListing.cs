using System.Text.Json.Serialization;
using Portal.Application.AtRest;

namespace Portal.Application.Mailboxes;

/// <summary>What a list shows of a message; sealed in its row.</summary>
internal sealed record MessageListing(string Correspondent, string Address, string Subject, string Preview)
{
    private const string Column = "messages.sealed_listing";

    public static MessageListing Empty { get; } = new(string.Empty, string.Empty, string.Empty, string.Empty);

    public byte[] Seal(SealingKey key, StoredMessageId message) =>
        key.SealRecord(this, MessageListingJson.Default.MessageListing, Column, message.Value);

    public static MessageListing Open(SealingKey key, StoredMessageId message, byte[]? sealedListing) =>
        sealedListing is null ? Empty : key.OpenRecord(sealedListing, MessageListingJson.Default.MessageListing, Column, message.Value);
}

[JsonSerializable(typeof(MessageListing))]
internal sealed partial class MessageListingJson : JsonSerializerContext;
