using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Portal.Application.AtRest;

/// <summary>Texts and records as sealed columns; the context is the column's name and the row's id.</summary>
internal static class SealedValue
{
    public static byte[] SealText(this SealingKey key, string text, string column, Guid row) =>
        key.Seal(Encoding.UTF8.GetBytes(text), Context(column, row));

    public static string OpenText(this SealingKey key, byte[] value, string column, Guid row) =>
        Encoding.UTF8.GetString(key.Open(value, Context(column, row)));

    public static byte[] SealRecord<TRecord>(this SealingKey key, TRecord record, JsonTypeInfo<TRecord> type, string column, Guid row) =>
        key.Seal(JsonSerializer.SerializeToUtf8Bytes(record, type), Context(column, row));

    public static TRecord OpenRecord<TRecord>(this SealingKey key, byte[] value, JsonTypeInfo<TRecord> type, string column, Guid row) =>
        JsonSerializer.Deserialize(key.Open(value, Context(column, row)), type)
        ?? throw new InvalidOperationException($"The sealed column {column} holds nothing.");

    public static byte[] Context(string column, Guid row) => Encoding.UTF8.GetBytes($"{column}/{row:N}");
}
