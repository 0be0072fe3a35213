using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Accounts;
using Portal.Application.Certificates;
using Portal.Application.Compose;
using Portal.Application.Organisations;
using Portal.Application.Trust;
using Portal.Smime.Pkix;

namespace Portal.Application.Setup.Demo;

/// <summary>Two people and a mailbox of mail in every state, made by the same services that real mail goes through.</summary>
public sealed class DemoSeeding
{
    private const string Work = "demo";
    private const string AliceAddress = "alice@example.test";
    private const string BobAddress = "bob@example.test";

    private readonly PortalDatabase _database;
    private readonly Founding _founding;
    private readonly Enrolment _enrolment;
    private readonly LiveSessions _sessions;
    private readonly ForeignAuthorities _trust;
    private readonly OrganisationPolicies _policies;
    private readonly DemoArrivals _arrivals;
    private readonly Drafts _drafts;
    private readonly Sending _sending;
    private readonly TimeProvider _clock;

    internal DemoSeeding(
        PortalDatabase database,
        Founding founding,
        Enrolment enrolment,
        LiveSessions sessions,
        ForeignAuthorities trust,
        OrganisationPolicies policies,
        DemoArrivals arrivals,
        Drafts drafts,
        Sending sending,
        TimeProvider clock)
    {
        (_database, _founding, _enrolment, _sessions, _trust) = (database, founding, enrolment, sessions, trust);
        (_policies, _arrivals, _drafts, _sending, _clock) = (policies, arrivals, drafts, sending, clock);
    }

    /// <summary>Whether an organisation was made by the demo: its record says so, among its first entries.</summary>
    internal static Task<bool> MadeAsync(PortalDbContext db, OrganisationId organisation, CancellationToken cancellationToken) =>
        db.AuditEntries.AnyAsync(one => one.OrganisationId == organisation && one.Sequence <= FirstEntries && one.Actor == $"portal:{Work}", cancellationToken);

    private const int FirstEntries = 100;

    /// <summary>Founding, two people, mail from outside, two letters.</summary>
    public const int Steps = 5 + MailFromOutside;

    private const int MailFromOutside = 11;

    /// <param name="password">Of both people.</param>
    /// <param name="reached">Told the number of each step, up to <see cref="Steps"/>.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task SeedAsync(string password, Action<int> reached, CancellationToken cancellationToken)
    {
        var step = 0;
        void Next() => reached(++step);
        var organisation = await _founding.FoundAsync("Example Clinic", "example.test", null, cancellationToken);
        await AllowEverythingAsync(organisation, cancellationToken);
        Next();
        var alice = await AddAsync(organisation, AliceAddress, "Alice Archer", Roles.User | Roles.Administrator, password, cancellationToken);
        Next();
        var bob = await AddAsync(organisation, BobAddress, "Bob Baker", Roles.User, password, cancellationToken);
        Next();
        await ReceiveFromOutsideAsync(alice, Next, cancellationToken);
        await SendAsync(bob, AliceAddress, "Rota for next week", BobsRota, cancellationToken);
        Next();
        await SendAsync(alice, BobAddress, "Key to the archive", AlicesNote, cancellationToken);
        Next();
        await _sessions.EndAsync(alice.Actor, alice.Actor.Account, alice.Actor.Session, cancellationToken);
        await _sessions.EndAsync(bob.Actor, bob.Actor.Account, bob.Actor.Session, cancellationToken);
    }

    private sealed record DemoPerson(Actor.Person Actor, MailboxId Mailbox);

    private const string BobsRota =
        "Hi Alice,\n\nthe rota for next week:\n\n  Mon  early  Bob\n  Tue  early  Alice\n  Wed  late   Bob\n  Thu  late   Alice\n  Fri  early  both\n\nTell me by tomorrow if you need a change.\n\nBob\n";

    private const string AlicesNote = "Hi Bob,\n\nthe key to the archive is with reception from Monday on. Please sign for it.\n\nAlice\n";

    private async Task AllowEverythingAsync(OrganisationId organisation, CancellationToken cancellationToken)
    {
        var policy = await _policies.ReadAsync(organisation, cancellationToken);
        await _policies.ChangeAsync(
            new Actor.Portal(organisation, Work), policy with { AllowsSignedOnly = true, AllowsUnprotected = true, SecondFactor = SecondFactorDemand.Nobody }, cancellationToken);
    }

    // Nobody signs without a session: these two are signed in while their mail is written.
    private async Task<DemoPerson> AddAsync(
        OrganisationId organisation, string address, string name, Roles roles, string password, CancellationToken cancellationToken)
    {
        _ = AddrSpec.TryParse(address, out var parsed);
        var (account, mailbox) = await _enrolment.AddAsync(organisation, parsed!, name, roles, password, cancellationToken);
        return new DemoPerson(await _sessions.BeginAsync(account, new SessionOrigin("demo", string.Empty), secondFactor: false, cancellationToken), mailbox);
    }

    private async Task SendAsync(DemoPerson from, string to, string subject, string body, CancellationToken cancellationToken)
    {
        var draft = await _drafts.CreateAsync(from.Actor, from.Mailbox, DraftContent.Empty with { To = to, Subject = subject, Body = body }, cancellationToken);
        if (await _sending.SendAsync(from.Actor, draft, UnencryptableChoice.Ask, cancellationToken) is not SendOutcome.Accepted)
        {
            throw new InvalidOperationException("The demo's own mail was refused.");
        }
    }

    private async Task ReceiveFromOutsideAsync(DemoPerson alice, Action received, CancellationToken cancellationToken)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(_clock.GetUtcNow().ToUnixTimeSeconds());
        using var known = await DemoAuthority.CreateAsync("Outside Health CA", now.AddYears(-2), cancellationToken);
        using var unknown = await DemoAuthority.CreateAsync("Somebody's own CA", now.AddYears(-1), cancellationToken);
        using var carol = await known.IssueAsync("Carol Clark", "carol@outside.test", DemoKey.P256(), CertificateProfile.Signing, now.AddYears(1), cancellationToken);
        using var carolsBox = await known.IssueAsync("Carol Clark", "carol@outside.test", DemoKey.Rsa(), CertificateProfile.Encryption, now.AddYears(1), cancellationToken);
        using var erin = await known.IssueAsync("Erin Evans", "erin@partner.test", DemoKey.P256(), CertificateProfile.Signing, now.AddDays(-40), cancellationToken);
        using var frank = await unknown.IssueAsync("Frank Fisher", "frank@elsewhere.test", DemoKey.P256(), CertificateProfile.Signing, now.AddYears(1), cancellationToken);
        await _trust.AddAsync(alice.Actor, known.Certificate.RawData, null, new TrustTerms(TrustPurpose.Both, RevocationRequired: false, []), cancellationToken);
        using var alicesBox = await CertificateOfAsync(alice, cancellationToken);
        var read = 0;
        foreach (var message in DemoMailbag.For(now, carol, carolsBox.Certificate, erin, frank, alicesBox))
        {
            var raw = await message.WriteAsync(AliceAddress, cancellationToken);
            await _arrivals.EnterAsync(alice.Actor.Organisation, alice.Mailbox, raw, message.At, read++ < 6, cancellationToken);
            received();
        }
    }

    private async Task<X509Certificate2> CertificateOfAsync(DemoPerson person, CancellationToken cancellationToken)
    {
        await using var db = await _database.ReadAsync(person.Actor.Organisation, cancellationToken);
        var encoded = await db.Certificates
            .Where(one => one.OrganisationId == person.Actor.Organisation && one.OwnerId == person.Actor.Account && one.Kind == CertificateKind.Encryption)
            .Select(one => one.Encoded!)
            .SingleAsync(cancellationToken);
        return X509CertificateLoader.LoadCertificate(encoded);
    }
}
