using System.Security.Cryptography.X509Certificates;
using Portal.Application.Certificates;
using Portal.Application.Compose;
using Portal.Application.Protection;
using Portal.Application.Tests.Database;
using Portal.Application.Transport;
using Portal.Application.Trust;
using Portal.Smime.Cms;
using Portal.Testing;

namespace Portal.Application.Tests.Portals;

/// <summary>Other people's certificates: from directories and files, which one is used, and our own for others.</summary>
public abstract class ContactsContract : DatabaseTest
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private readonly TestAuthority _authority = new($"Authority {Guid.NewGuid():N}");
    private readonly string _domain = $"d{Guid.NewGuid():N}"[..12] + ".partner.test";
    private TestPortal _portal = null!;
    private SignedInPerson _alice = null!;

    private protected override async Task PrepareAsync()
    {
        _portal = await TestPortal.StartAsync(Db, ("Portal:Transport:ServerAuthorities", TestServers.Authority));
        _alice = await _portal.EnrolAsync(await _portal.FoundAsync("example.test"), "alice@example.test", Roles.User | Roles.Administrator);
        Assert.IsType<TrustAdding.Added>(await _portal.Get<ForeignAuthorities>().AddAsync(
            _alice.Account, _authority.CertificateBytes, null, new TrustTerms(TrustPurpose.Both, RevocationRequired: false, []), Never));
    }

    private protected override async ValueTask EndAsync()
    {
        _authority.Dispose();
        await (_portal?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private LdapDirectories Directories => _portal.Get<LdapDirectories>();

    [Theory]
    [InlineData(TlsMode.Implicit, true, false)]
    [InlineData(TlsMode.StartTls, true, true)]
    [InlineData(TlsMode.None, false, true)]
    public async Task Whoever_is_in_a_directory_is_encrypted_for(TlsMode tls, bool signsIn, bool inMessage)
    {
        var carol = _authority.Issue($"carol@{_domain}");
        var stranger = _authority.Issue($"stranger@{_domain}");
        byte[][] certificates = inMessage ? [] : [stranger.Certificate.RawData, carol.Certificate.RawData];
        await LdapEntries.AddAsync(carol.Address, certificates, inMessage ? [CertsOnly.Write([carol.Certificate, stranger.Certificate])] : []);
        Assert.True(await Directories.SaveAsync(_alice.Account, null, Settings(tls, signsIn), Never));
        var directory = Assert.Single(await Directories.ListAsync(_alice.Account, Never));
        Assert.Equal((signsIn, null), (directory.HasPassword, directory.Settings.BindPassword));
        Assert.Equal(2, Assert.IsType<LdapTrial.Answered>(await Directories.TryAsync(_alice.Account, directory.Id, carol.Address, Never)).Certificates);

        Assert.Equal(RecipientHandling.EncryptedCompatible, await HandlingAsync(carol.Address));

        var contact = await _portal.Get<Contacts>().FindAsync(_alice.Account, carol.Address, Never);
        var certificate = Assert.Single(contact!.Certificates);
        Assert.Equal((carol.Certificate.SerialNumber, CertificateSource.Directory, true), (certificate.SerialNumber, certificate.Source, certificate.IsChosen));
        Assert.Equal(RecipientHandling.NoCertificate, await HandlingAsync($"nobody@{_domain}"));
    }

    [Fact]
    public async Task A_directory_that_does_not_answer_or_not_as_it_should_says_why_and_keeps_nobody_waiting()
    {
        var refused = Settings(TlsMode.Implicit, signsIn: true) with { BindPassword = "wrong" };
        Assert.True(await Directories.SaveAsync(_alice.Account, null, refused, Never));
        var id = Assert.Single(await Directories.ListAsync(_alice.Account, Never)).Id;
        Assert.Contains("49", await FailureAsync(id), StringComparison.Ordinal);
        Assert.True(await Directories.SaveAsync(_alice.Account, id, Settings(TlsMode.Implicit, signsIn: false) with { Host = "127.0.0.1", Port = TestServers.SmtpPort }, Never));
        Assert.NotEmpty(await FailureAsync(id));
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        Assert.True(await Directories.SaveAsync(_alice.Account, id, Settings(TlsMode.None, signsIn: false) with { Port = ((System.Net.IPEndPoint)silent.LocalEndpoint).Port }, Never));
        var began = TimeProvider.System.GetTimestamp();
        Assert.Equal(RecipientHandling.NoCertificate, await HandlingAsync($"carol@{_domain}"));
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(30));
        Assert.True(silent.Pending());
        (await silent.AcceptSocketAsync(Never)).Dispose();
        Assert.Equal(RecipientHandling.NoCertificate, await HandlingAsync($"carol@{_domain}"));
        Assert.False(silent.Pending());

        // A password in the clear, no domain, another organisation's directory.
        Assert.False(await Directories.SaveAsync(_alice.Account, null, Settings(TlsMode.None, signsIn: true), Never));
        Assert.False(await Directories.SaveAsync(_alice.Account, null, Settings(TlsMode.Implicit, signsIn: true) with { Domains = [] }, Never));
        Assert.False(await Directories.SaveAsync(_alice.Account, Guid.NewGuid(), Settings(TlsMode.Implicit, signsIn: true), Never));
    }

    [Fact]
    public async Task A_directory_that_answers_without_an_end_is_given_up()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync(listener);
        var settings = Settings(TlsMode.None, signsIn: false) with { Port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port };
        Assert.True(await Directories.SaveAsync(_alice.Account, null, settings, Never));

        Assert.Contains("too large", await FailureAsync(Assert.Single(await Directories.ListAsync(_alice.Account, Never)).Id), StringComparison.Ordinal);

        await Assert.ThrowsAnyAsync<IOException>(() => serving);
    }

    // Bound, and then one empty entry after the other.
    private static async Task ServeAsync(System.Net.Sockets.TcpListener listener)
    {
        byte[] bound = [0x30, 12, 2, 1, 1, 0x61, 7, 10, 1, 0, 4, 0, 4, 0];
        byte[] entry = [0x30, 9, 2, 1, 2, 0x64, 4, 4, 0, 0x30, 0];
        using var client = await listener.AcceptTcpClientAsync();
        await using var stream = client.GetStream();
        await stream.WriteAsync(bound);
        while (true)
        {
            await stream.WriteAsync(entry);
        }
    }

    [Fact]
    public async Task A_directory_in_a_private_network_is_not_gone_to()
    {
        await using var portal = await _portal.AnotherNodeAsync(("Portal:Transport:OwnNetworks", string.Empty));
        Assert.True(await Directories.SaveAsync(_alice.Account, null, Settings(TlsMode.None, signsIn: false), Never));
        var id = Assert.Single(await Directories.ListAsync(_alice.Account, Never)).Id;
        Assert.Contains("network", Assert.IsType<LdapTrial.Failed>(await portal.Get<LdapDirectories>().TryAsync(_alice.Account, id, "x@y.test", Never)).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_is_kept_when_it_fits_and_the_choice_between_several_is_explained()
    {
        var (contacts, address, now) = (_portal.Get<Contacts>(), $"carol@{_domain}", TimeProvider.System.GetUtcNow());
        using var unknown = new TestAuthority("Unknown");
        Assert.Equal(ContactUpload.NoCertificate, await contacts.UploadAsync(_alice.Account, address, [1, 2], Never));
        Assert.Equal(ContactUpload.OtherAddress, await contacts.UploadAsync(_alice.Account, address, _authority.Issue("other@outside.test").Certificate.RawData, Never));
        Assert.Equal(ContactUpload.NotTrusted, await contacts.UploadAsync(_alice.Account, address, unknown.Issue(address).Certificate.RawData, Never));
        Assert.Equal(ContactUpload.Unfit, await contacts.UploadAsync(_alice.Account, address, _authority.Issue(address, usages: X509KeyUsageFlags.DigitalSignature).Certificate.RawData, Never));
        Assert.Equal(ContactUpload.Unfit, await contacts.UploadAsync(_alice.Account, address, _authority.Issue(address, now.AddYears(-2), now.AddDays(-1)).Certificate.RawData, Never));
        Assert.Equal(ContactUpload.Inside, await contacts.UploadAsync(_alice.Account, "alice@example.test", _authority.Issue("alice@example.test").Certificate.RawData, Never));
        Assert.Empty((await contacts.FindAsync(_alice.Account, address, Never))!.Certificates);
        Assert.Null(await contacts.FindAsync(_alice.Account, "no address", Never));

        var (shorter, longer) = (_authority.Issue(address, validUntil: now.AddDays(100)), _authority.IssueOnCurve(address));
        Assert.Equal(ContactUpload.Kept, await contacts.UploadAsync(_alice.Account, address, longer.Certificate.RawData, Never));
        Assert.Equal(ContactUpload.Kept, await contacts.UploadAsync(_alice.Account, address, CertsOnly.Write([shorter.Certificate]), Never));

        var view = (await contacts.FindAsync(_alice.Account, address, Never))!.Certificates;
        Assert.Equal([(longer.Certificate.SerialNumber, true), (shorter.Certificate.SerialNumber, false)], view.Select(one => (one.SerialNumber, one.IsChosen)));
        Assert.All(view, one => Assert.Equal((CertificateSuitability.Suitable, CertificateSource.Upload), (one.Suitability, one.Source)));
        Assert.Equal("P-256", view[0].Key);
        Assert.IsType<TrustRemoving.Removed>(await _portal.Get<ForeignAuthorities>().RemoveAsync(
            _alice.Account, Assert.Single(await _portal.Get<ForeignAuthorities>().ListAsync(_alice.Account, Never)).Fingerprint, Never));
        Assert.All((await contacts.FindAsync(_alice.Account, address, Never))!.Certificates, one => Assert.Equal((CertificateSuitability.Untrusted, false), (one.Suitability, one.IsChosen)));
    }

    [Fact]
    public async Task Our_own_certificates_are_told_to_our_own_people_and_to_everybody_where_that_is_wanted()
    {
        var directory = _portal.Get<PublicDirectory>();
        Assert.Null(await directory.FindAsync("alice@example.test", null, Never));
        var entry = await directory.FindAsync(" Alice@Example.test", _alice.Account, Never);
        Assert.Equal(await _portal.EncryptionCertificateAsync(_alice), entry!.Certificate);
        Assert.Null(await directory.FindAsync("nobody@example.test", _alice.Account, Never));
        var policies = _portal.Get<Organisations.OrganisationPolicies>();
        await policies.ChangeAsync(_alice.Account, await policies.ReadAsync(_alice.Account.Organisation, Never) with { PublishesCertificates = true }, Never);

        Assert.Equal(entry, await directory.FindAsync("alice@example.test", null, Never), new Same());
        var listed = System.Text.Encoding.ASCII.GetString((await OpenSsl.RunAsync(entry.WithChain, "pkcs7", "-inform", "DER", "-print_certs", "-noout")).Demand());
        Assert.Equal(2, listed.Split("subject=").Length - 1);
    }

    private static LdapSettings Settings(TlsMode tls, bool signsIn) => new(
        "localhost",
        tls == TlsMode.Implicit ? TestServers.LdapsPort : TestServers.LdapPort,
        tls,
        LdapEntries.BaseName,
        signsIn ? LdapEntries.Administrator : null,
        signsIn ? TestServers.LdapPassword : null,
        ["partner.test"]);

    private async Task<string> FailureAsync(Guid directory) =>
        Assert.IsType<LdapTrial.Failed>(await Directories.TryAsync(_alice.Account, directory, $"carol@{_domain}", Never)).Words;

    private async Task<RecipientHandling> HandlingAsync(string address)
    {
        var content = Mail.To(address, "to somebody");
        return (await _portal.Get<Sending>().PreviewAsync(_alice.Account, await _portal.WriteAsync(_alice, content), content, Never))!.Recipients.Single().Handling;
    }

    private sealed class Same : IEqualityComparer<DirectoryEntry?>
    {
        public bool Equals(DirectoryEntry? x, DirectoryEntry? y) =>
            x is not null && y is not null && x.Certificate.AsSpan().SequenceEqual(y.Certificate) && x.WithChain.AsSpan().SequenceEqual(y.WithChain);

        public int GetHashCode(DirectoryEntry? obj) => 0;
    }
}

public sealed class PostgresContactsTests(PostgresFixture postgres) : ContactsContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => postgres.NewAsync();
}

public sealed class SqliteContactsTests(SqliteFixture sqlite) : ContactsContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => sqlite.NewAsync();
}
