using System.Security.Cryptography;
using Portal.Application.AtRest;
using Portal.Application.Mailboxes;
using Portal.Smime.Cms;

namespace Portal.Application.Inbox;

/// <summary>The content-encryption keys of a message, sealed in its row, so that reading it again asks no private key.</summary>
internal static class RecoveredKeys
{
    private const string Column = "messages.sealed_content_keys";

    /// <returns>Null when there are none.</returns>
    public static byte[]? Seal(SealingKey key, StoredMessageId message, IReadOnlyList<ContentEncryptionKey> contentKeys)
    {
        if (contentKeys.Count == 0)
        {
            return null;
        }

        var bytes = contentKeys.SelectMany(one => (byte[])[(byte)one.Cipher, (byte)one.Bytes.Length, .. one.Bytes.Span]).ToArray();
        var value = key.Seal(bytes, SealedValue.Context(Column, message.Value));
        CryptographicOperations.ZeroMemory(bytes);
        return value;
    }

    /// <summary>The caller disposes them.</summary>
    public static IReadOnlyList<ContentEncryptionKey> Open(SealingKey key, StoredMessage message)
    {
        if (message.SealedContentKeys is null)
        {
            return [];
        }

        var bytes = key.Open(message.SealedContentKeys, SealedValue.Context(Column, message.Id.Value));
        var keys = new List<ContentEncryptionKey>();
        for (var at = 0; at < bytes.Length; at += 2 + bytes[at + 1])
        {
            keys.Add(new ContentEncryptionKey((ContentCipher)bytes[at], bytes.AsSpan(at + 2, bytes[at + 1])));
        }

        CryptographicOperations.ZeroMemory(bytes);
        return keys;
    }
}
