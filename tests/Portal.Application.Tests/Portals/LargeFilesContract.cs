using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Portal.Application.AtRest;
using Portal.Application.Compose;
using Portal.Application.Inbox;
using Portal.Application.LargeFiles;
using Portal.Application.Mailboxes;
using Portal.Application.Organisations;
using Portal.Application.Quotas;
using Portal.Application.SecureLinks;
using Portal.Application.SecureLinks.Answers;
using Portal.Application.Sweeping;
using Portal.Application.Tests.Database;

namespace Portal.Application.Tests.Portals;

/// <summary>Files that come a part at a time, and travel beside their message. The organisation's messages hold next to nothing, so that small files do.</summary>
public abstract partial class LargeFilesContract : DatabaseTest
{
    private const string Carol = "carol@outside.test";
    private const int Row = 15 * 64 * 1024;
    private static readonly CancellationToken Never = CancellationToken.None;
    private readonly byte[] _bytes = RandomNumberGenerator.GetBytes((2 * Row) + 12_345);
    private TestPortal _portal = null!;
    private SignedInPerson _alice = null!;
    private SignedInPerson _bob = null!;
    private OutsideReaders _outside = null!;

    private DraftFiles Files => _portal.Get<DraftFiles>();

    private LargeFiles.LargeFiles Beside => _portal.Get<LargeFiles.LargeFiles>();

    private protected override async Task PrepareAsync()
    {
        _portal = await TestPortal.StartAsync(Db, OutsideReaders.PublicAddress);
        var organisation = await _portal.FoundAsync("example.test");
        _alice = await _portal.EnrolAsync(organisation, "alice@example.test", Roles.User | Roles.Administrator);
        _bob = await _portal.EnrolAsync(organisation, "bob@example.test", Roles.User);
        _outside = new OutsideReaders(_portal, _alice);
        await _portal.Get<OrganisationUse>().LimitAsync(_alice.Account, new OrganisationLimits(null, null, null, 1000, null, null), Never);
    }

    private protected override ValueTask EndAsync() => _portal?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task What_broke_off_goes_on_where_it_stopped()
    {
        var draft = await _portal.WriteAsync(_alice, Mail.To("bob@example.test", "The film"));
        var begun = await BeginAsync(draft, "film.mp4", "monday");
        Assert.Equal((0, false), (begun.Offset, begun.IsWhole));

        // Of a row that is not whole nothing is kept, and a part that begins elsewhere is not taken.
        Assert.Equal(Row, (await ContinueAsync(draft, begun.File, 0, _bytes[..(Row + 100)])).Offset);
        Assert.Equal(Row, (await ContinueAsync(draft, begun.File, Row + 100, _bytes[(Row + 100)..])).Offset);
        Assert.Equal(new FileProgress(Row, _bytes.Length), await Files.ProgressAsync(_alice.Account, draft, new DraftAttachmentId(begun.File), Never));
        Assert.Equal(SendProblem.FileIncomplete, Assert.IsType<SendOutcome.Refused>(await _portal.SendAsync(_alice, draft)).Problem);
        Assert.Equal(begun with { Offset = Row }, await BeginAsync(draft, "film.mp4", "monday"));
        Assert.NotEqual(begun.File, (await BeginAsync(draft, "film.mp4", "tuesday")).File);

        Assert.True((await ContinueAsync(draft, begun.File, Row, _bytes[Row..])).IsWhole);
        Assert.NotEqual(begun.File, (await BeginAsync(draft, "film.mp4", "monday")).File);
        Assert.Equal(3, (await _portal.Get<Drafts>().OpenAsync(_alice.Account, draft, Never))!.Attachments.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Row)]
    [InlineData(2 * Row)]
    public async Task Every_length_comes_whole(int length)
    {
        var draft = await _portal.WriteAsync(_alice, Mail.To("bob@example.test", "A file"));
        await UploadAsync(draft, "a.bin", _bytes[..length]);
        var sent = Assert.IsType<SendOutcome.Accepted>(await _portal.SendAsync(_alice, draft)).SentCopy;
        Assert.Equal(_bytes[..length], await FetchAsync(_alice, sent));
    }

    [Fact]
    public async Task Of_two_who_write_the_same_file_at_a_time_nothing_is_mixed()
    {
        var draft = await _portal.WriteAsync(_alice, Mail.To("bob@example.test", "The film"));
        var file = (await BeginAsync(draft, "film.mp4", "monday")).File;
        for (var offset = 0L; offset < _bytes.Length;)
        {
            var from = (int)offset;
            var both = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ContinueAsync(draft, file, from, _bytes[from..])));
            offset = both.Max(one => one.Offset);
        }

        var sent = Assert.IsType<SendOutcome.Accepted>(await _portal.SendAsync(_alice, draft)).SentCopy;
        Assert.Equal(_bytes, await FetchAsync(_alice, sent));
    }

    [Fact]
    public async Task It_is_there_for_everybody_who_got_the_message_and_for_nobody_else()
    {
        var (sent, received) = await SendAsync("bob@example.test, " + Carol);
        var message = await _portal.OpenAsync(_bob, received);
        var attachment = Assert.Single(message.Attachments);
        Assert.Equal(("film.mp4", "video/mp4", _bytes.Length), (attachment.FileName, attachment.MediaType, attachment.Length));
        Assert.NotNull(attachment.Beside);
        Assert.Equal(_bytes, await FetchAsync(_bob, received));
        Assert.Equal(MessageVerdict.SignedValid, message.Verdict.Verdict);

        var carol = await _outside.ProveAsync(sent, Carol);
        Assert.Null(await _portal.Get<LinkContents>().AttachmentAsync(carol.Reader, carol.Link, 0, isAnew: true, Never));
        await _portal.Get<LinkReading>().OpenAsync(carol.Reader, carol.Link, null, Never);
        await using (var download = (await _portal.Get<LinkContents>().AttachmentAsync(carol.Reader, carol.Link, 0, isAnew: true, Never))!)
        {
            Assert.Equal(_bytes, await download.Content.ReadAllAsync());
        }

        // The part says the same to those who read elsewhere; who goes on with a download is not counted again.
        var key = await KeyAsync(received);
        var here = Assert.IsType<LargeFileAccess.Here>(await Beside.FindAsync(key, Never)).File;
        Assert.Equal(("film.mp4", Convert.ToHexStringLower(SHA256.HashData(_bytes))), (here.FileName, here.Sha256));
        Assert.True(await Beside.BeginAsync(key, Never));
        await using (var download = (await Beside.OpenAsync(key, Never))!)
        {
            Assert.Equal(_bytes, await download.Content.ReadAllAsync());
        }

        Assert.Equal((3, attachment.Beside), Assert.Single(await ControlAsync(_alice, sent)) is var one ? (one.Downloads, one.Name) : default);
        Assert.Empty(await ControlAsync(_bob, sent));
        Assert.IsType<LargeFileAccess.NotFound>(await Beside.FindAsync(Base64Url.EncodeToString(new byte[32]), Never));
        Assert.IsType<LargeFileAccess.NotFound>(await Beside.FindAsync(attachment.Beside, Never));
        Assert.IsType<LargeFileAccess.NotFound>(await Beside.FindAsync("../etc", Never));
    }

    [Fact]
    public async Task The_message_stays_small_and_the_database_alone_opens_nothing()
    {
        var (_, received) = await SendAsync("bob@example.test");
        await using (var source = (await _portal.Get<MessageReading>().SourceAsync(_bob.Account, received, Never))!)
        {
            Assert.InRange(source.Length, 1000, 40_000);
        }

        var key = Base64Url.DecodeFromChars(await KeyAsync(received));
        await using var db = await Db.Database.ReadAsync(_alice.Account.Organisation, Never);
        var row = await db.LargeFiles.SingleAsync(Never);
        Assert.Equal(-1, row.SealedKey.AsSpan().IndexOf(key));
        Assert.Equal(-1, row.SealedName.AsSpan().IndexOf("film.mp4"u8));
        Assert.NotEqual(key, row.Token);
    }

    [Fact]
    public async Task What_is_taken_back_nobody_fetches_any_more()
    {
        var (sent, received) = await SendAsync("bob@example.test");
        var key = await KeyAsync(received);
        Assert.False(await _portal.Get<LargeFileControl>().RecallAsync(_bob.Account, sent, Never));
        Assert.True(await _portal.Get<LargeFileControl>().RecallAsync(_alice.Account, sent, Never));
        Assert.IsType<LargeFileAccess.Recalled>(await Beside.FindAsync(key, Never));
        Assert.False(await Beside.BeginAsync(key, Never));
        Assert.Null(await Beside.OpenAsync(key, Never));

        // Who has the message reads there what was beside it.
        Assert.Contains("film.mp4", Encoding.UTF8.GetString(await FetchAsync(_bob, received)), StringComparison.Ordinal);
        Assert.False(await _portal.Get<LargeFileControl>().RecallAsync(_alice.Account, sent, Never));
    }

    [Fact]
    public async Task It_is_taken_back_and_prolonged_with_the_message_that_rests_here()
    {
        var (sent, received) = await SendAsync("bob@example.test, " + Carol);
        var key = await KeyAsync(received);
        var until = TimeProvider.System.GetUtcNow().AddDays(90);
        Assert.Equal(LinkChange.Done, await _portal.Get<LinkControl>().ExpireAtAsync(_alice.Account, sent, until, Never));
        Assert.InRange(Assert.IsType<LargeFileAccess.Here>(await Beside.FindAsync(key, Never)).File.ExpiresAt - until, TimeSpan.FromMilliseconds(-1), TimeSpan.FromMilliseconds(1));
        Assert.Equal(LinkChange.Done, await _portal.Get<LinkControl>().RecallAsync(_alice.Account, sent, wholeConversation: false, Never));
        Assert.IsType<LargeFileAccess.Recalled>(await Beside.FindAsync(key, Never));
    }

    [Fact]
    public async Task It_expires_exactly_and_is_swept_later()
    {
        var (_, received) = await SendAsync("bob@example.test");
        var key = await KeyAsync(received);
        var until = Assert.IsType<LargeFileAccess.Here>(await Beside.FindAsync(key, Never)).File.ExpiresAt;
        var clock = new FakeTimeProvider(until.AddSeconds(-1));
        await using var node = await _portal.AnotherNodeAsync(clock, OutsideReaders.PublicAddress);
        Assert.IsType<LargeFileAccess.Here>(await node.Get<LargeFiles.LargeFiles>().FindAsync(key, Never));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(until, Assert.IsType<LargeFileAccess.Expired>(await node.Get<LargeFiles.LargeFiles>().FindAsync(key, Never)).At);
        Assert.Null(await node.Get<LargeFiles.LargeFiles>().OpenAsync(key, Never));

        var before = await BlobsAsync();
        await using (var db = await Db.Database.WriteAsync(_alice.Account.Organisation, Never))
        {
            Assert.Equal(0, await Removals.LargeFilesAsync(db, _alice.Account.Organisation, until, Never));
            Assert.Equal(1, await Removals.LargeFilesAsync(db, _alice.Account.Organisation, until.AddSeconds(1), Never));
            await db.CommitAsync(Never);
        }

        await using (var db = await Db.Database.WriteAsync(_alice.Account.Organisation, Never))
        {
            await Removals.BlobsAsync(db, _alice.Account.Organisation, new BlobPlace(until, new BlobId(Guid.Empty)), Never);
            await db.CommitAsync(Never);
        }

        Assert.Equal(before - 1, await BlobsAsync());
    }

    [Fact]
    public async Task A_message_that_names_another_file_than_was_sent_gets_none()
    {
        var (_, received) = await SendAsync("bob@example.test");
        var key = Base64Url.DecodeFromChars(await KeyAsync(received));
        var reference = new Protection.LargeFileReference("film.mp4", "video/mp4", _bytes.Length, SHA256.HashData("another"u8), key);
        Assert.Null(await Beside.OpenAsync(reference, isAnew: true, Never));
        Assert.NotNull(await Beside.OpenAsync(reference with { Sha256 = SHA256.HashData(_bytes) }, isAnew: true, Never));
    }

    [Fact]
    public async Task Who_forwards_the_message_passes_on_where_the_file_is()
    {
        var (_, received) = await SendAsync("bob@example.test");
        var draft = (await _portal.Get<Drafts>().ReplyAsync(_bob.Account, received, ReplyKind.Forward, Never))!.Value;
        var view = (await _portal.Get<Drafts>().OpenAsync(_bob.Account, draft, Never))!;
        Assert.Empty(view.Attachments);
        Assert.Contains($"/file/{await KeyAsync(received)}", view.Content.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_a_reader_announces_at_once_count_each_other()
    {
        var carol = await _outside.ProveAsync(await _portal.SendAsync(_alice, Mail.To(Carol, "The findings")), Carol);
        await _portal.Get<LinkReading>().OpenAsync(carol.Reader, carol.Link, null, Never);
        var draft = Assert.IsType<ReaderSaving.Saved>(
            await _portal.Get<ReaderDrafts>().SaveAsync(carol.Reader, ReaderDraftId.New(), carol.Link, new ReaderDraftContent([], "", "", ""), Never)).Draft;
        var most = _portal.Get<IOptions<SecureLinkOptions>>().Value.FileBytes;
        var announced = await Task.WhenAll(Enumerable.Range(0, 5).Select(number => Task.Run(() =>
            _portal.Get<ReaderFiles>().BeginAsync(carol.Reader, draft, new AnnouncedFile($"{number}.mp4", "video/mp4", (most / 2) - 1, $"{number}"), Never))));
        Assert.Equal(2, announced.Count(one => one is FileTaking.Taken));
        Assert.Equal(3, announced.Count(one => one is FileTaking.TooLarge));
    }

    [Fact]
    public async Task What_readers_send_travels_beside_their_answer_too()
    {
        var sent = await _portal.SendAsync(_alice, Mail.To(Carol, "The findings"));
        var carol = await _outside.ProveAsync(sent, Carol);
        await _portal.Get<LinkReading>().OpenAsync(carol.Reader, carol.Link, null, Never);
        var draft = Assert.IsType<ReaderSaving.Saved>(
            await _portal.Get<ReaderDrafts>().SaveAsync(carol.Reader, ReaderDraftId.New(), carol.Link, new ReaderDraftContent(["alice@example.test"], "", "Re: The findings", "Here."), Never)).Draft;
        var files = _portal.Get<ReaderFiles>();
        var begun = Assert.IsType<FileTaking.Taken>(await files.BeginAsync(carol.Reader, draft, new AnnouncedFile("film.mp4", "video/mp4", _bytes.Length, "monday"), Never));
        var id = new ReaderFileId(begun.File);
        Assert.Equal(Row, Assert.IsType<FileTaking.Taken>(await files.ContinueAsync(carol.Reader, draft, id, 0, new MemoryStream(_bytes[..Row]), Never)).Offset);
        Assert.Equal(AnswerProblem.FileIncomplete, Assert.IsType<AnswerSending.Refused>(await _portal.Get<Answering>().SendAsync(carol.Reader, draft, Never)).Problem);
        Assert.Equal(begun with { Offset = Row }, await files.BeginAsync(carol.Reader, draft, new AnnouncedFile("film.mp4", "video/mp4", _bytes.Length, "monday"), Never));
        Assert.True(Assert.IsType<FileTaking.Taken>(await files.ContinueAsync(carol.Reader, draft, id, Row, new MemoryStream(_bytes[Row..]), Never)).IsWhole);
        Assert.True(Assert.IsType<FileTaking.Taken>(await files.AddAsync(carol.Reader, draft, "small.txt", "text/plain", new MemoryStream([1, 2, 3]), Never)).IsWhole);
        Assert.IsType<FileTaking.TooLarge>(await files.BeginAsync(carol.Reader, draft, new AnnouncedFile("huge", "", 3L << 30, ""), Never));

        var answer = Assert.IsType<AnswerSending.Sent>(await _portal.Get<Answering>().SendAsync(carol.Reader, draft, Never)).Link;
        var row = await _portal.ReceiveAsync(_alice, "Re: The findings");
        Assert.Equal(["small.txt", "film.mp4"], (await _portal.OpenAsync(_alice, row.Id)).Attachments.Select(one => one.FileName));
        Assert.Equal(_bytes, await FetchAsync(_alice, row.Id, index: 1));
        await using (var own = (await _portal.Get<LinkContents>().AttachmentAsync(carol.Reader, answer, 1, isAnew: true, Never))!)
        {
            Assert.Equal(_bytes, await own.Content.ReadAllAsync());
        }

        Assert.Equal(LinkChange.Done, await _portal.Get<LinkControl>().RecallAsync(_alice.Account, sent, wholeConversation: true, Never));
        Assert.NotEqual(_bytes, await FetchAsync(_alice, row.Id, index: 1));
    }

    [Fact]
    public async Task Nothing_of_a_file_answers_to_others()
    {
        var draft = await _portal.WriteAsync(_alice, Mail.To("bob@example.test", "The film"));
        var file = new DraftAttachmentId((await BeginAsync(draft, "film.mp4", "monday")).File);
        Assert.IsType<FileTaking.NotFound>(await Files.BeginAsync(_bob.Account, draft, new AnnouncedFile("a", "", 1, ""), Never));
        Assert.Null(await Files.ProgressAsync(_bob.Account, draft, file, Never));
        Assert.IsType<FileTaking.NotFound>(await Files.ContinueAsync(_bob.Account, draft, file, 0, new MemoryStream(_bytes), Never));
        await Files.DetachAsync(_bob.Account, draft, file, Never);
        Assert.Equal(new FileProgress(0, _bytes.Length), await Files.ProgressAsync(_alice.Account, draft, file, Never));
        var other = await _portal.WriteAsync(_alice, Mail.To("bob@example.test", "Another"));
        Assert.Null(await Files.ProgressAsync(_alice.Account, other, file, Never));
    }

    [Fact]
    public async Task A_file_that_is_begun_takes_its_room()
    {
        var used = (await _portal.Get<OrganisationUse>().ReadAsync(_alice.Account, Never)).StoredBytes;
        await _portal.Get<OrganisationUse>().LimitAsync(_alice.Account, new OrganisationLimits(null, used + _bytes.Length + 1000, null, 1000, null, null), Never);
        var draft = await _portal.WriteAsync(_alice, Mail.To("bob@example.test", "The film"));
        await BeginAsync(draft, "film.mp4", "monday");
        Assert.IsType<FileTaking.NoRoom>(await Files.BeginAsync(_alice.Account, draft, new AnnouncedFile("again.mp4", "", _bytes.Length, ""), Never));
        Assert.IsType<FileTaking.TooLarge>(await Files.BeginAsync(_alice.Account, draft, new AnnouncedFile("huge", "", (5L << 30) + 1, ""), Never));
    }

    [Fact]
    public async Task What_is_found_in_a_file_keeps_it_out_and_what_cannot_be_inspected_waits()
    {
        var inspector = new Inspector { Finding = new FileFinding.Unknown() };
        var files = new DraftFiles(
            _portal.Database, _portal.Get<DataKeys>(), _portal.Get<SealedBlobs>(), new FileIntake(_portal.Get<SealedBlobs>(), [inspector]), _portal.Get<Quotas.Quotas>(), TimeProvider.System);
        var draft = await _portal.WriteAsync(_alice, Mail.To("bob@example.test", "The film"));
        var file = new DraftAttachmentId((await BeginAsync(draft, "film.mp4", "monday")).File);
        Assert.IsType<FileTaking.NotInspected>(await files.ContinueAsync(_alice.Account, draft, file, 0, new MemoryStream(_bytes), Never));
        Assert.Equal(_bytes, inspector.Seen);
        Assert.Equal(SendProblem.FileIncomplete, Assert.IsType<SendOutcome.Refused>(await _portal.SendAsync(_alice, draft)).Problem);
        inspector.Finding = new FileFinding.Malware("Test-Signature");
        Assert.Equal(new FileTaking.Malware("Test-Signature"), await files.ContinueAsync(_alice.Account, draft, file, _bytes.Length, Stream.Null, Never));
        Assert.Empty((await _portal.Get<Drafts>().OpenAsync(_alice.Account, draft, Never))!.Attachments);

        inspector.Finding = new FileFinding.Clean();
        file = new DraftAttachmentId((await BeginAsync(draft, "film.mp4", "monday")).File);
        Assert.True(Assert.IsType<FileTaking.Taken>(await files.ContinueAsync(_alice.Account, draft, file, 0, new MemoryStream(_bytes), Never)).IsWhole);
    }

    private sealed class Inspector : IFileInspector
    {
        public FileFinding Finding { get; set; } = new FileFinding.Clean();

        public byte[] Seen { get; private set; } = [];

        public async Task<FileFinding> InspectAsync(string fileName, Stream content, CancellationToken cancellationToken)
        {
            Seen = await content.ReadAllAsync();
            return Finding;
        }
    }

    private async Task<FileTaking.Taken> BeginAsync(DraftId draft, string name, string mark, int? length = null) => Assert.IsType<FileTaking.Taken>(
        await Files.BeginAsync(_alice.Account, draft, new AnnouncedFile(name, "video/mp4", length ?? _bytes.Length, mark), Never));

    private async Task<FileTaking.Taken> ContinueAsync(DraftId draft, Guid file, long offset, byte[] part) => Assert.IsType<FileTaking.Taken>(
        await Files.ContinueAsync(_alice.Account, draft, new DraftAttachmentId(file), offset, new MemoryStream(part), Never));

    private async Task UploadAsync(DraftId draft, string name, byte[] bytes)
    {
        var begun = await BeginAsync(draft, name, "monday", bytes.Length);
        Assert.True((await ContinueAsync(draft, begun.File, 0, bytes)).IsWhole);
    }

    /// <returns>Alice's copy, and Bob's.</returns>
    private async Task<(StoredMessageId Sent, StoredMessageId Received)> SendAsync(string to)
    {
        var draft = await _portal.WriteAsync(_alice, Mail.To(to, "The film", "Look."));
        await UploadAsync(draft, "film.mp4", _bytes);
        var sent = Assert.IsType<SendOutcome.Accepted>(await _portal.SendAsync(_alice, draft)).SentCopy;
        return (sent, (await _portal.ReceiveAsync(_bob, "The film")).Id);
    }

    private async Task<byte[]> FetchAsync(SignedInPerson person, StoredMessageId message, int index = 0)
    {
        await using var download = (await _portal.Get<MessageReading>().AttachmentAsync(person.Account, message, index, isAnew: true, Never))!;
        return await download.Content.ReadAllAsync();
    }

    private Task<IReadOnlyList<SentFileView>> ControlAsync(SignedInPerson person, StoredMessageId sent) => _portal.Get<LargeFileControl>().OfAsync(person.Account, sent, Never);

    /// <summary>As it stands in the message that Bob got: an answer to all quotes it when he forwards.</summary>
    private async Task<string> KeyAsync(StoredMessageId received)
    {
        var draft = (await _portal.Get<Drafts>().ReplyAsync(_bob.Account, received, ReplyKind.Forward, Never))!.Value;
        return Link().Match((await _portal.Get<Drafts>().OpenAsync(_bob.Account, draft, Never))!.Content.Body).Groups[1].Value;
    }

    private async Task<int> BlobsAsync()
    {
        await using var db = await Db.Database.ReadAsync(_alice.Account.Organisation, Never);
        return await db.Blobs.CountAsync(Never);
    }

    [GeneratedRegex("https://mail\\.example\\.test/file/([A-Za-z0-9_-]{43})")]
    private static partial Regex Link();
}

public sealed class PostgresLargeFilesTests(PostgresFixture postgres) : LargeFilesContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => postgres.NewAsync();
}

public sealed class SqliteLargeFilesTests(SqliteFixture sqlite) : LargeFilesContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => sqlite.NewAsync();
}
