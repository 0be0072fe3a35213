using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Portal.Web.Tests;

/// <summary>
/// Every page, light and dark, on a desk and on a phone: nothing that axe objects to, and nothing beside the screen.
/// And once more in German: whatever is the same in both languages, and is nobody's own words, was not translated.
/// </summary>
public sealed class EveryPageTests(Browser browser, JourneyPortal portal)
{
    // Once per page and view: what the colours change is looked at again in the dark. The frame of a message is its sender's.
    private const string Run = """
        async dark => {
          const rules = dark
            ? { type: "rule", values: ["color-contrast", "link-in-text-block"] }
            : { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };
          await new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)));
          const found = await axe.run(document, { runOnly: rules, resultTypes: ["violations"], iframes: false });
          return found.violations.flatMap(one => one.nodes.map(node => `${one.id}: ${node.target} ${node.html} ${node.failureSummary}`));
        }
        """;

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

    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

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
        await using var own = JourneyPortal.OnSqlite();
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
            barriers.AddRange((await BarriersAsync(english)).Select(barrier => $"{view} {barrier}"));
        }

        Assert.True(barriers.Count == 0, string.Join('\n', barriers.Distinct()));
        Assert.Empty(untranslated.Distinct());
    }

    private static async Task<List<string>> BarriersAsync(IPage page)
    {
        var barriers = new List<string>();
        await page.EvaluateAsync(Axe);
        foreach (var (width, dark) in new[] { (1440, false), (1440, true), (390, true), (390, false) })
        {
            await page.SetViewportSizeAsync(width, width == 390 ? 844 : 900);
            await page.EmulateMediaAsync(new() { ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light, ReducedMotion = ReducedMotion.Reduce });
            var found = await page.EvaluateAsync<string[]>(Run, dark);
            barriers.AddRange(found.Select(barrier => $"at {width}{(dark ? " dark" : "")}: {barrier}"));
            if (await page.EvaluateAsync<int>("document.documentElement.scrollWidth - window.innerWidth") is > 0 and var beside)
            {
                barriers.Add($"is {beside} pixels too wide at {width}.");
            }
        }

        return barriers;
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
