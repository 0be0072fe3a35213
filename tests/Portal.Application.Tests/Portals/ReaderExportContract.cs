using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using MimeKit;
using Portal.Application.Audit;
using Portal.Application.Compose;
using Portal.Application.LargeFiles;
using Portal.Application.Mailboxes;
using Portal.Application.Organisations;
using Portal.Application.Quotas;
using Portal.Application.SecureLinks;
using Portal.Application.Tests.Database;

namespace Portal.Application.Tests.Portals;

/// <summary>Everything that a reader takes along: what is in it, what it counts as, and what it must not look like when it breaks off.</summary>
public abstract class ReaderExportContract : DatabaseTest
{
    private const string Carol = "carol@outside.test";
    private static readonly CancellationToken Never = CancellationToken.None;
    private TestPortal _portal = null!;
    private SignedInPerson _alice = null!;
    private OutsideReaders _outside = null!;

    private ReaderExport Export => _portal.Get<ReaderExport>();

    private LinkReading Reading => _portal.Get<LinkReading>();

    private protected override async Task PrepareAsync()
    {
        _portal = await TestPortal.StartAsync(Db, OutsideReaders.PublicAddress);
        _alice = await _portal.EnrolAsync(await _portal.FoundAsync("example.test"), "alice@example.test", Roles.User | Roles.Administrator);
        _outside = new OutsideReaders(_portal, _alice);
    }

    private protected override ValueTask EndAsync() => _portal?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task What_may_be_taken_is_in_it_and_the_rest_is_named_with_its_reason()
    {
        var carol = await _outside.ProveAsync(await SendAsync("The findings", LinkChoices.None), Carol);
        await Reading.OpenAsync(carol.Reader, carol.Link, null, Never);
        var recalled = await SendAsync("Taken back", LinkChoices.None);
        await SendAsync("To be read there", LinkChoices.None with { ForbidsDownloads = true });
        await SendAsync("With a phrase", LinkChoices.None with { PassPhrase = "Two Ravens" });
        var once = await SendAsync("Opens once", LinkChoices.None with { OpensOnce = true });
        var unopened = await SendAsync("Re: <b>costs</b>/2026 \u202Efdp", LinkChoices.None);
        await _portal.WorkOffAsync();
        await _portal.Get<LinkControl>().RecallAsync(_alice.Account, recalled, wholeConversation: false, Never);

        var some = await ExportAsync(carol.Reader, alsoUnopened: false);
        Assert.Equal(["The findings"], some.Messages.Select(one => one.Subject));
        Assert.Null(Assert.Single((await _outside.LinksAsync(unopened)).Links).FirstOpenedAt);
        foreach (var reason in (string[])["taken it back", "on the page only", "asks for a pass phrase", "opens only once", "You have not opened it"])
        {
            Assert.Contains(reason, some.Index, StringComparison.Ordinal);
        }

        var all = await ExportAsync(carol.Reader, alsoUnopened: true);
        Assert.Equal(["Re: <b>costs</b>/2026 fdp", "The findings"], all.Messages.Select(one => one.Subject!.Replace("\u202E", "", StringComparison.Ordinal)).Order());
        Assert.All(all.Messages, one => Assert.Equal("The body.", one.TextBody!.Trim()));
        Assert.Contains(all.Names, one => one.EndsWith("Re bcostsb-2026 fdp.eml", StringComparison.Ordinal) || one.EndsWith("bcosts-b-2026 fdp.eml", StringComparison.Ordinal));
        Assert.DoesNotContain("<b>", all.Index, StringComparison.Ordinal);
        Assert.DoesNotContain("You have not opened it,", all.Index, StringComparison.Ordinal);
        Assert.Equal(1, Assert.Single((await _outside.LinksAsync(unopened)).Links).Openings);
        Assert.Null(Assert.Single((await _outside.LinksAsync(once)).Links).FirstOpenedAt);

        // The second time what is open is read again, and not opened.
        await ExportAsync(carol.Reader, alsoUnopened: true);
        Assert.Equal(1, Assert.Single((await _outside.LinksAsync(unopened)).Links).Openings);
        Assert.Equal((2, 5), (await CountAsync(AuditAction.LinkOpened), await CountAsync(AuditAction.MessageDownloaded)));
        await using var db = await Db.Database.ReadAsync(_alice.Account.Organisation, Never);
        var actor = $"reader:{carol.Reader.Actor.Id}";
        Assert.Equal(2, await db.AuditEntries.CountAsync(one => one.Action == AuditAction.KeyUseRequested && one.Actor == actor, Never));
    }

    [Fact]
    public async Task What_opens_once_and_asks_for_a_phrase_is_in_it_while_it_is_open()
    {
        var sent = await SendAsync("Opens once", LinkChoices.None with { OpensOnce = true, PassPhrase = "Two Ravens" });
        var carol = await _outside.ProveAsync(sent, Carol);
        await Reading.OpenAsync(carol.Reader, carol.Link, "Two Ravens", Never);
        Assert.Single((await ExportAsync(carol.Reader, alsoUnopened: true)).Messages);
        var elsewhere = (await _outside.ProveAsync(await SendAsync("Another", LinkChoices.None), Carol)).Reader;
        Assert.Contains("It opened once", (await ExportAsync(elsewhere, alsoUnopened: true)).Index, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_has_a_name_of_its_own_and_the_index_is_in_the_readers_language()
    {
        await SendAsync("The same", LinkChoices.None);
        await SendAsync("THE SAME", LinkChoices.None);
        var carol = await _outside.ProveAsync(await SendAsync("", LinkChoices.None), Carol);
        var before = CultureInfo.CurrentUICulture;
        (CultureInfo.CurrentUICulture, CultureInfo.CurrentCulture) = (new CultureInfo("de"), new CultureInfo("de"));
        var all = await ExportAsync(carol.Reader, alsoUnopened: true);
        (CultureInfo.CurrentUICulture, CultureInfo.CurrentCulture) = (before, before);
        Assert.Equal(3, all.Names.Select(one => one.ToLowerInvariant()).Distinct().Count());
        Assert.Contains("lang=\"de\"", all.Index, StringComparison.Ordinal);
        Assert.Contains("In diesem Archiv: 3", all.Index, StringComparison.Ordinal);
        Assert.Contains("ohne Betreff", WebUtility.HtmlDecode(all.Index), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_travels_beside_a_message_is_named_with_its_size()
    {
        await _portal.Get<OrganisationUse>().LimitAsync(_alice.Account, new OrganisationLimits(null, null, null, 1000, null, null), Never);
        var draft = await _portal.WriteAsync(_alice, Mail.To(Carol, "The film"));
        var bytes = RandomNumberGenerator.GetBytes(300_000);
        var begun = Assert.IsType<FileTaking.Taken>(await _portal.Get<DraftFiles>().BeginAsync(_alice.Account, draft, new AnnouncedFile("film.mp4", "video/mp4", bytes.Length, "monday"), Never));
        await _portal.Get<DraftFiles>().ContinueAsync(_alice.Account, draft, new DraftAttachmentId(begun.File), 0, new MemoryStream(bytes), Never);
        var carol = await _outside.ProveAsync(Assert.IsType<SendOutcome.Accepted>(await _portal.SendAsync(_alice, draft)).SentCopy, Carol);

        var all = await ExportAsync(carol.Reader, alsoUnopened: true);

        Assert.Contains("film.mp4 (293 KB)", all.Index, StringComparison.Ordinal);
        Assert.InRange(all.Length, 500, 100_000);
    }

    [Fact]
    public async Task What_breaks_off_is_no_archive()
    {
        var first = await SendAsync("The first", LinkChoices.None);
        await SendAsync("The second", LinkChoices.None);
        var carol = await _outside.ProveAsync(first, Carol);
        var plan = (await Export.PrepareAsync(carol.Reader, alsoUnopened: true, Never))!;
        using var away = new Target(() => _portal.KeyStores.IsUnplugged = true);
        Assert.False(await Export.WriteAsync(plan, away, Never));
        Assert.NotEqual(0, away.Length);
        Assert.Throws<InvalidDataException>(() => new ZipArchive(away));

        _portal.KeyStores.IsUnplugged = false;
        using var left = new Target(() => _portal.Get<ReaderSessions>().EndAsync(carol.Reader, Never).GetAwaiter().GetResult());
        Assert.False(await Export.WriteAsync(plan, left, Never));
        Assert.Throws<InvalidDataException>(() => new ZipArchive(left));
        Assert.Equal(1, await CountAsync(AuditAction.LinkOpened));
    }

    private Task<StoredMessageId> SendAsync(string subject, LinkChoices choices) => _portal.SendAsync(_alice, Mail.To(Carol, subject) with { Links = choices });

    private async Task<Archive> ExportAsync(SignedInReader reader, bool alsoUnopened)
    {
        using var target = new Target(() => { });
        Assert.True(await Export.WriteAsync((await Export.PrepareAsync(reader, alsoUnopened, Never))!, target, Never));
        target.Position = 0;
        await using var archive = new ZipArchive(target, ZipArchiveMode.Read, leaveOpen: true);
        var messages = new List<MimeMessage>();
        foreach (var entry in archive.Entries.Where(one => one.FullName.StartsWith("messages/", StringComparison.Ordinal)))
        {
            await using var content = await entry.OpenAsync(Never);
            messages.Add(await MimeMessage.LoadAsync(new MemoryStream(await content.ReadAllAsync()), Never));
        }

        Assert.Equal("index.html", archive.Entries[^1].FullName);
        using var index = new StreamReader(await archive.Entries[^1].OpenAsync(Never));
        return new Archive(messages, archive.Entries.SkipLast(1).Select(one => one.Name).ToList(), await index.ReadToEndAsync(Never), target.Length);
    }

    private async Task<int> CountAsync(AuditAction action)
    {
        await using var db = await Db.Database.ReadAsync(_alice.Account.Organisation, Never);
        return await db.AuditEntries.CountAsync(one => one.Action == action, Never);
    }

    private sealed record Archive(IReadOnlyList<MimeMessage> Messages, IReadOnlyList<string> Names, string Index, long Length);

    /// <summary>As a web server takes it: nothing that is not waited for. Something happens when the first bytes arrive.</summary>
    private sealed class Target(Action happens) : MemoryStream
    {
        private bool _happened;

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!_happened)
            {
                _happened = true;
                happens();
            }

            base.Write(buffer.ToArray(), 0, buffer.Length);
            await Task.Yield();
        }

        public override void Write(byte[] buffer, int offset, int count) => throw new InvalidOperationException("Nobody waits for this.");
    }
}

public sealed class PostgresReaderExportTests(PostgresFixture postgres) : ReaderExportContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => postgres.NewAsync();
}

public sealed class SqliteReaderExportTests(SqliteFixture sqlite) : ReaderExportContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => sqlite.NewAsync();
}
