using System.IO.Compression;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.Testing;
using static Microsoft.Playwright.Assertions;

namespace Portal.Web.Tests;

/// <summary>A reader takes everything along, and hands in a certificate of their own: without a script, and on a phone.</summary>
public sealed class ReaderKeepingJourneyTests(Browser browser, SqlitePortal portal) : IClassFixture<SqlitePortal>, IDisposable
{
    private readonly TestAuthority _authority = new($"Authority {Guid.NewGuid():N}"[..20]);
    private string _index = string.Empty;

    public void Dispose() => _authority.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_reader_takes_everything_along_in_one_file(bool phone)
    {
        var address = $"lena{(phone ? 2 : 1)}@stranger.test";
        var alice = await JourneyTests.SignedInAsync(browser, portal, "alice@example.test");
        await Outside.SendAsync(alice, address, "The second");
        await Outside.SendAsync(alice, address, "The first");
        var lena = await Outside.ReadingAsync(browser, portal, address, phone);
        await lena.Part("reader-mailbox").ClickAsync();
        await lena.Part("reader-export").ScrollIntoViewIfNeededAsync();
        await PictureAsync(lena, "reader-export", phone);
        Assert.Equal(["1 eml", "index"], await ExportAsync(lena));
        await lena.Part("reader-export-unopened").CheckAsync();
        Assert.Equal(["2 eml", "index"], await ExportAsync(lena));
        await lena.GotoAsync(new Uri(_index).AbsoluteUri);
        await Expect(lena.GetByRole(AriaRole.Link)).ToHaveTextAsync(["The first", "The second"]);
        await PictureAsync(lena, "reader-export-index", phone);
        await lena.GotoAsync("/read/mailbox");
        await Expect(lena.Part("reader-message").Filter(new() { HasText = "not opened yet" })).ToHaveCountAsync(0);
        await alice.ReloadAsync();
        await Expect(alice.Part("sent-link")).ToHaveAttributeAsync("data-state", "opened");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_reader_hands_in_a_certificate_and_takes_it_back(bool phone)
    {
        var address = $"mara{(phone ? 2 : 1)}@stranger.test";
        var alice = await JourneyTests.SignedInAsync(browser, portal, "alice@example.test");
        await Outside.SendAsync(alice, address, "The first");
        var mara = await Outside.ReadingAsync(browser, portal, address, phone);
        await mara.Part("reader-mailbox").ClickAsync();
        await mara.Part("certificate-file").ScrollIntoViewIfNeededAsync();
        await PictureAsync(mara, "reader-certificate", phone);
        var holder = _authority.Issue(address);
        await HandInAsync(mara, await File.ReadAllBytesAsync(holder.KeyFile), "PrivateKey");
        await PictureAsync(mara, "reader-certificate-refused", phone);
        await HandInAsync(mara, new byte[70_000], "TooLarge");
        await HandInAsync(mara, await File.ReadAllBytesAsync(_authority.Issue("other@stranger.test").CertificateFile), "OtherAddress");
        await HandInAsync(mara, [.. await File.ReadAllBytesAsync(holder.CertificateFile), (byte)'\n', .. await File.ReadAllBytesAsync(_authority.CertificateFile)], "Waiting");
        await Expect(mara.Part("reader-certificate")).ToHaveAttributeAsync("data-used", "false");
        await PictureAsync(mara, "reader-certificate-waits", phone);
        Assert.Contains("Nothing changes yet", await portal.MailedAsync(address, new Regex("Nothing changes yet")), StringComparison.Ordinal);

        await alice.GotoAsync("/organisation/trust");
        await alice.Part("waiting-authorities").GetByTestId("authority").Filter(new() { HasText = "stranger.test" }).ClickAsync();
        await alice.Part("trust-not-published").ClickAsync();
        await alice.PictureAsync("reader-certificate-authority-1440");
        await alice.Part("trust-submit").ClickAsync();
        await Expect(alice.Part("authority-standing")).ToHaveTextAsync("Trusted");
        await mara.GotoAsync("/read/mailbox");
        await Expect(mara.Part("reader-certificate")).ToHaveAttributeAsync("data-used", "true");
        await mara.Part("reader-certificate").ScrollIntoViewIfNeededAsync();
        await PictureAsync(mara, "reader-certificate-used", phone);
        await mara.Part("certificate-withdraw").ClickAsync();
        await Expect(mara.Part("reader-saved")).ToBeVisibleAsync();
        await Expect(mara.Part("reader-certificate")).ToHaveCountAsync(0);
    }

    private static async Task HandInAsync(IPage reader, byte[] file, string outcome)
    {
        await reader.Part("certificate-file").SetInputFilesAsync(new FilePayload { Name = "certificate.pem", MimeType = "application/octet-stream", Buffer = file });
        await reader.Part("certificate-hand-in").ClickAsync();
        await Expect(reader.Part("certificate-said")).ToHaveAttributeAsync("data-outcome", outcome);
        await Expect(reader.Part("certificate-said")).ToBeInViewportAsync();
    }

    /// <returns>How many messages, and whether the index is there.</returns>
    private async Task<string[]> ExportAsync(IPage reader)
    {
        var download = await reader.RunAndWaitForDownloadAsync(() => reader.Part("reader-export").ClickAsync());
        Assert.Equal("messages.zip", download.SuggestedFilename);
        await using var archive = new ZipArchive(File.OpenRead(await download.PathAsync()));
        using var index = new StreamReader(await archive.Entries[^1].OpenAsync());
        _index = Path.Combine(portal.DataDirectory, "index.html");
        await File.WriteAllTextAsync(_index, await index.ReadToEndAsync());
        return [$"{archive.Entries.Count(one => one.FullName.EndsWith(".eml", StringComparison.Ordinal))} eml", Path.GetFileNameWithoutExtension(archive.Entries[^1].FullName)];
    }

    private Task PictureAsync(IPage page, string name, bool phone) => browser.LookAsync(page, name, phone);
}
