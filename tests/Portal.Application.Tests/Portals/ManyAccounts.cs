using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Portal.Application.Mailboxes;
using Portal.Application.Tests.Database;
using Portal.Application.Transport;
using Portal.Application.Work;
using Portal.Smime.Pkix;
using Portal.Testing;

namespace Portal.Application.Tests.Portals;

/// <param name="Mailbox">Ours.</param>
/// <param name="Address">Its name on the other server.</param>
/// <param name="Account">What connects them.</param>
internal sealed record Elsewhere(MailboxId Mailbox, string Address, MailAccountId Account);

/// <summary>One person with as many mailboxes as a test wants, each with an account on the real Dovecot; made once for many tests.</summary>
public sealed class ManyAccounts : IAsyncLifetime
{
    private readonly PostgresFixture _server = new();
    private TestDatabase _database = null!;

    internal TestPortal Portal { get; private set; } = null!;

    internal SignedInPerson Alice { get; private set; } = null!;

    internal OrganisationId Organisation => Alice.Account.Organisation;

    public async ValueTask InitializeAsync()
    {
        _database = await _server.NewAsync();
        Portal = await TestPortal.StartAsync(_database, ("Portal:Transport:ServerAuthorities", TestServers.Authority));
        Alice = await Portal.EnrolAsync(await Portal.FoundAsync("example.test"), "alice@example.test");
    }

    public async ValueTask DisposeAsync()
    {
        await Portal.DisposeAsync();
        await _database.DisposeAsync();
        await _server.DisposeAsync();
    }

    private static (string Name, string Value)[] Usual =>
    [
        ("Portal:Transport:ServerAuthorities", TestServers.Authority),
        ("Portal:Transport:FetchInterval", "00:05:00"),
        ("Portal:Transport:WatchedAccounts", "200"),
    ];

    internal Task<TestPortal> NodeAsync(params (string Name, string Value)[] settings) =>
        Portal.AnotherNodeAsync([.. settings, .. Usual.Where(usual => !settings.Any(one => one.Name == usual.Name))]);

    /// <param name="imapPort">Where its server is reached.</param>
    /// <param name="tls">How.</param>
    internal async Task<Elsewhere> ConnectAsync(int imapPort, TlsMode tls = TlsMode.Implicit)
    {
        var address = $"many.{Guid.NewGuid():N}@example.test";
        await MailServers.AddUsersAsync(address);
        Assert.True(AddrSpec.TryParse(address, out var parsed));
        var mailbox = await NewMailbox.PrepareAsync(Portal.Get<DataKeys>(), Organisation, Alice.Account.Account, parsed, "Alice", CancellationToken.None);
        await using (var db = await Portal.Database.WriteAsync(Organisation, CancellationToken.None))
        {
            mailbox.AddTo(db);
            await db.CommitAsync(CancellationToken.None);
        }

        await ConfigureAsync(mailbox.Mailbox.Id, address, imapPort, tls);
        return new Elsewhere(mailbox.Mailbox.Id, address, await ReadAsync(db => db.MailAccounts.Where(one => one.MailboxId == mailbox.Mailbox.Id).Select(one => one.Id).SingleAsync()));
    }

    internal async Task ConfigureAsync(MailboxId mailbox, string address, int imapPort, TlsMode tls = TlsMode.Implicit)
    {
        var steps = new List<ConnectionStep>();
        var outcome = await Portal.Get<MailAccounts>().ConnectAsync(
            Alice.Account,
            mailbox,
            new MailAccountSettings("localhost", imapPort, tls, "localhost", TestServers.SubmissionPort, TlsMode.StartTls, address, TestServers.MailPassword),
            step =>
            {
                steps.Add(step);
                return Task.CompletedTask;
            },
            CancellationToken.None);
        Assert.True(outcome is MailAccountOutcome.Saved, $"{outcome}: {string.Join(", ", steps)}");
    }

    /// <summary>Nobody works on it any more: other tests have other nodes.</summary>
    internal async Task RemoveAsync(params Elsewhere[] accounts)
    {
        var ids = accounts.Select(one => one.Account).ToList();
        var subjects = ids.ConvertAll(one => one.Value);
        await using var db = await Portal.Database.WriteAsync(Organisation, CancellationToken.None);
        await db.WorkItems.Where(one => subjects.Contains(one.Subject) && one.Kind == WorkKind.WatchMail).ExecuteDeleteAsync();
        await db.WorkItems.Where(one => subjects.Contains(one.Subject)).ExecuteDeleteAsync();
        await db.MailAccounts.Where(one => ids.Contains(one.Id)).ExecuteDeleteAsync();
        await db.CommitAsync(CancellationToken.None);
    }

    internal static Task DeliverAsync(Elsewhere to, string subject) => MailServers.DeliverAsync(
        "carol@outside.test", to.Address, ForeignMail.Message("carol@outside.test", to.Address, subject, ForeignMail.Text($"Text of {subject}.")));

    internal Task<int> CountAsync(Elsewhere account, bool opened = false) => ReadAsync(db =>
        db.Messages.CountAsync(one => one.MailboxId == account.Mailbox && (!opened || one.State == MessageState.Opened)));

    internal Task<WorkItem> WorkAsync(Elsewhere account, WorkKind kind) => ReadAsync(db => db.WorkItems.SingleAsync(one => one.Kind == kind && one.Subject == account.Account.Value));

    internal async Task<T> ReadAsync<T>(Func<PortalDbContext, Task<T>> read)
    {
        await using var db = await Portal.Database.ReadAsync(Organisation, CancellationToken.None);
        return await read(db);
    }

    /// <returns>How long it took.</returns>
    internal static async Task<TimeSpan> UntilAsync(Func<Task<bool>> condition, string what)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(90), $"In a minute and a half it did not come to this: {what}");
            await Task.Delay(10);
        }

        return Stopwatch.GetElapsedTime(began);
    }
}
