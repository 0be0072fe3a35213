using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Audit;
using Portal.Application.Brands;
using Portal.Application.Domains;
using Portal.Application.SecureLinks;
using Portal.Application.Tests.Database;
using Portal.Testing;

namespace Portal.Application.Tests.Portals;

/// <summary>How an organisation looks to people outside.</summary>
public abstract partial class BrandingContract : DatabaseTest
{
    private const string Carol = "carol@outside.test";
    private const string Host = "secure.example.test";
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly BrandChoice Chosen = new(" Example\u202E Clinic ", "#8A1538", new Dictionary<string, string>
    {
        ["en"] = " We write to you \r\n\r\n about your health. ",
        ["de"] = "Wir schreiben Ihnen.",
        ["fr"] = "Nous vous écrivons au sujet de votre santé.",
        ["xx"] = "Not a language.",
    });

    private protected TestPortal Portal { get; private set; } = null!;

    private protected SignedInPerson Alice { get; private set; } = null!;

    private protected OutsideReaders Outside { get; private set; } = null!;

    private protected Branding Branding => Portal.Get<Branding>();

    private protected BrandReading Reading => Portal.Get<BrandReading>();

    private protected NoticeChecking Checking => Portal.Get<NoticeChecking>();

    private OrganisationId Organisation => Alice.Account.Organisation;

    private protected override async Task PrepareAsync()
    {
        Portal = await TestPortal.StartAsync(Db, OutsideReaders.PublicAddress);
        Alice = await Portal.EnrolAsync(await Portal.FoundAsync("example.test"), "alice@example.test", Roles.User | Roles.Administrator);
        Outside = new OutsideReaders(Portal, Alice);
    }

    private protected override ValueTask EndAsync() => Portal?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Where_nothing_is_chosen_the_organisation_has_its_name_and_else_the_portals_look()
    {
        var brand = await Reading.OfAsync(Organisation, Never);
        Assert.Equal(("Organisation example.test", null, null, null), (brand.Name, brand.Accent, brand.LogoVersion, brand.Host));
        Assert.Empty(brand.Texts);
        Assert.Null(await Reading.LogoAsync(Organisation, Never));
        Assert.Null(await Reading.AtAsync(Host, Never));
    }

    [Fact]
    public async Task What_is_chosen_is_what_people_outside_see()
    {
        Assert.IsType<BrandSaving.Saved>(await Branding.ChooseAsync(Alice.Account, Chosen, Never));
        var settings = await Branding.ViewAsync(Alice.Account, Never);
        Assert.Equal(("Organisation example.test", "Example Clinic", "#8a1538"), (settings.OrganisationName, settings.Name, settings.Accent));
        Assert.Equal(["de", "en", "fr"], settings.Seen.Texts.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("We write to you\nabout your health.", settings.Seen.TextIn("en"));

        var carol = await Outside.ProveAsync(await Portal.SendAsync(Alice, Mail.To(Carol, "The findings")), Carol);
        var mails = await Outside.MailToAsync(Carol);
        Assert.All(mails, mail => Assert.Equal("\"Example Clinic\" <no-reply@example.test>", mail.From.ToString()));
        Assert.Contains("for the message of Person alice (Example Clinic)", mails[^1].TextBody, StringComparison.Ordinal);
        var notice = mails[0].TextBody!.ReplaceLineEndings("\n");
        Assert.Contains("\n\nWe write to you\nabout your health.\n\n", notice, StringComparison.Ordinal);
        Assert.Equal("Example Clinic", Assert.IsType<LinkLook.Open>(await Portal.Get<ReaderEntry>().LookAsync(Link().Match(notice).Groups[1].Value, null, Never)).Organisation);
        Assert.Equal("Example Clinic", (await Portal.Get<ReaderAccount>().ReadAsync(carol.Reader, Never))!.Organisation);
        Assert.Equal("Example Clinic", Assert.IsType<NoticeCheck.Genuine>(await Checking.CheckAsync(notice, Never)).Organisation);
        Assert.Equal(Organisation, (await Portal.Get<ReaderEntry>().LandAsync(Link().Match(notice).Groups[1].Value, null, Never)).Brand!.Organisation);
        Assert.Null((await Portal.Get<ReaderEntry>().LandAsync("nonsense", null, Never)).Brand);

        Assert.IsType<BrandSaving.Saved>(await Branding.ChooseAsync(Alice.Account, new BrandChoice(" ", "", new Dictionary<string, string>()), Never));
        Assert.Equal("Organisation example.test", (await Reading.OfAsync(Organisation, Never)).Name);
    }

    [Fact]
    public async Task A_reader_is_told_in_French_or_Spanish_when_they_wish()
    {
        await Branding.ChooseAsync(Alice.Account, Chosen, Never);
        var carol = await Outside.ProveAsync(await Portal.SendAsync(Alice, Mail.To(Carol, "The first")), Carol);
        foreach (var (language, subject, own) in new[] { ("fr", "vous a envoyé", true), ("es", "le ha enviado", false) })
        {
            Assert.Equal(ReaderChoice.Kept, await Portal.Get<ReaderAccount>().ChooseAsync(carol.Reader, language, "", Never));
            await Outside.TokenAsync(await Portal.SendAsync(Alice, Mail.To(Carol, "Another")), Carol);
            var notice = (await Outside.MailToAsync(Carol))[^1];
            Assert.Equal(language, notice.Body!.Headers["Content-Language"]);
            Assert.Contains(subject, notice.Subject, StringComparison.Ordinal);
            Assert.Equal(own, notice.TextBody!.Contains("au sujet de votre santé", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task What_cannot_be_read_or_leads_elsewhere_is_refused_and_nothing_is_saved()
    {
        await Branding.ChooseAsync(Alice.Account, Chosen, Never);
        var pale = Assert.IsType<BrandSaving.TooPale>(await TryAsync(Chosen with { Accent = "#777777" }));
        Assert.Equal(4.478, pale.Contrast, 0.001);
        Assert.IsType<BrandSaving.NoColour>(await TryAsync(Chosen with { Accent = "red" }));
        Assert.IsType<BrandSaving.NameTooLong>(await TryAsync(Chosen with { Name = new string('x', Branding.LongestName + 1) }));
        Assert.Equal("de", Assert.IsType<BrandSaving.TextTooLong>(await TryAsync(With("de", new string('x', Branding.LongestText + 1)))).Language);
        foreach (var link in (string[])["See http://evil.test", "HTTPS://evil.test", "www.evil.test", "Go to WWW .evil.test", "ftp://x", "Sign in at evil.test/login."])
        {
            Assert.Equal((link, "es"), (link, Assert.IsType<BrandSaving.TextHasLink>(await TryAsync(With("es", link))).Language));
        }

        Assert.Equal("Example Clinic", (await Branding.ViewAsync(Alice.Account, Never)).Name);

        Task<BrandSaving> TryAsync(BrandChoice choice) => Branding.ChooseAsync(Alice.Account, choice, Never);

        static BrandChoice With(string language, string text) => Chosen with { Texts = new Dictionary<string, string> { [language] = text } };
    }

    [Fact]
    public async Task A_logo_is_taken_for_what_it_is_and_goes_again()
    {
        var png = Pictures.Png(300, 80);
        Assert.Equal(LogoSaving.NoImage, await Branding.TakeLogoAsync(Alice.Account, [.. "<svg/>"u8], Never));
        Assert.Equal(LogoSaving.TooLarge, await Branding.TakeLogoAsync(Alice.Account, [.. png, .. new byte[Branding.LargestLogo]], Never));
        Assert.Equal(LogoSaving.TooManyPixels, await Branding.TakeLogoAsync(Alice.Account, Pictures.Png(Branding.MostPixels + 1, 1), Never));
        Assert.Equal(LogoSaving.TooManyPixels, await Branding.TakeLogoAsync(Alice.Account, Pictures.JpegHead(1, Branding.MostPixels + 1), Never));
        Assert.Null(await Reading.LogoAsync(Organisation, Never));

        Assert.Equal(LogoSaving.Saved, await Branding.TakeLogoAsync(Alice.Account, png, Never));
        var first = (await Reading.LogoAsync(Organisation, Never))!;
        Assert.Equal(("image/png", (await Reading.OfAsync(Organisation, Never)).LogoVersion), (first.MediaType, first.Version));
        Assert.Equal(png, first.Content);
        Assert.Equal(LogoSaving.Saved, await Branding.TakeLogoAsync(Alice.Account, Pictures.JpegHead(10, 10), Never));
        var second = (await Reading.LogoAsync(Organisation, Never))!;
        Assert.Equal("image/jpeg", second.MediaType);
        Assert.NotEqual(first.Version, second.Version);

        await Branding.RemoveLogoAsync(Alice.Account, Never);
        Assert.Null(await Reading.LogoAsync(Organisation, Never));
        Assert.Null((await Reading.OfAsync(Organisation, Never)).LogoVersion);
        await Branding.RemoveLogoAsync(Alice.Account, Never);
    }

    [Theory]
    [InlineData("nonsense", HostSaving.NoHostName)]
    [InlineData("https://secure.example.test", HostSaving.NoHostName)]
    [InlineData("*.example.test", HostSaving.NoHostName)]
    [InlineData("10.0.0.1", HostSaving.NoHostName)]
    [InlineData("mail.example.test", HostSaving.PublicAddress)]
    [InlineData("example.test", HostSaving.NotTheirs)]
    [InlineData("secure.example.test.evil.test", HostSaving.NotTheirs)]
    [InlineData("secureexample.test", HostSaving.NotTheirs)]
    [InlineData("secure.claimed.test", HostSaving.NotTheirs)]
    [InlineData("a.b.c.d.e.f.g.h.example.test", HostSaving.NotTheirs)]
    public async Task A_host_name_lies_below_a_proved_domain(string host, HostSaving refused)
    {
        await using (var db = await Db.Database.WriteAsync(Organisation, Never))
        {
            db.OrganisationDomains.Add(new Organisations.OrganisationDomain(Organisation, "claimed.test", TimeProvider.System.GetUtcNow()));
            await db.CommitAsync(Never);
        }

        Assert.Equal(refused, await Branding.AnswerAtAsync(Alice.Account, host, Never));
        Assert.Null((await Branding.ViewAsync(Alice.Account, Never)).Host);
    }

    [Fact]
    public async Task Notices_lead_to_the_host_name_and_are_known_by_it()
    {
        Assert.Equal(HostSaving.Saved, await Branding.AnswerAtAsync(Alice.Account, " Secure.Example.test ", Never));
        Assert.Equal(Organisation, (await Reading.AtAsync("SECURE.example.test", Never))!.Organisation);
        Assert.Null(await Reading.AtAsync("mail.example.test", Never));
        Assert.Null(await Reading.AtAsync("other.example.test", Never));
        Assert.Null(await Reading.AtAsync("127.0.0.1", Never));

        var sent = await Portal.SendAsync(Alice, Mail.To(Carol, "The findings"));
        await Portal.WorkUntilAsync(async () => (await Outside.LinksAsync(sent)).Links.All(one => one.ReadyAt is not null));
        await Portal.WorkOffAsync();
        var notice = (await Outside.MailToAsync(Carol))[^1].TextBody!;
        var token = Link().Match(notice).Groups[1].Value;
        Assert.Contains($"https://{Host}/open/", notice, StringComparison.Ordinal);
        Assert.Contains($"https://{Host}/check", notice, StringComparison.Ordinal);
        Assert.DoesNotContain("mail.example.test", notice, StringComparison.Ordinal);

        foreach (var genuine in (string[])[notice, $"https://{Host}/open/{token}", $"https://mail.example.test/open/{token}"])
        {
            Assert.IsType<NoticeCheck.Genuine>(await Checking.CheckAsync(genuine, Never));
        }

        foreach (var forged in (string[])[$"http://{Host}/open/{token}", $"https://{Host}:8443/open/{token}", $"https://x@{Host}/open/{token}", $"https://other.example.test/open/{token}", $"{notice} https://evil.test/"])
        {
            Assert.IsType<NoticeCheck.Elsewhere>(await Checking.CheckAsync(forged, Never));
        }

        Assert.IsType<NoticeCheck.Unknown>(await Checking.CheckAsync($"https://{Host}/open/{new string('x', 43)}", Never));
        Assert.Equal(HostSaving.Saved, await Branding.AnswerAtAsync(Alice.Account, "", Never));
        Assert.Null(await Reading.AtAsync(Host, Never));
        Assert.IsType<NoticeCheck.Elsewhere>(await Checking.CheckAsync(notice, Never));
    }

    [Fact]
    public async Task A_host_name_counts_only_while_its_domain_is_proved()
    {
        await Branding.AnswerAtAsync(Alice.Account, Host, Never);
        var domain = Assert.Single(await Portal.Get<OrganisationDomains>().ListAsync(Alice.Account, Never)).Id;
        Assert.True(await Portal.Get<OrganisationDomains>().WithdrawAsync(new Actor.Portal(Organisation, "test"), domain, Never));
        var settings = await Branding.ViewAsync(Alice.Account, Never);
        Assert.Equal((Host, null), (settings.Host, settings.Seen.Host));
        Assert.Null(await Reading.AtAsync(Host, Never));
    }

    [Fact]
    public async Task Only_administrators_change_it_and_that_is_on_record()
    {
        var bob = (await Portal.EnrolAsync(Organisation, "bob@example.test")).Account;
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Branding.ViewAsync(bob, Never));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Branding.ChooseAsync(bob, Chosen, Never));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Branding.TakeLogoAsync(bob, Pictures.Png(1, 1), Never));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Branding.RemoveLogoAsync(bob, Never));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Branding.AnswerAtAsync(bob, Host, Never));

        await Branding.ChooseAsync(Alice.Account, Chosen, Never);
        await Branding.TakeLogoAsync(Alice.Account, Pictures.Png(1, 1), Never);
        await Branding.AnswerAtAsync(Alice.Account, Host, Never);
        await using var db = await Db.Database.ReadAsync(Organisation, Never);
        var recorded = await db.AuditEntries.Where(one => one.Action == AuditAction.BrandChanged).OrderBy(one => one.Sequence).Select(one => one.Detail).ToListAsync(Never);
        Assert.Equal(["{\"what\":\"look\"}", "{\"what\":\"logo\"}", "{\"what\":\"host\"}"], recorded);
    }

    [GeneratedRegex("https://\\S+/open/([A-Za-z0-9_-]+)")]
    private protected static partial Regex Link();
}

public sealed class PostgresBrandingTests(PostgresFixture postgres) : BrandingContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => postgres.NewAsync();

    [Fact]
    public async Task One_host_name_is_one_organisations_and_so_are_its_links()
    {
        var mallory = await Portal.EnrolAsync(await Portal.FoundAsync("rival.test"), "mallory@rival.test", Roles.User | Roles.Administrator);
        Assert.Equal(HostSaving.NotTheirs, await Branding.AnswerAtAsync(mallory.Account, "secure.example.test", CancellationToken.None));
        Assert.Equal(HostSaving.Saved, await Branding.AnswerAtAsync(Alice.Account, "secure.west.example.test", CancellationToken.None));
        Assert.Equal(HostSaving.Saved, await Branding.AnswerAtAsync(mallory.Account, "secure.rival.test", CancellationToken.None));

        var rivals = new OutsideReaders(Portal, mallory);
        var sent = await Portal.SendAsync(mallory, Mail.To("dave@outside.test", "Theirs"));
        await Portal.WorkUntilAsync(async () => (await rivals.LinksAsync(sent)).Links.All(one => one.ReadyAt is not null));
        await Portal.WorkOffAsync();
        var token = Link().Match((await rivals.MailToAsync("dave@outside.test"))[^1].TextBody!).Groups[1].Value;
        Assert.IsType<NoticeCheck.Genuine>(await Checking.CheckAsync($"https://secure.rival.test/open/{token}", CancellationToken.None));
        Assert.IsType<NoticeCheck.Elsewhere>(await Checking.CheckAsync($"https://secure.west.example.test/open/{token}", CancellationToken.None));

        // Whoever proves a closer domain has what is below it.
        var west = await Portal.EnrolAsync(await Portal.FoundAsync("west.example.test"), "wanda@west.example.test", Roles.User | Roles.Administrator);
        Assert.Null(await Reading.AtAsync("secure.west.example.test", CancellationToken.None));
        Assert.Null((await Branding.ViewAsync(Alice.Account, CancellationToken.None)).Seen.Host);
        Assert.Equal(HostSaving.NotTheirs, await Branding.AnswerAtAsync(Alice.Account, "secure.west.example.test", CancellationToken.None));
        Assert.Equal(HostSaving.Saved, await Branding.AnswerAtAsync(west.Account, "secure.west.example.test", CancellationToken.None));
        Assert.Equal(west.Account.Organisation, (await Reading.AtAsync("secure.west.example.test", CancellationToken.None))!.Organisation);
    }

    [Fact]
    public async Task What_one_organisation_chooses_is_nobody_elses()
    {
        var mallory = await Portal.EnrolAsync(await Portal.FoundAsync("rival.test"), "mallory@rival.test", Roles.User | Roles.Administrator);
        await Branding.ChooseAsync(Alice.Account, new BrandChoice("Clinic", "#8a1538", new Dictionary<string, string> { ["en"] = "Ours" }), CancellationToken.None);
        await Branding.TakeLogoAsync(Alice.Account, Pictures.Png(2, 2), CancellationToken.None);
        var theirs = await Reading.OfAsync(mallory.Account.Organisation, CancellationToken.None);
        Assert.Equal(("Organisation rival.test", null, null), (theirs.Name, theirs.Accent, theirs.LogoVersion));
        Assert.Null(await Reading.LogoAsync(mallory.Account.Organisation, CancellationToken.None));
        await Branding.RemoveLogoAsync(mallory.Account, CancellationToken.None);
        Assert.NotNull(await Reading.LogoAsync(Alice.Account.Organisation, CancellationToken.None));
        Assert.Null(await Reading.LogoAsync(OrganisationId.From(Guid.NewGuid()), CancellationToken.None));
    }
}

public sealed class SqliteBrandingTests(SqliteFixture sqlite) : BrandingContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => sqlite.NewAsync();
}
