using System.Diagnostics;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Portal.Application;
using Portal.Application.Accounts;
using Portal.Application.AtRest;
using Portal.Application.Certificates;
using Portal.Application.KeyManagement;
using Portal.Application.Mailboxes;
using Portal.Application.Organisations;
using Portal.Benchmarks.Circuits;
using Portal.Smime.Keys;
using Portal.Smime.Pkix;
using Portal.Testing;

namespace Portal.Benchmarks.Parts;

/// <summary>An authority at work: issuing for many, a long revocation list, answers to strangers, and a search through 100,000.</summary>
internal sealed class CertificatePart : IPart
{
    private const int People = 1000;
    private const int Many = 100_000;

    public string Name => "certificates";

    public async Task<IReadOnlyList<Figure>> MeasureAsync(Action<string> say)
    {
        await using var portal = await BenchPortal.StartAsync();
        var organisation = await portal.FoundAsync();
        var alice = await portal.EnrolAsync(organisation, "alice@example.test");
        var actor = new Actor.Portal(organisation, "benchmark");
        var policies = portal.Get<OrganisationPolicies>();
        await policies.ChangeAsync(actor, await policies.ReadAsync(organisation, CancellationToken.None) with { EncryptionKeys = KeyAlgorithm.P256 }, CancellationToken.None);
        var figures = new List<Figure>
        {
            new($"issue for {People:N0} people, both pairs P-256, local store", await IssueAsync(portal, actor, say), "people/s", 100, MoreIsBetter: true)
            {
                Peers = [new(".NET alone: two key pairs, two signatures by P-384", Bare())],
            },
        };
        figures.AddRange(await AnswerAsync(portal, alice, say));
        await FillAsync(portal, organisation, areOurs: false);
        say($"{Many:N0} certificates filled in");
        figures.AddRange(await SearchAsync(portal, actor));
        await FillAsync(portal, organisation, areOurs: true);
        figures.Add(await PublishAsync(portal, organisation, say));
        return figures;
    }

    private static async Task<double> IssueAsync(BenchPortal portal, Actor actor, Action<string> say)
    {
        var issuance = portal.Get<Issuance>();
        await using var working = await portal.WorkAsync();

        var lists = 0;
        await WarmUp.RunAsync(async () => await RunAsync(await AddPeopleAsync(portal, actor.Organisation, $"warm{lists++}", 300)));
        var addresses = await AddPeopleAsync(portal, actor.Organisation, "second", People);
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var seconds = await RunAsync(addresses);
        say($"{People:N0} people in {seconds:0.0} s, {(Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds:0.0} s of processor in this process");
        return People / seconds;

        async Task<double> RunAsync(List<string> list)
        {
            var began = Stopwatch.GetTimestamp();
            await issuance.StartAsync(actor, Encoding.UTF8.GetBytes(string.Join('\n', list)), IssuanceScope.Missing, CancellationToken.None);
            while ((await issuance.ListAsync(actor, CancellationToken.None))[0] is { State: IssuanceState.Running })
            {
                await Task.Delay(50);
            }

            var done = Stopwatch.GetElapsedTime(began).TotalSeconds;
            var details = (await issuance.FindAsync(actor, (await issuance.ListAsync(actor, CancellationToken.None))[0].Id, CancellationToken.None))!;
            return details.Counts is [{ Outcome: IssuanceOutcome.Issued, Count: var count }] && count == list.Count ? done : throw new InvalidOperationException("Not everybody has their certificates.");
        }
    }

    private static async Task<List<string>> AddPeopleAsync(BenchPortal portal, OrganisationId organisation, string name, int count)
    {
        var addresses = new List<string>();
        await using var db = await portal.Database.WriteAsync(organisation, CancellationToken.None);
        for (var number = 1; number <= count; number++)
        {
            var account = new Account(organisation, $"{name}.{number}@example.test", $"Person {number}", Roles.User, TimeProvider.System.GetUtcNow());
            _ = AddrSpec.TryParse(account.Email, out var address);
            db.Accounts.Add(account);
            (await NewMailbox.PrepareAsync(portal.Get<DataKeys>(), organisation, account.Id, address!, account.DisplayName, CancellationToken.None)).AddTo(db);
            addresses.Add(account.Email);
        }

        await db.CommitAsync(CancellationToken.None);
        return addresses;
    }

    /// <returns>People per second, on one processor.</returns>
    private static double Bare()
    {
        using var authority = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var issuer = new CertificateRequest("CN=Peer", authority, HashAlgorithmName.SHA384)
        {
            CertificateExtensions = { new X509BasicConstraintsExtension(true, false, 0, true), new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true) },
        }.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(90));
        var began = Stopwatch.GetTimestamp();
        for (var one = 0; one < 2 * People; one++)
        {
            using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using var certificate = new CertificateRequest("CN=Person", pair, HashAlgorithmName.SHA384).Create(
                issuer, DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(51), BitConverter.GetBytes(one));
        }

        return People / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>Answers that are kept, each for another certificate: by the service alone, and by a portal over HTTP.</summary>
    private static async Task<IReadOnlyList<Figure>> AnswerAsync(BenchPortal portal, SignedInPerson alice, Action<string> say)
    {
        const int asked = 500;
        List<byte[]> requests;
        CertificateId authority;
        await using (var db = await portal.Database.ReadAsync(alice.Account.Organisation, CancellationToken.None))
        {
            var issuer = await db.Certificates.SingleAsync(one => one.Kind == CertificateKind.IssuingAuthority);
            authority = issuer.Id;
            using var certificate = X509CertificateLoader.LoadCertificate(issuer.Encoded!);
            var issued = await db.Certificates.Where(one => one.IssuerId == issuer.Id && one.Encoded != null && one.OwnerId != null).Take(asked).Select(one => one.Encoded!).ToListAsync();
            requests = issued.ConvertAll(one =>
            {
                using var about = X509CertificateLoader.LoadCertificate(one);
                return new OcspRequest([OcspCertificateId.Of(about, certificate)], Nonce: null).Encode();
            });
        }

        await portal.Get<ResponderCertificates>().EnsureAsync(alice.Account.Organisation, CancellationToken.None);
        using var answers = new OcspAnswers(portal.Database, portal.Get<IDirectory>(), portal.Get<Application.KeyBroker.KeyBroker>(), TimeProvider.System);
        await AskAllAsync(1);
        await AskAllAsync(200);
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        await AskAllAsync(400);
        var service = 400 * requests.Count / (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds;

        await using var process = await PortalProcess.StartAsync(RunningPortal.Settings(portal));
        using var client = new HttpMessageInvoker(new SocketsHttpHandler { MaxConnectionsPerServer = 16 });
        await PostAllAsync(60);
        using var server = Process.GetProcessById(process.Id);
        var before = server.TotalProcessorTime;
        var began = Stopwatch.GetTimestamp();
        await PostAllAsync(100);
        server.Refresh();
        var used = (server.TotalProcessorTime - before).TotalSeconds;
        say($"{100 * requests.Count:N0} answers over HTTP in {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s, {used:0.0} s of the portal's processor");
        return
        [
            new Figure("OCSP answers from the cache, per CPU-second", service, "/s", 10_000, MoreIsBetter: true) { Peers = [new("libcrypto signs by P-256, per CPU-second", await SpeedAsync())] },
            new Figure("the same over HTTP, per CPU-second of the portal", 100 * requests.Count / used, "/s", MoreIsBetter: true),
        ];

        async Task AskAllAsync(int times)
        {
            for (var round = 0; round < times; round++)
            {
                foreach (var request in requests)
                {
                    if ((await answers.AskAsync(authority, request, CancellationToken.None)).ProducedAt is null)
                    {
                        throw new InvalidOperationException("There was no answer.");
                    }
                }
            }
        }

        Task PostAllAsync(int times) => Parallel.ForAsync(0, times * requests.Count, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (number, cancellationToken) =>
        {
            using var content = new ByteArrayContent(requests[number % requests.Count]);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/ocsp-request");
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(process.Address, $"/pki/{authority.Value}/ocsp")) { Content = content };
            using var answer = await client.SendAsync(request, cancellationToken);
            answer.EnsureSuccessStatusCode();
            if ((await answer.Content.ReadAsByteArrayAsync(cancellationToken)).Length < 200)
            {
                throw new InvalidOperationException("There was no answer.");
            }
        });
    }

    private static async Task<double> SpeedAsync()
    {
        var words = (await Programs.RunAsync("openssl", [], "speed", "-seconds", "2", "ecdsap256")).Demand();
        var line = Encoding.UTF8.GetString(words).Split('\n').Last(one => one.Contains("nistp256", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Correspondents' certificates, or as many that our authority has revoked.</summary>
    private static async Task FillAsync(BenchPortal portal, OrganisationId organisation, bool areOurs)
    {
        Guid authority;
        await using (var db = await portal.Database.ReadAsync(organisation, CancellationToken.None))
        {
            authority = (await db.Certificates.Where(one => one.Kind == CertificateKind.IssuingAuthority).Select(one => one.Id).SingleAsync()).Value;
        }

        await using var connection = new NpgsqlConnection(portal.Postgres.AdministratorConnectionString + ";Command Timeout=0");
        await connection.OpenAsync();
        await RunAsync(connection, "set session_replication_role = replica");
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        using var any = new CertificateRequest("CN=Correspondent of somebody here, O=Outside", pair, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddYears(1));
        await using (var copy = await connection.BeginBinaryImportAsync(
            "copy certificates (id, organisation_id, kind, issuer_id, partition, state, source, serial_number, address, names, encoded, not_before, not_after, created_at, revoked_at, standing_changed_at, revocation_reason, messages_signed, messages_encrypted) from stdin (format binary)"))
        {
            for (var number = 0; number < Many; number++)
            {
                var at = now.AddMinutes(-number);
                await copy.StartRowAsync();
                await copy.WriteAsync(Guid.CreateVersion7(at), NpgsqlDbType.Uuid);
                await copy.WriteAsync(organisation.Value, NpgsqlDbType.Uuid);
                await copy.WriteAsync(areOurs ? nameof(CertificateKind.Signing) : nameof(CertificateKind.Correspondent), NpgsqlDbType.Varchar);
                await WriteAsync(copy, areOurs ? authority : default(Guid?), NpgsqlDbType.Uuid);
                await WriteAsync(copy, areOurs ? 0 : default(int?), NpgsqlDbType.Integer);
                await copy.WriteAsync(areOurs ? nameof(CertificateState.Revoked) : nameof(CertificateState.Issued), NpgsqlDbType.Varchar);
                await copy.WriteAsync(areOurs ? nameof(CertificateSource.Own) : nameof(CertificateSource.SignedMail), NpgsqlDbType.Varchar);
                await copy.WriteAsync(Convert.ToHexString(RandomNumberGenerator.GetBytes(16)), NpgsqlDbType.Varchar);
                await copy.WriteAsync($"person{number}@{(areOurs ? "example" : $"outside{number % 997}")}.test", NpgsqlDbType.Varchar);
                await copy.WriteAsync($"person {number}\noutside {number % 997}", NpgsqlDbType.Varchar);
                await copy.WriteAsync(any.RawData, NpgsqlDbType.Bytea);
                await copy.WriteAsync(now.AddDays(-1).UtcDateTime, NpgsqlDbType.TimestampTz);
                await copy.WriteAsync(now.AddYears(1).UtcDateTime, NpgsqlDbType.TimestampTz);
                await copy.WriteAsync(at.UtcDateTime, NpgsqlDbType.TimestampTz);
                await WriteAsync(copy, areOurs ? at.UtcDateTime : default(DateTime?), NpgsqlDbType.TimestampTz);
                await WriteAsync(copy, areOurs ? at.UtcDateTime : default(DateTime?), NpgsqlDbType.TimestampTz);
                await WriteAsync(copy, areOurs ? nameof(CrlReason.Superseded) : null, NpgsqlDbType.Varchar);
                await copy.WriteAsync(0, NpgsqlDbType.Integer);
                await copy.WriteAsync(0, NpgsqlDbType.Integer);
            }

            await copy.CompleteAsync();
        }

        await RunAsync(connection, "vacuum analyze certificates");
        await RunAsync(connection, "checkpoint");
    }

    private static async Task<IReadOnlyList<Figure>> SearchAsync(BenchPortal portal, Actor actor)
    {
        var desk = portal.Get<CertificateDesk>();
        CertificateId issuer;
        List<string> serialNumbers;
        await using (var db = await portal.Database.ReadAsync(actor.Organisation, CancellationToken.None))
        {
            issuer = await db.Certificates.Where(one => one.Kind == CertificateKind.IssuingAuthority).Select(one => one.Id).SingleAsync();
            serialNumbers = await db.Certificates.Where(one => one.Kind == CertificateKind.Correspondent).Select(one => one.SerialNumber).Take(500).ToListAsync();
        }

        (string What, Func<int, CertificateFilter> Filter)[] searches =
        [
            ("no filter", _ => new CertificateFilter()),
            ("an address", i => new CertificateFilter(Words: $"person{i * 7919 % Many}@outside")),
            ("a part of many addresses", i => new CertificateFilter(Words: $"outside{i % 997}.test")),
            ("an authority of many", i => new CertificateFilter(Words: $"outside {i % 997}")),
            ("words that nobody has", i => new CertificateFilter(Words: $"nobody {i}")),
            ("a serial number", i => new CertificateFilter(Words: serialNumbers[i % serialNumbers.Count])),
            ("issuer and state", _ => new CertificateFilter(IssuerId: issuer, Condition: CertificateCondition.Good)),
            ("issuer, state and an address", i => new CertificateFilter(Words: $"second.{i % People}@", IssuerId: issuer, Condition: CertificateCondition.Good)),
        ];
        var figures = new List<Figure>();
        foreach (var (what, filter) in searches)
        {
            var samples = await Samples.TakeAsync(1, 100, i => desk.ListAsync(actor, filter(i), null, CancellationToken.None));
            figures.Add(new Figure($"search {Many:N0} certificates by {what}, p95", samples.P95, "ms", 50));
        }

        return figures;
    }

    /// <summary>One list of all that is revoked: read, built, signed and stored.</summary>
    private static async Task<Figure> PublishAsync(BenchPortal portal, OrganisationId organisation, Action<string> say)
    {
        var lists = portal.Get<RevocationLists>();
        var began = Stopwatch.GetTimestamp();
        await lists.PublishAsync(organisation, CancellationToken.None);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        await using var db = await portal.Database.ReadAsync(organisation, CancellationToken.None);
        var encoded = await db.RevocationLists.OrderByDescending(one => one.Encoded.Length).Select(one => one.Encoded).FirstAsync();
        say($"a list of {encoded.Length / 1048576.0:0.0} MB");
        return RevocationList.TryParse(encoded, out var list) && list.Count >= Many
            ? new Figure($"revocation list with {Many:N0} entries: read, built, signed, stored", seconds, "s", 5) { Peers = [new("openssl ca -gencrl", await OpenSslAsync())] }
            : throw new InvalidOperationException("The list has not all of them.");
    }

    private static async Task<double> OpenSslAsync()
    {
        using var root = await OutsideRoot.MakeAsync();
        var index = new StringBuilder();
        for (var number = 0; number < Many; number++)
        {
            index.Append(System.Globalization.CultureInfo.InvariantCulture, $"R\t271129000000Z\t261101000000Z,superseded\t{Convert.ToHexString(RandomNumberGenerator.GetBytes(16))}\tunknown\t/CN=Person {number}\n");
        }

        await File.WriteAllTextAsync(root.At("index"), index.ToString());
        await File.WriteAllTextAsync(root.At("number"), "01\n");
        await File.WriteAllTextAsync(root.At("ca.conf"), $"[ca]\ndefault_ca=it\n[it]\ndatabase={root.At("index")}\ncrlnumber={root.At("number")}\ndefault_md=sha384\ndefault_crl_days=7\nunique_subject=no\ncrl_extensions=list\n[list]\nauthorityKeyIdentifier=keyid\n");
        var began = Stopwatch.GetTimestamp();
        (await OpenSsl.RunAsync([], "ca", "-config", root.At("ca.conf"), "-gencrl", "-cert", root.At("root.pem"), "-keyfile", root.At("root.key"), "-out", root.At("list.pem"))).Demand();
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static Task WriteAsync<T>(NpgsqlBinaryImporter copy, T? value, NpgsqlDbType type)
        where T : struct => value is { } given ? copy.WriteAsync(given, type) : copy.WriteNullAsync();

    private static Task WriteAsync(NpgsqlBinaryImporter copy, string? value, NpgsqlDbType type) => value is null ? copy.WriteNullAsync() : copy.WriteAsync(value, type);

#pragma warning disable CA2100 // Our own text.
    private static async Task RunAsync(NpgsqlConnection connection, string text)
    {
        await using var command = new NpgsqlCommand(text, connection);
        await command.ExecuteNonQueryAsync();
    }
#pragma warning restore CA2100
}
