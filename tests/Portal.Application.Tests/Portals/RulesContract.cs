using Microsoft.EntityFrameworkCore;
using Portal.Application.Audit;
using Portal.Application.Compose;
using Portal.Application.Policies;
using Portal.Application.Protection;

namespace Portal.Application.Tests.Portals;

/// <summary>An organisation's rules, from the administrator's page to what recipients get. Each test's rules hold for its own tag only.</summary>
public abstract class RulesContract(Clinic clinic)
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private readonly string _tag = $"[{Guid.NewGuid().ToString("N")[..12]}]";

    private TestPortal Portal => clinic.Portal;

    private Actor.Person Admin => clinic.Alice.Account;

    private OutgoingRules Rules => Portal.Get<OutgoingRules>();

    [Fact]
    public async Task A_tag_asks_for_encryption_and_is_taken_out_of_the_subject()
    {
        await AddAsync(Tagged(RuleAction.Encrypt) with { StripsTag = true });
        var subject = $"results {Guid.NewGuid():N}";
        await Portal.SendAsync(clinic.Alice, Mail.To("bob@example.test", $"{subject} {_tag.ToUpperInvariant()}"));
        Assert.Equal(subject, (await Portal.ReceiveAsync(clinic.Bob, subject)).Subject);
    }

    [Fact]
    public async Task A_tag_that_is_kept_arrives()
    {
        await AddAsync(Tagged(RuleAction.Sign) with { StripsTag = false });
        var subject = $"{_tag} results {Guid.NewGuid():N}";
        await Portal.SendAsync(clinic.Alice, Mail.To("bob@example.test", subject));
        await Portal.ReceiveAsync(clinic.Bob, subject);
    }

    [Fact]
    public async Task Who_must_be_encrypted_for_and_cannot_gets_nothing_whatever_its_sender_chooses()
    {
        await AddAsync(Tagged(RuleAction.Encrypt) with { Name = "Partners", Recipients = RuleRecipients.DomainAndBelow, Domain = "partner.test" });
        var content = Mail.To("bob@example.test, one@mail.partner.test, two@other.test", _tag);
        var draft = await Portal.WriteAsync(clinic.Alice, content);
        var preview = await PreviewAsync(draft, content);
        Assert.Equal(
            [RecipientHandling.Encrypted, RecipientHandling.EncryptionRequired, RecipientHandling.NoCertificate], preview.Recipients.Select(one => one.Handling));
        Assert.Equal("Partners", Assert.Single(preview.Recipients[1].Rules.Deciding).Name);
        Assert.Empty(preview.Recipients[2].Rules.Deciding);
        Assert.Equal(SendProblem.EncryptionRequired, (await RefusedAsync(draft)).Problem);
        Assert.Equal(SendProblem.EncryptionRequired, (await RefusedAsync(draft, UnencryptableChoice.SendSignedOnly)).Problem);
        await Portal.Get<Drafts>().SaveAsync(Admin, draft, content with { Protect = false }, null, Never);
        Assert.Equal(SendProblem.ProtectionRequired, (await RefusedAsync(draft)).Problem);
        await Portal.Get<Drafts>().SaveAsync(Admin, draft, content, null, Never);
        var sent = Assert.IsType<SendOutcome.Accepted>(await Portal.SendAsync(clinic.Alice, draft, UnencryptableChoice.LeaveOut));
        Assert.Equal(["bob@example.test"], (await Portal.OpenAsync(clinic.Alice, sent.SentCopy)).Deliveries.Select(one => one.Address));
    }

    [Fact]
    public async Task A_rule_made_after_the_preview_wins_and_its_sentence_is_said()
    {
        var content = Mail.To("bob@example.test, one@outside.test", _tag);
        var draft = await Portal.WriteAsync(clinic.Alice, content);
        Assert.DoesNotContain((await PreviewAsync(draft, content)).Recipients, one => one.Handling == RecipientHandling.RefusedByRule);
        await AddAsync(Tagged(RuleAction.Refuse) with { Sentence = "Inside only.", SenderRole = Roles.Administrator, Recipients = RuleRecipients.Outside });

        var refused = await RefusedAsync(draft);
        Assert.Equal(SendProblem.RefusedByRule, refused.Problem);
        Assert.Equal([RecipientHandling.Encrypted, RecipientHandling.RefusedByRule], refused.Recipients.Select(one => one.Handling));
        Assert.Equal("Inside only.", Assert.Single(refused.Recipients[1].Rules.Deciding).Sentence);

        // Bob has not that role.
        var bobs = await Portal.WriteAsync(clinic.Bob, content);
        Assert.Equal(SendProblem.Unencryptable, Assert.IsType<SendOutcome.Refused>(await Portal.SendAsync(clinic.Bob, bobs)).Problem);
    }

    [Fact]
    public async Task A_warning_is_confirmed_as_it_reads_now_and_that_is_on_record()
    {
        var warning = Tagged(RuleAction.Warn) with { Sentence = "Really?", HeaderName = "to", HeaderText = "BOB@" };
        var rule = await AddAsync(warning);
        var draft = await Portal.WriteAsync(clinic.Alice, Mail.To("bob@example.test", _tag));
        var first = await RefusedAsync(draft);
        Assert.Equal((SendProblem.Unconfirmed, "Really?"), (first.Problem, Assert.Single(first.Unconfirmed).Sentence));

        Assert.IsType<RuleChange.Done>(await Rules.ChangeAsync(Admin, rule, 0, warning with { Sentence = "Really, really?" }, Never));
        Assert.Equal(SendProblem.Unconfirmed, Assert.IsType<SendOutcome.Refused>(await ConfirmAsync(draft, first)).Problem);
        var accepted = Assert.IsType<SendOutcome.Accepted>(await ConfirmAsync(draft, await RefusedAsync(draft)));

        await using var db = await Portal.Database.ReadAsync(clinic.Organisation, Never);
        var entry = await db.AuditEntries.SingleAsync(one => one.Action == AuditAction.MessageSent && one.Subject == accepted.SentCopy.Value);
        Assert.Contains($"\"confirmed\":\"{rule}\"", entry.Detail, StringComparison.Ordinal);
        var change = await db.AuditEntries.SingleAsync(one => one.Action == AuditAction.OutgoingRuleChanged && one.Subject == rule.Value);
        Assert.Contains("\"old.sentence\":\"Really?\"", change.Detail, StringComparison.Ordinal);
        Assert.Contains("\"new.sentence\":\"Really, really?\"", change.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_switched_off_or_removed_does_not_count_and_who_is_late_is_told()
    {
        var rule = await AddAsync(Tagged(RuleAction.Refuse) with { Sentence = "No." });
        Assert.IsType<RuleChange.Done>(await Rules.SwitchAsync(Admin, rule, 0, on: false, Never));
        Assert.IsType<RuleChange.ChangedElsewhere>(await Rules.SwitchAsync(Admin, rule, 0, on: false, Never));
        Assert.IsType<RuleChange.ChangedElsewhere>(await Rules.RemoveAsync(Admin, rule, 0, Never));
        await Portal.SendAsync(clinic.Alice, Mail.To("bob@example.test", $"{_tag} off"));
        Assert.IsType<RuleChange.Done>(await Rules.SwitchAsync(Admin, rule, 1, on: true, Never));
        Assert.Equal(SendProblem.RefusedByRule, (await RefusedAsync(await Portal.WriteAsync(clinic.Alice, Mail.To("bob@example.test", $"{_tag} on")))).Problem);
        Assert.IsType<RuleChange.Done>(await Rules.RemoveAsync(Admin, rule, 2, Never));
        Assert.Null(await Rules.FindAsync(Admin, rule, Never));
        await Portal.SendAsync(clinic.Alice, Mail.To("bob@example.test", $"{_tag} gone"));
    }

    [Fact]
    public async Task Rules_are_an_administrators_and_of_their_own_organisation()
    {
        var rule = await AddAsync(Tagged(RuleAction.Sign));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Rules.ListAsync(clinic.Bob.Account, Never));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Rules.AddAsync(clinic.Bob.Account, OutgoingRuleDefinition.Empty, Never));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Rules.RemoveAsync(clinic.Bob.Account, rule, 0, Never));
        if (clinic.Mallory is { Account: var mallory })
        {
            var stranger = mallory with { Roles = Roles.Administrator };
            Assert.Null(await Rules.FindAsync(stranger, rule, Never));
            Assert.IsType<RuleChange.Gone>(await Rules.SwitchAsync(stranger, rule, 0, on: false, Never));
            Assert.DoesNotContain(await Rules.ListAsync(stranger, Never), one => one.Id == rule);
        }
    }

    private OutgoingRuleDefinition Tagged(RuleAction action) => OutgoingRuleDefinition.Empty with { Name = _tag, Action = action, SubjectTag = _tag };

    private async Task<OutgoingRuleId> AddAsync(OutgoingRuleDefinition rule) => Assert.IsType<RuleChange.Done>(await Rules.AddAsync(Admin, rule, Never)).Id;

    private async Task<SendPreview> PreviewAsync(DraftId draft, DraftContent content) =>
        (await Portal.Get<Sending>().PreviewAsync(clinic.Alice.Account, draft, content, Never))!;

    private async Task<SendOutcome.Refused> RefusedAsync(DraftId draft, UnencryptableChoice choice = UnencryptableChoice.Ask) =>
        Assert.IsType<SendOutcome.Refused>(await Portal.SendAsync(clinic.Alice, draft, choice));

    private Task<SendOutcome> ConfirmAsync(DraftId draft, SendOutcome.Refused asked) => Portal.Get<Sending>().SendAsync(
        clinic.Alice.Account, draft, UnencryptableChoice.Ask, asked.Unconfirmed.Select(one => new ConfirmedWarning(one.Id, one.Version)).ToList(), null, Never);
}

public sealed class RulesOnPostgresTests(PostgresClinic clinic) : RulesContract(clinic)
{
    private readonly PostgresClinic _clinic = clinic;

    [Fact]
    public async Task A_rule_that_cannot_be_read_stops_everything()
    {
        var mallory = _clinic.Mallory!;
        var rules = _clinic.Portal.Get<OutgoingRules>();
        var admin = mallory.Account with { Roles = Roles.User | Roles.Administrator };
        var rule = Assert.IsType<RuleChange.Done>(
            await rules.AddAsync(admin, OutgoingRuleDefinition.Empty with { Name = "Newer", SubjectTag = "[never]" }, CancellationToken.None)).Id;
        await using (var db = await _clinic.Portal.Database.WriteAsync(mallory.Account.Organisation, CancellationToken.None))
        {
            await db.OutgoingRules.Where(one => one.Id == rule).ExecuteUpdateAsync(
                one => one.SetProperty(row => row.Definition, row => row.Definition.Replace("\"Name\"", "\"Weekday\":\"Monday\",\"Name\"")));
            await db.CommitAsync(CancellationToken.None);
        }

        var refused = Assert.IsType<SendOutcome.Refused>(
            await _clinic.Portal.SendAsync(mallory, await _clinic.Portal.WriteAsync(mallory, Mail.To("mallory@rival.test", "hello")), UnencryptableChoice.LeaveOut));
        Assert.Equal(SendProblem.RuleUnreadable, refused.Problem);
        Assert.Null((await rules.FindAsync(admin, rule, CancellationToken.None))!.Definition);
        Assert.IsType<RuleChange.Done>(await rules.RemoveAsync(admin, rule, 0, CancellationToken.None));
    }
}

public sealed class RulesOnSqliteTests(SqliteClinic clinic) : RulesContract(clinic);
