using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Portal.Application.Audit;
using Portal.Application.Compose;
using Portal.Application.Inbox;
using Portal.Application.Mailboxes;
using Portal.Application.Protection;
using Portal.Application.Tests.Database;
using Portal.Application.Trust;
using Portal.Testing;

namespace Portal.Application.Tests.Portals;

/// <summary>Authorities of others: they wait, somebody decides, and what they publish is fetched and kept.</summary>
public abstract class TrustContract : DatabaseTest
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly TrustTerms Required = new(TrustPurpose.Both, RevocationRequired: true, []);
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private TestPortal _portal = null!;
    private SignedInPerson _alice = null!;
    private PublishingAuthority _partner = null!;
    private TestHolder _carol = null!;

    private protected override async Task PrepareAsync()
    {
        _portal = await TestPortal.StartAsync(Db, _clock);
        _alice = await _portal.EnrolAsync(await _portal.FoundAsync("example.test"), "alice@example.test", Roles.User | Roles.Administrator);
        _partner = new PublishingAuthority(_clock.GetUtcNow());
        _carol = _partner.Issue("carol@partner.test");
    }

    private protected override async ValueTask EndAsync()
    {
        await (_partner?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_portal?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private ForeignAuthorities Authorities => _portal.Get<ForeignAuthorities>();

    [Fact]
    public async Task An_unknown_authority_waits_and_the_decision_judges_what_is_here_already()
    {
        var message = await ReceiveAsync(_carol);
        Assert.Equal((MessageVerdict.SignedUntrusted, "UnknownAuthority"), await VerdictAsync(message));
        var waiting = Assert.Single(await Authorities.ListAsync(_alice.Account, Never));
        Assert.Equal((AuthorityStanding.Waiting, 1, "partner.test"), (waiting.Standing, waiting.Seen, waiting.SenderDomain));
        Assert.Equal([_partner.Root.Subject], waiting.SignedBy);
        Assert.Equal(["/issuing.cer", "/root.cer"], _partner.Asked);

        Assert.IsType<TrustDeciding.Decided>(await Authorities.DecideAsync(_alice.Account, waiting.Id, Required, highest: true, Never));
        await _portal.WorkOffAsync();

        Assert.Equal((MessageVerdict.SignedValid, null), await VerdictAsync(message));
        var trusted = Assert.Single(await Authorities.ListAsync(_alice.Account, Never));
        Assert.Equal((AuthorityStanding.Trusted, _partner.Root.Subject), (trusted.Standing, trusted.Subject));
        Assert.Equal(["/issuing.crl", "/root.crl"], _partner.Asked.Skip(2).Order());
        Assert.Equal(["TrustAdded", "CertificateHarvested", "MessageJudgedAgain"], (await ActionsAsync())[^3..]);
        Assert.Equal(RecipientHandling.EncryptedCompatible, await HandlingAsync("carol@partner.test"));

        // The next one needs nothing from anywhere.
        _partner.IsAway = true;
        Assert.Equal((MessageVerdict.SignedValid, null), await VerdictAsync(await ReceiveAsync(_carol)));
    }

    [Fact]
    public async Task Whoever_was_revoked_before_is_not_valid_and_whoever_was_revoked_later_was()
    {
        await TrustAsync(Required);
        var early = await ReceiveAsync(_carol);
        _partner.Revoke(_carol, _clock.GetUtcNow().AddMinutes(30));
        _clock.Advance(TimeSpan.FromHours(5));
        _partner.Now = _clock.GetUtcNow();
        await RunAsync(Work.WorkKind.RenewFetched);

        var late = await ReceiveAsync(_carol);

        Assert.Equal((MessageVerdict.SignedUntrusted, "Revoked"), await VerdictAsync(late));
        Assert.Equal((MessageVerdict.SignedValid, null), await VerdictAsync(early));
        var check = await _portal.Get<Rechecking>().CheckAsync(_alice.Account, early, Never);
        Assert.Equal((MessageVerdict.SignedValid, MessageVerdict.SignedValid, SignerStanding.Revoked), (check!.Then, check.Again, check.Signers.Single().Now));
        Assert.NotEqual(RecipientHandling.EncryptedCompatible, await HandlingAsync("carol@partner.test"));
    }

    [Fact]
    public async Task An_authority_without_lists_is_asked_about_the_one_certificate()
    {
        await TrustAsync(Required);
        var dave = _partner.Issue("dave@partner.test", lists: false);
        var erin = _partner.Issue("erin@partner.test", lists: false);
        _partner.Revoke(erin, _clock.GetUtcNow().AddDays(-1));

        Assert.Equal((MessageVerdict.SignedValid, null), await VerdictAsync(await ReceiveAsync(dave)));
        Assert.Equal((MessageVerdict.SignedUntrusted, "Revoked"), await VerdictAsync(await ReceiveAsync(erin)));
        Assert.DoesNotContain("/issuing.crl", _partner.Asked);
    }

    [Fact]
    public async Task As_long_as_nobody_says_good_it_is_not_valid()
    {
        await TrustAsync(Required);
        _partner.IsAway = true;
        var message = await ReceiveAsync(_carol);
        Assert.Equal((MessageVerdict.SignedUntrusted, "UnknownAuthority"), await VerdictAsync(message));

        _partner.IsAway = false;
        _clock.Advance(TimeSpan.FromMinutes(11));
        await RunAsync(Work.WorkKind.JudgeAgain);

        Assert.Equal((MessageVerdict.SignedValid, null), await VerdictAsync(message));
    }

    [Fact]
    public async Task Trust_that_is_withdrawn_counts_for_what_is_here_too()
    {
        await TrustAsync(Required);
        var message = await ReceiveAsync(_carol);
        Assert.Equal((MessageVerdict.SignedValid, null), await VerdictAsync(message));

        Assert.IsType<TrustRemoving.Removed>(await Authorities.RemoveAsync(_alice.Account, _partner.Root.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256)[..12], Never));
        await _portal.WorkOffAsync();

        Assert.Equal((MessageVerdict.SignedUntrusted, "UnknownAuthority"), await VerdictAsync(message));
        Assert.Equal(AuthorityStanding.Refused, (await Authorities.ListAsync(_alice.Account, Never)).Single(one => one.Subject == _partner.Root.Subject).Standing);
    }

    [Theory]
    [InlineData(TrustPurpose.Signatures, "partner.test", "SignedValid", null)]
    [InlineData(TrustPurpose.Both, "elsewhere.test", "SignedUntrusted", "PathInvalid")]
    [InlineData(TrustPurpose.Both, "test", "SignedUntrusted", "PathInvalid")]
    [InlineData(TrustPurpose.Encryption, "", "SignedUntrusted", "UnknownAuthority")]
    public async Task Trust_goes_as_far_as_it_was_given(TrustPurpose purpose, string domain, string verdict, string? reason)
    {
        string[] domains = domain.Length == 0 ? [] : domain == "test" ? ["artner.test"] : [domain];
        await TrustAsync(new TrustTerms(purpose, RevocationRequired: false, domains));
        var message = await ReceiveAsync(_carol);

        Assert.Equal((Enum.Parse<MessageVerdict>(verdict), reason), await VerdictAsync(message));
        Assert.DoesNotContain("/issuing.crl", _partner.Asked);
        Assert.NotEqual(RecipientHandling.EncryptedCompatible, await HandlingAsync("carol@partner.test"));
    }

    [Fact]
    public async Task Years_later_the_judgement_stands_by_what_was_kept()
    {
        await TrustAsync(Required);
        var message = await ReceiveAsync(_carol);
        await using (var db = await Db.Database.WriteAsync(_alice.Account.Organisation, Never))
        {
            await db.FetchedFiles.ExecuteDeleteAsync();
            await db.CommitAsync(Never);
        }

        _partner.IsAway = true;
        _clock.Advance(TimeSpan.FromDays(5 * 365));
        var check = await _portal.Get<Rechecking>().CheckAsync(_alice.Account, message, Never);

        Assert.Equal((MessageVerdict.SignedValid, MessageVerdict.SignedValid), (check!.Then, check.Again));
        var signer = Assert.Single(check.Signers);
        Assert.Equal(SignerStanding.Expired, signer.Now);
        Assert.Equal(["carol"], [signer.Name]);
        Assert.Equal(2, signer.Path.Count);
        Assert.NotEmpty(signer.ListsOf);
        Assert.Empty(signer.AnswersOf);
        Assert.Null(await _portal.Get<Rechecking>().CheckAsync(_alice.Account, StoredMessageId.New(), Never));

        // Without what was kept it would not stand.
        await using (var db = await Db.Database.WriteAsync(_alice.Account.Organisation, Never))
        {
            await db.EvidenceFiles.ExecuteDeleteAsync();
            await db.CommitAsync(Never);
        }

        Assert.Equal(MessageVerdict.SignedUntrusted, (await _portal.Get<Rechecking>().CheckAsync(_alice.Account, message, Never))!.Again);
    }

    [Fact]
    public async Task What_is_not_fresh_any_more_is_fetched_when_mail_is_written()
    {
        await TrustAsync(Required);
        await ReceiveAsync(_carol);
        Assert.Equal(RecipientHandling.EncryptedCompatible, await HandlingAsync("carol@partner.test"));
        _clock.Advance(TimeSpan.FromDays(8));
        Assert.NotEqual(RecipientHandling.EncryptedCompatible, await HandlingAsync("carol@partner.test"));

        _partner.Now = _clock.GetUtcNow();
        await _portal.WorkOffAsync();

        Assert.Equal(RecipientHandling.EncryptedCompatible, await HandlingAsync("carol@partner.test"));
    }

    [Fact]
    public async Task Names_that_are_no_domains_and_certificates_of_no_authority_are_refused()
    {
        var terms = Required with { Domains = ["partner.test", "not a domain"] };
        Assert.IsType<TrustAdding.WrongDomains>(await Authorities.AddAsync(_alice.Account, _partner.Root.RawData, null, terms, Never));
        Assert.IsType<TrustAdding.NoAuthority>(await Authorities.AddAsync(_alice.Account, _carol.Certificate.RawData, null, Required, Never));
        Assert.IsType<TrustAdding.NoCertificate>(await Authorities.AddAsync(_alice.Account, [1, 2, 3], null, Required, Never));
        Assert.IsType<TrustAdding.WrongRevocationList>(await Authorities.AddAsync(_alice.Account, _partner.Root.RawData, [0x30, 0], Required, Never));
        Assert.Empty(await Authorities.ListAsync(_alice.Account, Never));
        Assert.IsType<TrustDeciding.Unknown>(await Authorities.DecideAsync(_alice.Account, ForeignAuthorityId.New(), null, highest: false, Never));
        var bob = await _portal.EnrolAsync(_alice.Account.Organisation, "bob@example.test");
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Authorities.ListAsync(bob.Account, Never));
    }

    private async Task TrustAsync(TrustTerms terms) =>
        Assert.IsType<TrustAdding.Added>(await Authorities.AddAsync(_alice.Account, _partner.Root.RawData, null, terms, Never));

    private async Task<StoredMessageId> ReceiveAsync(TestHolder from)
    {
        var subject = $"signed {Guid.NewGuid():N}";
        var entity = await ForeignMail.SignAsync(ForeignMail.Text("Hello."), from);
        await _portal.ArriveAsync(_alice, ForeignMail.Message(from.Address, "alice@example.test", subject, entity), _clock.GetUtcNow());
        var row = await _portal.ReceiveAsync(_alice, subject);
        await _portal.WorkOffAsync();
        _clock.Advance(TimeSpan.FromSeconds(1));
        return row.Id;
    }

    private async Task<(MessageVerdict Verdict, string? Reason)> VerdictAsync(StoredMessageId message)
    {
        var verdict = (await _portal.OpenAsync(_alice, message)).Verdict;
        Assert.Equal(verdict.Verdict, (await _portal.ListAsync(_alice)).Single(one => one.Id == message).Verdict);
        return (verdict.Verdict, verdict.Signers.Single().Reasons.FirstOrDefault(one => !one.StartsWith("SigningTime", StringComparison.Ordinal)));
    }

    private async Task<RecipientHandling> HandlingAsync(string address)
    {
        var content = Mail.To(address, "answer");
        var preview = await _portal.Get<Sending>().PreviewAsync(_alice.Account, await _portal.WriteAsync(_alice, content), content, Never);
        return preview!.Recipients.Single().Handling;
    }

    // The database's clock is not ours to advance.
    private async Task RunAsync(Work.WorkKind kind)
    {
        await using (var db = await Db.Database.WriteAsync(_alice.Account.Organisation, Never))
        {
            var now = await db.NowAsync(Never);
            Assert.True(await db.WorkItems.Where(one => one.Kind == kind).ExecuteUpdateAsync(set => set.SetProperty(one => one.DueAt, now)) > 0);
            await db.CommitAsync(Never);
        }

        await _portal.WorkOffAsync();
    }

    private async Task<List<string>> ActionsAsync()
    {
        await using var db = await Db.Database.ReadAsync(_alice.Account.Organisation, Never);
        AuditAction[] looked = [AuditAction.TrustAdded, AuditAction.CertificateHarvested, AuditAction.MessageJudgedAgain, AuditAction.TrustRefused, AuditAction.TrustRemoved];
        return await db.AuditEntries.Where(one => looked.Contains(one.Action)).OrderBy(one => one.Sequence).Select(one => one.Action.ToString()).ToListAsync();
    }
}

public sealed class PostgresTrustTests(PostgresFixture postgres) : TrustContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => postgres.NewAsync();
}

public sealed class SqliteTrustTests(SqliteFixture sqlite) : TrustContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => sqlite.NewAsync();
}
