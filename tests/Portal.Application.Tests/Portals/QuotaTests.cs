using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Compose;
using Portal.Application.LargeFiles;
using Portal.Application.Organisations;
using Portal.Application.Outbox;
using Portal.Application.Quotas;
using Portal.Application.Setup;
using Portal.Application.Tests.Database;
using Portal.Smime.Mime;

namespace Portal.Application.Tests.Portals;

/// <summary>What an organisation may use, and what happens beyond it: words, and nothing lost.</summary>
public sealed class QuotaTests(SqliteFixture files) : IAsyncLifetime
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly OrganisationLimits None = new(null, null, null, null, null, null);
    private TestDatabase _database = null!;
    private TestPortal _portal = null!;
    private SignedInPerson _alice = null!;
    private SignedInPerson _bob = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await files.NewAsync();
        _portal = await TestPortal.StartAsync(_database, ("Portal:Limits:Recipients", "50"), ("Portal:Limits:MessageBytes", "200000000"));
        var organisation = await _portal.FoundAsync("example.test");
        _alice = await _portal.EnrolAsync(organisation, "alice@example.test", Roles.User | Roles.Administrator);
        _bob = await _portal.EnrolAsync(organisation, "bob@example.test");
    }

    public async ValueTask DisposeAsync()
    {
        await _portal.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public void What_may_be_sent_at_most_can_be_opened()
    {
        var range = typeof(QuotaOptions).GetProperty(nameof(QuotaOptions.MessageBytes))!.GetCustomAttribute<RangeAttribute>()!;

        // Attachment, then ciphertext: 57 bytes are a line of 78. The rest is for the text.
        var most = long.Parse((string)range.Maximum, CultureInfo.InvariantCulture) * Math.Pow(78 / 57.0, 2);

        Assert.InRange(most, 1, OpeningLimits.Default.MessageBytes * 0.95);
    }

    [Fact]
    public async Task Each_limit_is_said_when_it_is_reached_and_only_then()
    {
        Assert.False(await LimitAsync(None with { Recipients = 51 }));
        Assert.False(await LimitAsync(None with { People = 0 }));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => _portal.Get<OrganisationUse>().LimitAsync(_bob.Account, None, Never));

        // People, with those who are invited.
        Assert.True(await LimitAsync(None with { People = 3 }));
        Assert.IsType<InvitationOutcome.Invited>(await InviteAsync("cleo@example.test"));
        Assert.Equal(new InvitationOutcome.Invalid(InvitationProblem.NoRoom), await InviteAsync("dora@example.test"));

        // Recipients and messages.
        Assert.True(await LimitAsync(None with { Recipients = 1, MessagesPerDay = 2 }));
        Assert.Equal(SendProblem.TooManyRecipients, await RefusedAsync("bob@example.test, alice@example.test"));
        await _portal.SendAsync(_alice, Mail.To("bob@example.test", "one"));
        await _portal.SendAsync(_alice, Mail.To("bob@example.test", "two"));
        Assert.Equal(SendProblem.TooManyMessages, await RefusedAsync("bob@example.test"));

        // What a message holds follows the organisation's choice; what does not fit travels beside it.
        Assert.True(await LimitAsync(None with { MessageBytes = 1000 }));
        Assert.IsType<FileTaking.Taken>(await AttachAsync(1001));
    }

    [Fact]
    public async Task A_full_mailbox_loses_nothing()
    {
        await _portal.SendAsync(_alice, Mail.To("bob@example.test", "before"));
        await _portal.ReceiveAsync(_bob, "before");
        await _portal.SendAsync(_alice, Mail.To("bob@example.test", "waits"));
        Assert.True(await LimitAsync(None with { MailboxBytes = 1 }));
        Assert.Equal(SendProblem.MailboxFull, await RefusedAsync("bob@example.test"));
        Assert.IsType<FileTaking.NoRoom>(await AttachAsync(10));
        await _portal.WorkUntilAsync(async () =>
        {
            await using var db = await _portal.Database.ReadAsync(_alice.Account.Organisation, Never);
            return await db.Deliveries.AnyAsync(one => one.State == DeliveryState.Postponed);
        });
        Assert.True(await LimitAsync(None));
        await _portal.ReceiveAsync(_bob, "waits");
        var figures = await _portal.Get<OrganisationUse>().ReadAsync(_alice.Account, Never);
        Assert.True(figures.StoredBytes > figures.LargestMailboxBytes && figures.LargestMailboxBytes > 0);
    }

    private Task<bool> LimitAsync(OrganisationLimits limits) => _portal.Get<OrganisationUse>().LimitAsync(_alice.Account, limits, Never);

    private Task<InvitationOutcome> InviteAsync(string email) =>
        _portal.Get<Invitations>().InviteAsync(_alice.Account, new Invitation(email, "Somebody", Roles.User, null), Never);

    private async Task<SendProblem> RefusedAsync(string to) =>
        Assert.IsType<SendOutcome.Refused>(await _portal.SendAsync(_alice, await _portal.WriteAsync(_alice, Mail.To(to, "more")))).Problem;

    private async Task<FileTaking> AttachAsync(int length)
    {
        using var content = new MemoryStream(new byte[length]);
        return await _portal.Get<DraftFiles>().AttachAsync(
            _alice.Account, await _portal.WriteAsync(_alice, Mail.To("bob@example.test", "with a file")), "file.bin", "application/octet-stream", content, Never);
    }
}
