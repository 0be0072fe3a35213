using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Accounts;
using Portal.Application.Approvals;
using Portal.Application.Audit;
using Portal.Application.Certificates;
using Portal.Application.Inbox;
using Portal.Application.KeyBroker;
using Portal.Application.KeyManagement;
using Portal.Application.Mailboxes;
using Portal.Application.Organisations;
using Portal.Smime.Keys;
using Portal.Testing;

namespace Portal.Application.Tests.Portals;

/// <summary>The administrator's desk: which keys there are, and what is done to them.</summary>
public abstract class KeyManagementContract(Clinic clinic) : IAsyncLifetime
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private SignedInPerson _user = null!;

    private TestPortal Portal => clinic.Portal;

    private Actor.Person Admin => clinic.Alice.Account;

    private KeyDesk Desk => Portal.Get<KeyDesk>();

    private KeySwitching Switching => Portal.Get<KeySwitching>();

    private KeyReplacing Replacing => Portal.Get<KeyReplacing>();

    private KeyDestruction Destruction => Portal.Get<KeyDestruction>();

    public async ValueTask InitializeAsync() => _user = await Portal.EnrolAsync(clinic.Organisation, Address);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Keys_are_listed_with_owner_purpose_and_use()
    {
        await Portal.SendAsync(_user, Mail.To("bob@example.test", "One use"));

        var own = await Desk.ListAsync(Admin, new KeyFilter(Words: Address), 0, Never);
        var signing = Assert.Single(own.Rows, row => row.Purpose == KeyPurpose.SignMessage);
        var opening = Assert.Single(own.Rows, row => row.Purpose == KeyPurpose.OpenMessage);

        Assert.Equal(2, own.Total);
        Assert.Equal(2, (await Desk.ListAsync(Admin, new KeyFilter(Words: $"PERSON {Address.Split('@')[0]}"), 0, Never)).Total);
        Assert.Equal(("P-256", "local", 1, KeyStanding.InUse), (signing.Algorithm, signing.Store, signing.UsesToday, signing.Standing));
        Assert.NotNull(signing.LastUsedAt);
        Assert.Equal(("RSA 3072", 0), (opening.Algorithm, opening.UsesToday));
        Assert.Contains((await Desk.ListAsync(Admin, new KeyFilter(Purpose: KeyPurpose.UnwrapDataKey), 0, Never)).Rows, row => row.OwnerName is null && row.UsesToday > 0);
        var store = Assert.Single(await Desk.StoresAsync(Admin, Never));
        Assert.Equal(("local", KeyResidence.Software), (store.Name, store.Residence));
        Assert.True(store.Keys > 4 && store.Asked > 0 && store.Median is not null);
        Assert.True((await Desk.AskAsync(Admin, "local", Never)).Answers);
    }

    [Fact]
    public async Task A_disabled_key_signs_nothing_until_it_is_enabled_and_everybody_is_told_why()
    {
        var key = await KeyAsync(KeyPurpose.SignMessage);
        Assert.IsType<KeySwitched.Done>(await Switching.DisableAsync(Admin, key.Id, Never));

        var draft = await Portal.WriteAsync(_user, Mail.To("bob@example.test", "Not now"));
        Assert.Equal(Compose.SendProblem.KeyDisabled, Assert.IsType<Compose.SendOutcome.Refused>(await Portal.SendAsync(_user, draft)).Problem);
        Assert.Equal(KeyStanding.Disabled, (await KeyAsync(KeyPurpose.SignMessage)).Standing);

        Assert.IsType<KeySwitched.Done>(await Switching.EnableAsync(Admin, key.Id, Never));
        Assert.IsType<Compose.SendOutcome.Accepted>(await Portal.SendAsync(_user, draft));
        Assert.Equal([AuditAction.KeyDisabled, AuditAction.KeyEnabled], await RecordedAsync(key.Id, AuditAction.KeyDisabled, AuditAction.KeyEnabled));
    }

    [Fact]
    public async Task Mail_for_a_disabled_key_waits_says_why_and_is_opened_when_it_is_enabled()
    {
        var key = await KeyAsync(KeyPurpose.OpenMessage);
        await Switching.DisableAsync(Admin, key.Id, Never);
        await Portal.SendAsync(clinic.Bob, Mail.To(Address, "Patience"));

        await Portal.WorkUntilAsync(async () => await WaitAsync() == WaitReason.KeyDisabled);
        Assert.Equal(1, (await Desk.FindAsync(Admin, key.Id, Never))!.UnopenedMail);
        await Switching.EnableAsync(Admin, key.Id, Never);

        Assert.Equal(MessageVerdict.SignedValid, (await Portal.ReceiveAsync(_user, "Patience")).Verdict);
    }

    [Fact]
    public async Task Fifty_messages_that_do_not_open_let_a_key_rest_and_nothing_is_lost()
    {
        var good = await ForeignMail.EncryptAsync(ForeignMail.Text("Fine."), await CertificateFileAsync(), "-aes-256-gcm");
        var bad = Damaged(good);
        await Portal.ArriveAsync(_user, ForeignMail.Message("x@outside.test", Address, "Bad", bad));
        await Portal.WorkUntilAsync(async () => (await Portal.ListAsync(_user)).Any(row => row.State == MessageState.Broken));
        Assert.Equal(1, await FailuresAsync());

        // As forty-eight more would.
        await using (var db = await Portal.Database.WriteAsync(clinic.Organisation, Never))
        {
            for (var count = 2; count < KeyBroker.KeyBroker.MostFailures; count++)
            {
                Assert.False(await Portal.Get<KeyBroker.KeyBroker>().CountFailureAsync(db, clinic.Organisation, (await KeyAsync(KeyPurpose.OpenMessage)).Id, Never));
            }

            await db.CommitAsync(Never);
        }

        Assert.Equal(KeyStanding.InUse, (await KeyAsync(KeyPurpose.OpenMessage)).Standing);
        await Portal.ArriveAsync(_user, ForeignMail.Message("x@outside.test", Address, "Bad one too many", bad));
        await Portal.WorkUntilAsync(async () => (await KeyAsync(KeyPurpose.OpenMessage)).Standing == KeyStanding.Resting);

        await Portal.ArriveAsync(_user, ForeignMail.Message("x@outside.test", Address, "Good", good));
        await Portal.WorkUntilAsync(async () => await WaitAsync() == WaitReason.KeyResting);

        // Administrators and the person hear of it, and the key was never disabled.
        var key = await KeyAsync(KeyPurpose.OpenMessage);
        await Portal.WorkUntilAsync(async () => (await Portal.ListAsync(_user)).Any(row => row.Subject == "A private key rests for an hour"));
        await Portal.ReceiveAsync(clinic.Alice, "A private key rests for an hour");
        Assert.Equal([AuditAction.KeyResting], await RecordedAsync(key.Id, AuditAction.KeyResting, AuditAction.KeyDisabled));
        await Switching.EnableAsync(Admin, key.Id, Never);
        await Portal.ReceiveAsync(_user, "Good");
    }

    [Fact]
    public async Task A_replaced_opening_key_opens_what_was_meant_for_it_and_may_be_destroyed_when_nothing_needs_it()
    {
        await Portal.SendAsync(clinic.Bob, Mail.To(Address, "Before"));
        var before = await Portal.ReceiveAsync(_user, "Before");
        await Portal.ArriveAsync(_user, ForeignMail.Message("x@outside.test", Address, "Under way", await ForeignMail.EncryptAsync(ForeignMail.Text("For the old key."), await CertificateFileAsync())));
        var key = await KeyAsync(KeyPurpose.OpenMessage);

        Assert.Equal(
            [KeyObstacle.InUse, KeyObstacle.NamedByCertificate, KeyObstacle.UnopenedMail],
            Assert.IsType<KeyDestructionAsked.Hindered>(await Destruction.AskAsync(Admin, key.Id, Never)).Obstacles);
        var by = Assert.IsType<KeyReplaced.Done>(await Replacing.ReplaceAsync(Admin, key.Id, Never)).By;
        Assert.IsType<KeyReplaced.NotReplaceable>(await Replacing.ReplaceAsync(Admin, key.Id, Never));
        Assert.Equal([$"account:{Admin.Account}"], await WhoRecordedAsync(key.Id, AuditAction.KeyReplaced));
        Assert.Equal([$"account:{Admin.Account}"], await WhoRecordedAsync(by, AuditAction.KeyCreated));
        Assert.Equal(KeyStanding.Replaced, (await Desk.FindAsync(Admin, key.Id, Never))!.Row.Standing);
        Assert.Contains("For the old key.", await Portal.BodyAsync(_user, (await Portal.ReceiveAsync(_user, "Under way")).Id), StringComparison.Ordinal);
        await Portal.SendAsync(clinic.Bob, Mail.To(Address, "After"));
        await Portal.ReceiveAsync(_user, "After");
        Assert.Equal(1, (await Desk.FindAsync(Admin, by, Never))!.Row.UsesToday);

        Assert.Equal([KeyObstacle.NamedByCertificate], Assert.IsType<KeyDestructionAsked.Hindered>(await Destruction.AskAsync(Admin, key.Id, Never)).Obstacles);
        var certificate = Assert.Single((await Desk.FindAsync(Admin, key.Id, Never))!.Certificates);
        Assert.IsType<CertificateStanding.Done>(await Portal.Get<CertificateRevocation>().RevokeAsync(Admin, certificate.Id, RevocationCause.Superseded, Never));
        await DestroyAsync(key.Id);

        Assert.Contains("The body.", await Portal.BodyAsync(_user, before.Id), StringComparison.Ordinal);
        Assert.Equal(KeyStanding.Destroyed, (await Desk.FindAsync(Admin, key.Id, Never))!.Row.Standing);
    }

    [Fact]
    public async Task Of_two_replacements_at_once_one_key_is_in_use()
    {
        var key = await KeyAsync(KeyPurpose.SignMessage);

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => Replacing.ReplaceAsync(Admin, key.Id, Never))));

        var rows = (await Desk.ListAsync(Admin, new KeyFilter(Words: Address, Purpose: KeyPurpose.SignMessage), 0, Never)).Rows;
        var inUse = Assert.Single(rows, row => row.Standing == KeyStanding.InUse);
        Assert.Equal((await Portal.Get<PersonCertificates>().FindAsync(clinic.Organisation, _user.Account.Account, Never))!.SigningKey, inUse.Id);
    }

    [Fact]
    public async Task A_message_that_arrives_before_the_second_word_is_opened_first()
    {
        var key = await KeyAsync(KeyPurpose.OpenMessage);
        var encrypted = await ForeignMail.EncryptAsync(ForeignMail.Text("Just in time."), await CertificateFileAsync());
        Assert.IsType<KeyReplaced.Done>(await Replacing.ReplaceAsync(Admin, key.Id, Never));
        await Portal.Get<CertificateRevocation>().RevokeAsync(Admin, Assert.Single((await Desk.FindAsync(Admin, key.Id, Never))!.Certificates).Id, RevocationCause.Superseded, Never);
        var second = await SecondAsync();
        Assert.IsType<KeyDestructionAsked.Asked>(await Destruction.AskAsync(Admin, key.Id, Never));
        await Portal.ArriveAsync(_user, ForeignMail.Message("x@outside.test", Address, "Late", encrypted));
        await AgreeAsync(second, key.Id);

        await Portal.WorkUntilAsync(async () => (await Desk.FindAsync(Admin, key.Id, Never))!.DestroyedAt is not null);

        Assert.Contains("Just in time.", await Portal.BodyAsync(_user, (await Portal.ReceiveAsync(_user, "Late")).Id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_has_become_needed_before_the_second_word_is_kept()
    {
        var key = await KeyAsync(KeyPurpose.SignMessage);
        Assert.IsType<KeyReplaced.Done>(await Replacing.ReplaceAsync(Admin, key.Id, Never));
        var certificate = Assert.Single((await Desk.FindAsync(Admin, key.Id, Never))!.Certificates).Id;
        await SetStateAsync(certificate, CertificateState.Revoked);
        var second = await SecondAsync();
        Assert.IsType<KeyDestructionAsked.Asked>(await Destruction.AskAsync(Admin, key.Id, Never));
        await SetStateAsync(certificate, CertificateState.Issued);

        await AgreeAsync(second, key.Id);
        await Portal.WorkUntilAsync(async () => await RecordedAsync(key.Id, AuditAction.ApprovalWithdrawn) is [_]);

        var details = (await Desk.FindAsync(Admin, key.Id, Never))!;
        Assert.Equal((null, null), (details.DestroyedAt, details.Destruction));
    }

    [Fact]
    public async Task The_key_over_all_data_is_replaced_and_everything_reads_as_before()
    {
        await Portal.SendAsync(clinic.Bob, Mail.To(Address, "Stays"));
        var stays = await Portal.ReceiveAsync(_user, "Stays");
        var key = Assert.Single((await Desk.ListAsync(Admin, new KeyFilter(Purpose: KeyPurpose.UnwrapDataKey, Standing: KeyStanding.InUse), 0, Never)).Rows);
        Assert.Equal([KeyObstacle.UnwrapsData], Assert.IsType<KeyDestructionAsked.Hindered>(await Destruction.AskAsync(Admin, key.Id, Never)).Obstacles);

        Assert.IsType<KeyReplaced.Done>(await Replacing.ReplaceAsync(Admin, key.Id, Never));
        await DestroyAsync(key.Id);

        await using var another = await Portal.AnotherNodeAsync();
        Assert.Contains("The body.", await another.BodyAsync(_user, stays.Id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_else_and_nobody_elsewhere_touches_a_key()
    {
        var key = await KeyAsync(KeyPurpose.OpenMessage);
        foreach (var act in new Func<Actor.Person, Task>[]
        {
            actor => Desk.ListAsync(actor, new KeyFilter(), 0, Never),
            actor => Desk.StoresAsync(actor, Never),
            actor => Desk.FindAsync(actor, key.Id, Never),
            actor => Desk.AskAsync(actor, "local", Never),
            actor => Switching.DisableAsync(actor, key.Id, Never),
            actor => Switching.EnableAsync(actor, key.Id, Never),
            actor => Replacing.ReplaceAsync(actor, key.Id, Never),
            actor => Destruction.AskAsync(actor, key.Id, Never),
            actor => Portal.Get<KeyStoreChoosing>().ChangeAsync(actor, new KeyStoreChoice("local", "local", "local"), Never),
        })
        {
            await Assert.ThrowsAsync<UnauthorizedAccessException>(() => act(_user.Account));
        }

        if (clinic.Mallory is not { } mallory)
        {
            return;
        }

        var stranger = (await Portal.EnrolAsync(mallory.Account.Organisation, $"a{Guid.NewGuid():N}@rival.test", Roles.Administrator)).Account;
        Assert.Null(await Desk.FindAsync(stranger, key.Id, Never));
        Assert.IsType<KeySwitched.NotFound>(await Switching.DisableAsync(stranger, key.Id, Never));
        Assert.IsType<KeySwitched.NotFound>(await Switching.EnableAsync(stranger, key.Id, Never));
        Assert.IsType<KeyReplaced.NotReplaceable>(await Replacing.ReplaceAsync(stranger, key.Id, Never));
        Assert.IsType<KeyDestructionAsked.NotFound>(await Destruction.AskAsync(stranger, key.Id, Never));
        Assert.Equal(KeyStanding.InUse, (await KeyAsync(KeyPurpose.OpenMessage)).Standing);
    }

    [Fact]
    public async Task A_page_that_is_still_open_after_its_session_does_nothing_to_keys()
    {
        var gone = (await Portal.EnrolAsync(clinic.Organisation, $"g{Guid.NewGuid():N}@example.test", Roles.Administrator | Roles.CertificateManager)).Account;
        var key = await KeyAsync(KeyPurpose.SignMessage);
        var certificate = Assert.Single((await Desk.FindAsync(Admin, key.Id, Never))!.Certificates);
        await Portal.Get<LiveSessions>().EndAsync(gone, gone.Account, gone.Session, Never);

        foreach (var act in new Func<Task>[]
        {
            () => Switching.DisableAsync(gone, key.Id, Never),
            () => Switching.EnableAsync(gone, key.Id, Never),
            () => Replacing.ReplaceAsync(gone, key.Id, Never),
            () => Destruction.AskAsync(gone, key.Id, Never),
            () => Portal.Get<CertificateRevocation>().RevokeAsync(gone, certificate.Id, RevocationCause.Superseded, Never),
            () => Portal.Get<KeyStoreChoosing>().ChangeAsync(gone, new KeyStoreChoice("local", "local", "local"), Never),
        })
        {
            await Assert.ThrowsAsync<UnauthorizedAccessException>(act);
        }

        Assert.Equal(KeyStanding.InUse, (await KeyAsync(KeyPurpose.SignMessage)).Standing);
    }

    [Fact]
    public async Task A_store_that_is_not_there_cannot_be_chosen() =>
        Assert.False(await Portal.Get<KeyStoreChoosing>().ChangeAsync(Admin, new KeyStoreChoice("local", "nowhere", "local"), Never));

    private string Address { get; } = $"u{Guid.NewGuid():N}@example.test";

    // What is authenticated shows every changed byte.
    private static byte[] Damaged(byte[] entity)
    {
        var copy = entity.ToArray();
        var at = Array.FindLastIndex(copy, value => char.IsAsciiLetterOrDigit((char)value)) - 40;
        copy[at] = copy[at] == (byte)'A' ? (byte)'B' : (byte)'A';
        return copy;
    }

    private async Task<string> CertificateFileAsync()
    {
        var file = Path.Combine(Portal.DataDirectory, $"{Guid.NewGuid():N}.pem");
        var encoded = await Portal.EncryptionCertificateAsync(_user);
        await File.WriteAllTextAsync(file, PemEncoding.WriteString("CERTIFICATE", encoded));
        return file;
    }

    private async Task<KeyRow> KeyAsync(KeyPurpose purpose) =>
        (await Desk.ListAsync(Admin, new KeyFilter(Words: Address, Purpose: purpose), 0, Never)).Rows.MaxBy(row => row.CreatedAt)!;

    private async Task DestroyAsync(ManagedKeyId key)
    {
        var second = await SecondAsync();
        Assert.IsType<KeyDestructionAsked.Asked>(await Destruction.AskAsync(Admin, key, Never));
        Assert.IsType<KeyDestructionAsked.Already>(await Destruction.AskAsync(Admin, key, Never));
        Assert.NotNull((await Desk.FindAsync(Admin, key, Never))!.Destruction);
        await AgreeAsync(second, key);
        await Portal.WorkUntilAsync(async () => (await Desk.FindAsync(Admin, key, Never))!.DestroyedAt is not null);
        var reference = await ReferenceAsync(key);
        await Assert.ThrowsAsync<KeyStoreException>(() => Portal.Get<IKeyStore>().Open(reference).UnwrapKeyAsync(new byte[384], KeyTransportScheme.RsaOaepSha256, Never));
    }

    private async Task AgreeAsync(Actor.Person second, ManagedKeyId key)
    {
        var request = Assert.Single(await Portal.Get<FourEyes>().ListAsync(second, ApprovalKind.DestroyKey, Never), one => one.Subject == key.Value);
        Assert.IsType<ApprovalDecision.Done>(await Portal.Get<FourEyes>().AgreeAsync(second, request.Id, Never));
    }

    private async Task<Actor.Person> SecondAsync()
    {
        var second = (await Portal.EnrolAsync(clinic.Organisation, $"s{Guid.NewGuid():N}@example.test", Roles.Administrator)).Account;
        DateTimeOffset? since = TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(2);
        await using var db = await Portal.Database.WriteAsync(clinic.Organisation, Never);
        await db.Accounts.Where(one => one.Id == second.Account).ExecuteUpdateAsync(set => set.SetProperty(one => one.AdministratorSince, since), Never);
        await db.CommitAsync(Never);
        return second;
    }

    private async Task<int> FailuresAsync()
    {
        await using var db = await Portal.Database.ReadAsync(clinic.Organisation, Never);
        return await db.ManagedKeys.Where(one => one.OwnerId == _user.Account.Account && one.Purpose == KeyPurpose.OpenMessage).Select(one => one.FailedUnwraps).SingleAsync(Never);
    }

    private async Task SetStateAsync(CertificateId certificate, CertificateState state)
    {
        await using var db = await Portal.Database.WriteAsync(clinic.Organisation, Never);
        await db.Certificates.Where(one => one.Id == certificate).ExecuteUpdateAsync(set => set.SetProperty(one => one.State, state), Never);
        await db.CommitAsync(Never);
    }

    private async Task<KeyReference> ReferenceAsync(ManagedKeyId key)
    {
        await using var db = await Portal.Database.ReadAsync(clinic.Organisation, Never);
        return (await db.ManagedKeys.SingleAsync(one => one.Id == key, Never)).Reference;
    }

    private async Task<WaitReason?> WaitAsync()
    {
        foreach (var row in await Portal.ListAsync(_user))
        {
            if (await Portal.Get<MessageReading>().OpenAsync(_user.Account, row.Id, Never) is MessageOpening.Waiting { Reason: { } reason })
            {
                return reason;
            }
        }

        return null;
    }

    private async Task<List<string>> WhoRecordedAsync(ManagedKeyId key, AuditAction action)
    {
        await using var db = await Portal.Database.ReadAsync(clinic.Organisation, Never);
        return await db.AuditEntries.Where(one => one.Subject == key.Value && one.Action == action).Select(one => one.Actor).ToListAsync(Never);
    }

    private async Task<List<AuditAction>> RecordedAsync(ManagedKeyId key, params AuditAction[] actions)
    {
        await using var db = await Portal.Database.ReadAsync(clinic.Organisation, Never);
        return await db.AuditEntries.Where(one => one.Subject == key.Value && actions.Contains(one.Action)).OrderBy(one => one.Sequence).Select(one => one.Action).ToListAsync(Never);
    }
}

/// <summary>Of its own: who is the only administrator elsewhere has to stay that.</summary>
public sealed class OwnPostgresClinic : PostgresClinic;

/// <inheritdoc cref="OwnPostgresClinic"/>
public sealed class OwnSqliteClinic : SqliteClinic;

public sealed class PostgresKeyManagementTests(OwnPostgresClinic clinic) : KeyManagementContract(clinic), IClassFixture<OwnPostgresClinic>;

public sealed class SqliteKeyManagementTests(OwnSqliteClinic clinic) : KeyManagementContract(clinic), IClassFixture<OwnSqliteClinic>;
