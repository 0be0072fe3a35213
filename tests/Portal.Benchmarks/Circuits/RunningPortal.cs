using Portal.Application.Compose;
using Portal.Application.Inbox;
using Portal.Application.Mailboxes;
using Portal.Testing;

namespace Portal.Benchmarks.Circuits;

/// <summary>The portal in a process of its own on PostgreSQL, prepared from this one; two people.</summary>
internal sealed class RunningPortal : IAsyncDisposable
{
    public const string Password = "correct horse battery";
    private const string OwnNetworks = "127.0.0.0/8 ::1/128";

    private RunningPortal(BenchPortal inside, SignedInPerson alice, SignedInPerson bob, PortalProcess process) =>
        (Inside, Alice, Bob, Process) = (inside, alice, bob, process);

    public BenchPortal Inside { get; }

    public SignedInPerson Alice { get; }

    public SignedInPerson Bob { get; }

    public PortalProcess Process { get; }

    public static async Task<RunningPortal> StartAsync(params (string Name, string Value)[] settings)
    {
        var inside = await BenchPortal.StartAsync([("Portal:Transport:ServerAuthorities", TestServers.Authority), ("Portal:Transport:OwnNetworks", OwnNetworks), .. settings]);
        var organisation = await inside.FoundAsync();
        var alice = await inside.EnrolAsync(organisation, "alice@example.test");
        var bob = await inside.EnrolAsync(organisation, "bob@example.test");
        var of = Settings(inside);
        foreach (var (name, value) in settings)
        {
            of[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        return new RunningPortal(inside, alice, bob, await PortalProcess.StartAsync(of));
    }

    public static Dictionary<string, string> Settings(BenchPortal inside) => new()
    {
        ["Portal__DataDirectory"] = inside.DataDirectory,
        ["Portal__Database__Provider"] = "Postgres",
        ["Portal__Database__ConnectionString"] = inside.Postgres.ApplicationConnectionString,
        ["Portal__Transport__ServerAuthorities"] = TestServers.Authority,
        ["Portal__Transport__OwnNetworks"] = OwnNetworks,
        ["Portal__Session__CircuitsPerAccount"] = "1000",
    };

    public Task<SignedIn> SignInAsync(string name) => SignedIn.AsAsync(Process.Address, $"{name}@example.test", Password);

    /// <summary>From Alice to Bob, until it is in his list; with the bytes as an attachment, if any.</summary>
    public async Task<StoredMessageId> DeliverAsync(string subject, Stream? attachment = null)
    {
        var drafts = Inside.Get<Drafts>();
        var draft = await drafts.CreateAsync(
            Alice.Account, Alice.Mailbox, DraftContent.Empty with { To = "bob@example.test", Subject = subject, Body = new string('x', 2000) }, CancellationToken.None);
        if (attachment is not null)
        {
            await Inside.Get<DraftFiles>().AttachAsync(Alice.Account, draft, "file.bin", "application/octet-stream", attachment, CancellationToken.None);
        }

        return await DeliverAsync(subject, draft);
    }

    /// <summary>What she has written, until it is in his list.</summary>
    public async Task<StoredMessageId> DeliverAsync(string subject, DraftId draft)
    {
        await Inside.Get<Sending>().SendAsync(Alice.Account, draft, UnencryptableChoice.Ask, CancellationToken.None);
        var reading = Inside.Get<MailboxReading>();
        var inbox = (await reading.ListAsync(Bob.Account, CancellationToken.None)).Single().Folders.Single(one => one.Kind == FolderKind.Inbox).Id;
        while (true)
        {
            var rows = (await reading.WindowAsync(Bob.Account, inbox, new WindowStart.Newest(), CancellationToken.None)).Rows;
            if (rows.FirstOrDefault(row => row.State == MessageState.Opened && row.Subject == subject) is { } row)
            {
                // Read once: what it costs to be opened the first time is another part's.
                await Inside.Get<MessageReading>().OpenAsync(Bob.Account, row.Id, CancellationToken.None);
                return row.Id;
            }

            await Task.Delay(50);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        await Inside.DisposeAsync();
    }
}
