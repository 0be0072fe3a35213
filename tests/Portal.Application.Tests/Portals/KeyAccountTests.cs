using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Audit;
using Portal.Application.KeyBroker;
using Portal.Application.Tests.Database;

namespace Portal.Application.Tests.Portals;

/// <summary>Every use of a private key is on record: before it is made, with what it was for, and what became of it.</summary>
public sealed class KeyAccountTests(PostgresFixture server) : IAsyncLifetime
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private TestDatabase _database = null!;
    private TestPortal _portal = null!;
    private SignedInPerson _alice = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await server.NewAsync();
        _portal = await TestPortal.StartAsync(_database);
        _alice = await _portal.EnrolAsync(await _portal.FoundAsync("example.test"), "alice@example.test", Roles.User | Roles.Administrator);
    }

    public async ValueTask DisposeAsync()
    {
        await _portal.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task The_authority_issues_and_signs_its_list_each_by_name()
    {
        await _portal.Get<Certificates.RevocationLists>().PublishAsync(_alice.Account.Organisation, Never);

        var uses = await UsesAsync();

        foreach (var task in new[] { KeyTask.IssueCertificate, KeyTask.SignRevocationList })
        {
            var (requested, used) = (uses.Count(use => use == (AuditAction.KeyUseRequested, $"{task}")), uses.Count(use => use == (AuditAction.KeyUsed, $"{task}")));
            Assert.True(requested > 0 && requested == used, $"{task}: {requested} requested, {used} used");
        }
    }

    [Fact]
    public async Task What_is_denied_is_on_record_with_what_it_was_for()
    {
        var pair = (await _portal.Get<Certificates.PersonCertificates>().FindAsync(_alice.Account.Organisation, _alice.Account.Account, Never))!;

        Assert.IsType<KeyGrant.Denied>(await _portal.Get<KeyBroker.KeyBroker>().GrantAsync(_alice.Account, pair.SigningKey, KeyTask.IssueCertificate, Never));

        Assert.Contains((AuditAction.KeyUseDenied, $"{KeyTask.IssueCertificate}"), await UsesAsync());
    }

    [Fact]
    public async Task A_use_that_was_given_up_has_an_end()
    {
        var pair = (await _portal.Get<Certificates.PersonCertificates>().FindAsync(_alice.Account.Organisation, _alice.Account.Account, Never))!;
        var key = Assert.IsType<KeyGrant.Granted>(await _portal.Get<KeyBroker.KeyBroker>().GrantAsync(_alice.Account, pair.SigningKey, KeyTask.SignMessage, Never)).Key;
        using var end = new CancellationTokenSource();
        _portal.KeyStores.Asking = async token =>
        {
            await end.CancelAsync();
            token.ThrowIfCancellationRequested();
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => key.SignDigestAsync(new byte[32], pair.Scheme, end.Token));

        Assert.Equal(
            [(AuditAction.KeyUseRequested, nameof(KeyTask.SignMessage)), (AuditAction.KeyUseFailed, nameof(KeyTask.SignMessage))],
            (await UsesAsync()).Where(use => use.Task == nameof(KeyTask.SignMessage)));
    }

    private async Task<List<(AuditAction Action, string Task)>> UsesAsync()
    {
        await using var db = await _portal.Database.ReadAsync(_alice.Account.Organisation, Never);
        var entries = await db.AuditEntries.Where(one => one.Detail.Contains("task")).OrderBy(one => one.Sequence).ToListAsync();
        return entries.ConvertAll(one => (one.Action, JsonDocument.Parse(one.Detail).RootElement.GetProperty("task").GetString()!));
    }
}
