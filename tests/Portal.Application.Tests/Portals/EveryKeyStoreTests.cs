using Microsoft.EntityFrameworkCore;
using Portal.Application.Approvals;
using Portal.Application.Audit;
using Portal.Application.Certificates;
using Portal.Application.Checks;
using Portal.Application.KeyBroker;
using Portal.Application.KeyManagement;
using Portal.Application.Mailboxes;
using Portal.Application.Organisations;
using Portal.Application.Tests.Database;
using Portal.Testing;
using Portal.Testing.KeyVault;

namespace Portal.Application.Tests.Portals;

/// <summary>On each key store: what keys cost in uses, and that old mail opens when the keys that it was for are gone.</summary>
public sealed class EveryKeyStoreTests(PostgresFixture server)
{
    private static readonly CancellationToken Never = CancellationToken.None;

    public static TheoryData<string> Stores => ["local", "hsm", "vault"];

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task When_old_keys_are_destroyed_all_old_mail_still_opens(string store)
    {
        await using var database = await server.NewAsync();
        await using var vault = await KeyVaultServer.StartAsync();
        await using var portal = await StartAsync(database, vault, store);
        var organisation = await portal.FoundAsync("example.test");
        var alice = await portal.EnrolAsync(organisation, "alice@example.test", Roles.User | Roles.Administrator);
        var bob = await portal.EnrolAsync(organisation, "bob@example.test");
        await portal.SendAsync(alice, Mail.To("bob@example.test", "Of old"));
        var old = await portal.ReceiveAsync(bob, "Of old");
        var before = await KeysAsync(portal, alice);
        Assert.All(before, key => Assert.Equal(key.Purpose == KeyPurpose.AnswerForAuthority ? "local" : store, key.Store));

        foreach (var key in before.Where(one => one.Purpose is KeyPurpose.OpenMessage or KeyPurpose.SignMessage or KeyPurpose.UnwrapDataKey))
        {
            Assert.IsType<KeyReplaced.Done>(await portal.Get<KeyReplacing>().ReplaceAsync(alice.Account, key.Id, Never));
            foreach (var certificate in (await portal.Get<KeyDesk>().FindAsync(alice.Account, key.Id, Never))!.Certificates)
            {
                Assert.IsType<CertificateStanding.Done>(await portal.Get<CertificateRevocation>().RevokeAsync(alice.Account, certificate.Id, RevocationCause.Superseded, Never));
            }

            await DestroyAsync(portal, alice, key.Id);
        }

        // A process that never saw the old keys.
        await using var another = await portal.AnotherNodeAsync([.. Settings(vault, store)]);
        Assert.Contains("The body.", await another.BodyAsync(bob, old.Id), StringComparison.Ordinal);
        await another.SendAsync(bob, Mail.To("alice@example.test", "Of now"));
        Assert.Equal(MessageVerdict.SignedValid, (await another.ReceiveAsync(alice, "Of now")).Verdict);
        Assert.Equal(5, (await KeysAsync(portal, alice)).Count(key => key.Standing == KeyStanding.Destroyed));
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task One_signature_for_a_message_sent_and_one_unwrap_for_one_received_and_one_for_the_organisation(string store)
    {
        await using var database = await server.NewAsync();
        await using var vault = await KeyVaultServer.StartAsync();
        await using var portal = await StartAsync(database, vault, store);
        var organisation = await portal.FoundAsync("example.test");
        var alice = await portal.EnrolAsync(organisation, "alice@example.test");
        var bob = await portal.EnrolAsync(organisation, "bob@example.test");
        await using var fresh = await portal.AnotherNodeAsync([.. Settings(vault, store)]);
        var mark = await LastEntryAsync(portal, organisation);

        for (var number = 0; number < 5; number++)
        {
            await fresh.SendAsync(alice, Mail.To("bob@example.test", $"Number {number}"));
            var row = await fresh.ReceiveAsync(bob, $"Number {number}");
            for (var look = 0; look < 3; look++)
            {
                await fresh.OpenAsync(bob, row.Id);
                await fresh.BodyAsync(bob, row.Id);
            }
        }

        var uses = await UsesAsync(portal, organisation, mark);
        Assert.Equal(
            [$"KeyUseRequested OpenMessage 5", "KeyUseRequested SignMessage 5", "KeyUseRequested UnwrapDataKey 1", "KeyUsed OpenMessage 5", "KeyUsed SignMessage 5", "KeyUsed UnwrapDataKey 1"],
            uses.GroupBy(use => $"{use.Action} {use.Task}").Select(group => $"{group.Key} {group.Count()}").Order(StringComparer.Ordinal));
        if (store == "vault")
        {
            var operations = vault.Requests.Where(request => request.Path.EndsWith("/sign", StringComparison.Ordinal) || request.Path.EndsWith("/unwrapkey", StringComparison.Ordinal));
            Assert.True(operations.Count(request => request.Status == 200) < 40, "Calls without a record.");
        }
    }

    [Fact]
    public async Task Keys_move_to_another_store_and_mail_is_read_and_sent_all_the_while()
    {
        await using var database = await server.NewAsync();
        await using var vault = await KeyVaultServer.StartAsync();
        await using var portal = await TestPortal.StartAsync(database, [.. vault.Settings("vault")]);
        var organisation = await portal.FoundAsync("example.test");
        var alice = await portal.EnrolAsync(organisation, "alice@example.test", Roles.User | Roles.Administrator);
        var bob = await portal.EnrolAsync(organisation, "bob@example.test");
        await portal.SendAsync(alice, Mail.To("bob@example.test", "From the old store"));
        Assert.Empty(await portal.Get<KeyReplacing>().ElsewhereAsync(alice.Account, Never));

        Assert.True(await portal.Get<KeyStoreChoosing>().ChangeAsync(alice.Account, new KeyStoreChoice("vault", "local", "vault"), Never));
        foreach (var key in await portal.Get<KeyReplacing>().ElsewhereAsync(alice.Account, Never))
        {
            Assert.IsType<KeyReplaced.Done>(await portal.Get<KeyReplacing>().ReplaceAsync(alice.Account, key, Never));
        }

        Assert.Empty(await portal.Get<KeyReplacing>().ElsewhereAsync(alice.Account, Never));
        Assert.Equal(MessageVerdict.SignedValid, (await portal.ReceiveAsync(bob, "From the old store")).Verdict);
        await portal.SendAsync(alice, Mail.To("bob@example.test", "From the new one"));
        Assert.Equal(MessageVerdict.SignedValid, (await portal.ReceiveAsync(bob, "From the new one")).Verdict);
        var inUse = (await KeysAsync(portal, alice)).Where(key => key.Standing == KeyStanding.InUse).Select(key => $"{key.Purpose} {key.Store}").Distinct();
        Assert.Equal(["AnswerForAuthority local", "CertificateAuthority local", "OpenMessage vault", "SignMessage local", "UnwrapDataKey vault"], inUse.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_key_deleted_behind_our_back_is_missed_and_mail_waits_until_it_is_recovered()
    {
        await using var database = await server.NewAsync();
        await using var vault = await KeyVaultServer.StartAsync();
        await using var portal = await StartAsync(database, vault, "vault");
        var organisation = await portal.FoundAsync("example.test");
        var alice = await portal.EnrolAsync(organisation, "alice@example.test", Roles.User | Roles.Administrator);
        var bob = await portal.EnrolAsync(organisation, "bob@example.test");
        var key = Assert.Single((await portal.Get<KeyDesk>().ListAsync(alice.Account, new KeyFilter("bob@example.test", KeyPurpose.OpenMessage), 0, Never)).Rows);
        var name = (await portal.Get<KeyDesk>().FindAsync(alice.Account, key.Id, Never))!.Name;

        vault.Delete(name);
        await portal.SendAsync(alice, Mail.To("bob@example.test", "Waits"));
        await WaitsForAsync(portal, bob, WaitReason.KeyMissing);

        var missed = (await portal.Get<KeyDesk>().FindAsync(alice.Account, key.Id, Never))!.Row;
        Assert.Contains("no such key", missed.Refusal, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(await portal.Get<InstallationCheck>().RunAsync(Never), finding => finding.What.Contains("1 keys did not work", StringComparison.Ordinal));
        vault.Recover(name);
        vault.Enable(name, false);
        await DueAsync(portal, organisation);
        await WaitsForAsync(portal, bob, WaitReason.KeyDisabled);

        vault.Enable(name, true);
        await DueAsync(portal, organisation);
        Assert.Equal(MessageVerdict.SignedValid, (await portal.ReceiveAsync(bob, "Waits")).Verdict);
        Assert.Null((await portal.Get<KeyDesk>().FindAsync(alice.Account, key.Id, Never))!.Row.RefusedAt);
    }

    private static async Task<TestPortal> StartAsync(TestDatabase database, KeyVaultServer vault, string store) =>
        await TestPortal.StartAsync(database, [.. await FreshSettingsAsync(vault, store)]);

    private static SoftHsmToken? _token;

    private static async Task<IEnumerable<(string Name, string Value)>> FreshSettingsAsync(KeyVaultServer vault, string store)
    {
        _token ??= store == "hsm" ? await SoftHsmToken.TakeAsync() : null;
        return Settings(vault, store);
    }

    private static IEnumerable<(string Name, string Value)> Settings(KeyVaultServer vault, string store)
    {
        var stores = store switch { "hsm" => _token!.Settings("hsm"), "vault" => vault.Settings("vault"), _ => [] };
        return stores.Append(("Portal:KeyStores:Default", store));
    }

    private static async Task<IReadOnlyList<KeyRow>> KeysAsync(TestPortal portal, SignedInPerson administrator)
    {
        var living = await portal.Get<KeyDesk>().ListAsync(administrator.Account, new KeyFilter(), 0, Never);
        var destroyed = await portal.Get<KeyDesk>().ListAsync(administrator.Account, new KeyFilter(Standing: KeyStanding.Destroyed), 0, Never);
        return [.. living.Rows, .. destroyed.Rows];
    }

    // An only administrator waits for a day, which passes at once here.
    private static async Task DestroyAsync(TestPortal portal, SignedInPerson administrator, ManagedKeyId key)
    {
        var asked = Assert.IsType<KeyDestructionAsked.Asked>(await portal.Get<KeyDestruction>().AskAsync(administrator.Account, key, Never));
        Assert.NotNull(asked.DueAt);
        await using (var db = await portal.Database.WriteAsync(administrator.Account.Organisation, Never))
        {
            var now = await db.NowAsync(Never);
            await db.Approvals.Where(one => one.Kind == ApprovalKind.DestroyKey && one.Subject == key.Value).ExecuteUpdateAsync(set => set.SetProperty(one => one.DueAt, (DateTimeOffset?)now), Never);
            await db.WorkItems.Where(one => one.Kind == Work.WorkKind.DestroyKey).ExecuteUpdateAsync(set => set.SetProperty(one => one.DueAt, now), Never);
            await db.CommitAsync(Never);
        }

        await portal.WorkUntilAsync(async () => (await portal.Get<KeyDesk>().FindAsync(administrator.Account, key, Never))!.DestroyedAt is not null);
    }

    private static Task WaitsForAsync(TestPortal portal, SignedInPerson person, WaitReason reason) => portal.WorkUntilAsync(async () =>
    {
        await using var db = await portal.Database.ReadAsync(person.Account.Organisation, Never);
        return await db.Messages.AnyAsync(one => one.MailboxId == person.Mailbox && one.WaitsFor == reason, Never);
    });

    private static async Task DueAsync(TestPortal portal, OrganisationId organisation)
    {
        await using var db = await portal.Database.WriteAsync(organisation, Never);
        var now = await db.NowAsync(Never);
        await db.WorkItems.Where(one => one.Kind == Work.WorkKind.OpenArrival).ExecuteUpdateAsync(set => set.SetProperty(one => one.DueAt, now), Never);
        await db.CommitAsync(Never);
    }

    private static async Task<long> LastEntryAsync(TestPortal portal, OrganisationId organisation)
    {
        await using var db = await portal.Database.ReadAsync(organisation, Never);
        return await db.AuditEntries.Where(one => one.OrganisationId == organisation).MaxAsync(one => one.Sequence, Never);
    }

    private static async Task<List<(AuditAction Action, string Task)>> UsesAsync(TestPortal portal, OrganisationId organisation, long after)
    {
        await using var db = await portal.Database.ReadAsync(organisation, Never);
        var entries = await db.AuditEntries.Where(one => one.OrganisationId == organisation && one.Sequence > after && one.Detail.Contains("task")).ToListAsync(Never);
        return entries.ConvertAll(one => (one.Action, System.Text.Json.JsonDocument.Parse(one.Detail).RootElement.GetProperty("task").GetString()!));
    }
}
