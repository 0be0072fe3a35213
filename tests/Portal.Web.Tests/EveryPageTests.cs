using Microsoft.Playwright;

namespace Portal.Web.Tests;

/// <summary>
/// Every page, light and dark, on a desk and on a phone: nothing that axe objects to, and nothing beside the screen.
/// And once more in German: whatever is the same in both languages, and is nobody's own words, was not translated.
/// </summary>
public sealed class EveryPageTests(Browser browser, JourneyPortal portal)
{
    // Visible text, and what is read out or shown at the pointer; mail and names of people are theirs.
    private const string Collect = """
        () => {
          const own = "iframe, .row, [data-testid=draft-row], [data-testid=message-subject], [data-testid=message-from], .who .lines, .attachments .name, .details dd, .details .layers, [data-testid=attachment] .name, "
            + ".menu p, .person .name, .rows strong, .rows small, .initials, .page h1, .from, [data-testid=leave-target], kbd, select, [data-testid=delivery] .address, [data-testid=delivery] .answer, .eyebrow + h1 + p, [translate=no]";
          const words = new Set();
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const parent = walker.currentNode.parentElement;
            if (parent && !parent.closest(own) && !parent.closest("script, style") && parent.checkVisibility()) words.add(walker.currentNode.textContent.trim());
          }
          for (const element of document.querySelectorAll("[aria-label], [title], [placeholder], [alt]")) {
            if (!element.closest(own)) for (const name of ["aria-label", "title", "placeholder", "alt"]) words.add((element.getAttribute(name) ?? "").trim());
          }
          words.add(document.title);
          return [...words];
        }
        """;

    // The same in both languages.
    private static readonly string[] Alike = ["Alice Archer", "Bob Baker", "Example Clinic", "Cc / Bcc", "25 MB", "mail.example.org"];

    [Fact]
    public void No_page_is_left_out() =>
        Assert.Empty(Tour.Routes.Except(Tour.OfAStranger("").Concat(Tour.OfTheFirst).Concat(Tour.OfAlice).Select(view => view.Route)).Except(["/preparing"]));

    [Fact]
    public async Task A_stranger_meets_no_barrier_and_their_own_language() =>
        await LookAsync(Tour.OfAStranger(await InvitationAsync(portal, "bob@example.test")), portal.Process.Address, signsIn: false);

    [Fact]
    public async Task Whoever_sets_the_portal_up_meets_no_barrier_and_their_own_language()
    {
        await using var fresh = await FreshPortal.StartAsync();
        await LookAsync(Tour.OfTheFirst, fresh.Address, signsIn: false);
    }

    /// <summary>On a portal of its own: what people write and choose in the shared one is no part of the comparison.</summary>
    [Fact]
    public async Task A_user_and_administrator_meets_no_barrier_and_their_own_language()
    {
        await using var own = new SqlitePortal();
        await own.InitializeAsync();
        await LookAsync(Tour.OfAlice, own.Process.Address, signsIn: true);
    }

    internal static async Task<string> InvitationAsync(JourneyPortal portal, string email)
    {
        var said = await Cli.RunAsync(portal.Settings, "user", "password", email, "--domain", "example.test");
        return said.Split().First(word => word.Contains("/join/", StringComparison.Ordinal));
    }

    private async Task LookAsync(IReadOnlyList<View> views, Uri address, bool signsIn)
    {
        var (english, german) = (await browser.OpenAsync(address, language: "en-GB"), await browser.OpenAsync(address, language: "de-DE"));
        foreach (var page in new[] { english, german }.Where(_ => signsIn))
        {
            await page.SignInAsync("alice@example.test", JourneyPortal.Password);
        }

        List<string> barriers = [], untranslated = [];
        foreach (var view in views)
        {
            await english.SetViewportSizeAsync(1440, 900);
            var same = (await WordsAsync(english, view)).Intersect(await WordsAsync(german, view));
            untranslated.AddRange(same.Where(IsWording).Select(words => $"{view}: {words}"));
            Assert.Equal("de", await german.Locator("html").GetAttributeAsync("lang"));
            barriers.AddRange((await Barriers.OfAsync(english)).Select(barrier => $"{view} {barrier}"));
        }

        Assert.True(barriers.Count == 0, string.Join('\n', barriers.Distinct()));
        Assert.Empty(untranslated.Distinct());
    }

    private static async Task<string[]> WordsAsync(IPage page, View view)
    {
        await page.SeeAsync(view);
        return await page.EvaluateAsync<string[]>(Collect);
    }

    private static bool IsWording(string words) =>
        words.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Count(word => word.Length > 1 && word.Any(char.IsLetter) && !word.Contains('@', StringComparison.Ordinal)) > 1
        && !Alike.Contains(words);
}
