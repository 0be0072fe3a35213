using Npgsql;
using NpgsqlTypes;
using Portal.Application.AtRest;
using Portal.Application.Mailboxes;

namespace Portal.Benchmarks;

/// <summary>Many messages as they are after opening: listings really sealed, judgements as long as real ones.</summary>
internal sealed class LargeMailbox(BenchPortal portal, SignedInPerson person, FolderId folder)
{
    private const int JudgementLength = 900;
    private const string Columns =
        "id, organisation_id, mailbox_id, folder_id, raw_id, size, at, state, verdict, encrypted, has_attachments, is_read, sealed_listing, sealed_judgement";

    public static DateTimeOffset Newest { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>One message a minute, from the newest backwards.</summary>
    public async Task FillAsync(int from, int until)
    {
        var (organisation, mailbox) = (person.Account.Organisation, person.Mailbox);
        using var content = new MemoryStream("From: x@example.test\r\n\r\n"u8.ToArray());
        var raw = await portal.Get<SealedBlobs>().WriteAsync(organisation, mailbox, content, long.MaxValue, CancellationToken.None);
        using var key = await portal.Get<DataKeys>().OfMailboxAsync(organisation, mailbox, CancellationToken.None);
        await using var connection = new NpgsqlConnection(portal.Postgres.AdministratorConnectionString + ";Command Timeout=0");
        await connection.OpenAsync();

        // A million checks of the same four foreign keys tell nothing.
        await using (var trusting = new NpgsqlCommand("set session_replication_role = replica", connection))
        {
            await trusting.ExecuteNonQueryAsync();
        }

        var judgement = new byte[JudgementLength];
#pragma warning disable CA2100 // Our own text.
        await using (var copy = await connection.BeginBinaryImportAsync($"copy messages ({Columns}) from stdin (format binary)"))
#pragma warning restore CA2100
        {
            for (var i = from; i < until; i++)
            {
                var at = Newest.AddMinutes(-i);
                var id = new StoredMessageId(Guid.CreateVersion7(at));
                var listing = new MessageListing($"Correspondent {i % 97}", $"c{i % 97}@example.test", $"Subject of message number {i}", "The first words of a message, as many as a list shows of it beside the subject.");
                await copy.StartRowAsync();
                await copy.WriteAsync(id.Value, NpgsqlDbType.Uuid);
                await copy.WriteAsync(organisation.Value, NpgsqlDbType.Uuid);
                await copy.WriteAsync(mailbox.Value, NpgsqlDbType.Uuid);
                await copy.WriteAsync(folder.Value, NpgsqlDbType.Uuid);
                await copy.WriteAsync(raw.Id.Value, NpgsqlDbType.Uuid);
                await copy.WriteAsync(10_240L, NpgsqlDbType.Bigint);
                await copy.WriteAsync(at.UtcDateTime, NpgsqlDbType.TimestampTz);
                await copy.WriteAsync(nameof(MessageState.Opened), NpgsqlDbType.Varchar);
                await copy.WriteAsync(nameof(MessageVerdict.SignedValid), NpgsqlDbType.Varchar);
                await copy.WriteAsync(true, NpgsqlDbType.Boolean);
                await copy.WriteAsync(false, NpgsqlDbType.Boolean);
                await copy.WriteAsync(i % 20 != 0, NpgsqlDbType.Boolean);
                await copy.WriteAsync(listing.Seal(key, id), NpgsqlDbType.Bytea);
                System.Security.Cryptography.RandomNumberGenerator.Fill(judgement.AsSpan(0, 16));
                await copy.WriteAsync(judgement, NpgsqlDbType.Bytea);
            }

            await copy.CompleteAsync();
        }

        // What filling leaves to be written is no part of what is measured.
        foreach (var tidying in new[] { "vacuum analyze messages", "checkpoint" })
        {
#pragma warning disable CA2100 // Our own text.
            await using var tidy = new NpgsqlCommand(tidying, connection);
#pragma warning restore CA2100
            await tidy.ExecuteNonQueryAsync();
        }
    }
}
