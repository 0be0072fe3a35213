using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Portal.Application.Accounts;
using Portal.Application.Audit;
using Portal.Application.Certificates;
using Portal.Application.KeyBroker;
using Portal.Application.KeyManagement;
using Portal.Application.Tests.Database;
using Portal.Application.Trust;
using Portal.Smime.Keys;
using Portal.Smime.Pkix;
using Portal.Testing;

namespace Portal.Application.Tests.Portals;

/// <summary>Pairs that end are renewed before they do; what was begun and never signed is ended.</summary>
public sealed class RenewalTests(SqliteFixture files) : IAsyncLifetime
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private TestDatabase _database = null!;
    private TestPortal _portal = null!;
    private OrganisationId _organisation;
    private SignedInPerson _alice = null!;

    private CertificateRenewal Renewal => _portal.Get<CertificateRenewal>();

    public async ValueTask InitializeAsync()
    {
        _database = await files.NewAsync();
        _portal = await TestPortal.StartAsync(_database, _clock);
        _organisation = await _portal.FoundAsync("example.test");
        _alice = await _portal.EnrolAsync(_organisation, "alice@example.test", Roles.User | Roles.Administrator);
    }

    public async ValueTask DisposeAsync()
    {
        await _portal.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_pair_is_renewed_thirty_days_before_its_end_and_once()
    {
        _clock.Advance(TimeSpan.FromDays(334));
        Assert.Equal(0, await Renewal.RenewAsync(_organisation, Never));

        _clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(2, await Renewal.RenewAsync(_organisation, Never));
        Assert.Equal(0, await Renewal.RenewAsync(_organisation, Never));

        var certificates = await OfAliceAsync();
        Assert.Equal(4, certificates.Count);
        foreach (var kind in new[] { CertificateKind.Signing, CertificateKind.Encryption })
        {
            var (former, newer) = (certificates.First(one => one.Kind == kind), certificates.Last(one => one.Kind == kind));
            Assert.NotEqual(former.KeyId, newer.KeyId);
            Assert.True(newer.NotAfter - former.NotAfter > TimeSpan.FromDays(330));
            Assert.Equal(CertificateState.Issued, former.State);
        }

        await using var db = await _portal.Database.ReadAsync(_organisation, Never);
        Assert.Equal(2, await db.AuditEntries.CountAsync(one => one.Action == AuditAction.KeyReplaced && one.Actor == "portal:renewal"));
    }

    [Fact]
    public async Task Who_is_disabled_and_what_is_suspended_is_not_renewed()
    {
        var bob = await _portal.EnrolAsync(_organisation, "bob@example.test");
        var signing = (await OfAliceAsync()).Single(one => one.Kind == CertificateKind.Signing);
        await _portal.Get<CertificateRevocation>().SuspendAsync(_alice.Account, signing.Id, Never);
        await _portal.Get<People>().DisableAsync(_alice.Account, bob.Account.Account, Never);
        _clock.Advance(TimeSpan.FromDays(340));

        Assert.Equal(1, await Renewal.RenewAsync(_organisation, Never));

        Assert.Equal(CertificateKind.Encryption, (await OfAliceAsync()).Last().Kind);
    }

    [Fact]
    public async Task What_was_begun_and_not_signed_is_revoked_by_its_serial_number_and_its_key_destroyed()
    {
        _portal.KeyStores.Asking = _ => throw new KeyStoreException(KeyStoreFailure.Unavailable, "Pulled out.");
        await Assert.ThrowsAsync<KeyStoreException>(() => _portal.Get<CertificateAuthority>().IssueAsync(
            _alice.Account, _alice.Account.Account, "Alice", Address("alice@example.test"), CertificateKind.Signing, Never));
        _portal.KeyStores.Asking = _ => Task.CompletedTask;
        var begun = (await OfAliceAsync()).Single(one => one.State == CertificateState.Intended);
        await Renewal.EndUnfinishedAsync(_organisation, Never);
        Assert.Equal(CertificateState.Intended, (await OfAliceAsync()).Single(one => one.Id == begun.Id).State);

        _clock.Advance(TimeSpan.FromHours(2));
        await Renewal.EndUnfinishedAsync(_organisation, Never);
        await _portal.Get<RevocationLists>().PublishAsync(_organisation, Never);

        Assert.Equal(CertificateState.Revoked, (await OfAliceAsync()).Single(one => one.Id == begun.Id).State);
        Assert.True(RevocationList.TryParse((await _portal.Get<PublishedFiles>().RevocationListAsync(begun.IssuerId!.Value, 0, Never))!.Content, out var list));
        Assert.NotNull(list.Find(Convert.FromHexString(begun.SerialNumber)));
        await using var db = await _portal.Database.ReadAsync(_organisation, Never);
        Assert.NotNull((await db.ManagedKeys.SingleAsync(one => one.Id == begun.KeyId)).DestroyedAt);
        Assert.Equal(1, await db.ManagedKeys.CountAsync(one => one.OwnerId == _alice.Account.Account && one.Purpose == KeyPurpose.SignMessage && one.ReplacedAt == null && one.DestroyedAt == null));
    }

    [Fact]
    public async Task What_is_not_renewed_by_itself_is_told_at_each_mark_once_to_its_holder_and_to_managers()
    {
        using var authority = new TestAuthority("Outside");
        var bob = await _portal.EnrolAsync(_organisation, "bob@example.test");
        Assert.IsType<TrustAdding.Added>(await _portal.Get<ForeignAuthorities>().AddAsync(
            _alice.Account, authority.CertificateBytes, null, new TrustTerms(TrustPurpose.Both, RevocationRequired: false, []), Never));
        var pair = authority.Issue("bob@example.test", validUntil: _clock.GetUtcNow().AddDays(100));
        Assert.IsType<PairImport.Done>(await _portal.Get<PairImporting>().ImportAsync(
            _alice.Account, bob.Account.Account, [await File.ReadAllBytesAsync(pair.CertificateFile), await File.ReadAllBytesAsync(pair.KeyFile)], "", ImportPurpose.NewMail, Never));
        foreach (var (left, mails) in new[] { (61, 0), (59, 1), (58, 1), (29, 2), (8, 2), (6, 3), (2, 3), (1, 4) })
        {
            _clock.Advance(pair.Certificate.NotAfter.ToUniversalTime() - TimeSpan.FromDays(left) - _clock.GetUtcNow().UtcDateTime + TimeSpan.FromMinutes(1));
            await _portal.Get<CertificateAlerts>().TellAsync(_organisation, Never);
            await _portal.WorkOffAsync();
            Assert.Equal((left, mails, mails), (left, await MailsAsync(_alice), await MailsAsync(bob)));
            Assert.Equal(left < 60 ? 2 : 0, (await _portal.Get<CertificateDesk>().AttentionAsync(_alice.Account, Never)).Ending);
        }
    }

    private async Task<int> MailsAsync(SignedInPerson person) => (await _portal.ListAsync(person)).Count(one => one.Subject == "Certificates end soon");

    private static AddrSpec Address(string text) => AddrSpec.TryParse(text, out var address) ? address : throw new ArgumentException(text, nameof(text));

    private async Task<List<Certificate>> OfAliceAsync()
    {
        await using var db = await _portal.Database.ReadAsync(_organisation, Never);
        return await db.Certificates.Where(one => one.OwnerId == _alice.Account.Account).OrderBy(one => one.CreatedAt).ToListAsync();
    }
}
