using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Portal.Web.Tests;

/// <summary>Every page, light and dark, on a desk and on a phone: nothing that axe objects to, and nothing beside the screen.</summary>
public sealed class AccessibilityTests(Browser browser, JourneyPortal portal)
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

    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    [Fact]
    public void No_page_is_left_out() =>
        Assert.Empty(Tour.Routes.Except(Tour.OfAStranger("").Concat(Tour.OfTheFirst).Concat(Tour.OfAlice).Select(view => view.Route)).Except(["/preparing"]));

    [Fact]
    public async Task A_stranger_meets_no_barrier()
    {
        var page = await browser.OpenAsync(portal.Process.Address);
        await LookAsync(page, Tour.OfAStranger(await InvitationAsync(portal, "bob@example.test")));
    }

    [Fact]
    public async Task Whoever_sets_the_portal_up_meets_no_barrier()
    {
        await using var portal = await FreshPortal.StartAsync();
        await LookAsync(await browser.OpenAsync(portal.Address), Tour.OfTheFirst);
    }

    [Fact]
    public async Task A_user_and_administrator_meets_no_barrier() =>
        await LookAsync(await JourneyTests.SignedInAsync(browser, portal, "alice@example.test"), Tour.OfAlice);

    internal static async Task<string> InvitationAsync(JourneyPortal portal, string email)
    {
        var said = await Cli.RunAsync(portal.Settings, "user", "password", email, "--domain", "example.test");
        return said.Split().First(word => word.Contains("/join/", StringComparison.Ordinal));
    }

    private static async Task LookAsync(IPage page, IReadOnlyList<View> views)
    {
        var barriers = new List<string>();
        foreach (var view in views)
        {
            await page.SetViewportSizeAsync(1440, 900);
            await page.SeeAsync(view);
            await page.EvaluateAsync(Axe);
            foreach (var (width, dark) in new[] { (1440, false), (1440, true), (390, true), (390, false) })
            {
                await page.SetViewportSizeAsync(width, width == 390 ? 844 : 900);
                await page.EmulateMediaAsync(new() { ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light, ReducedMotion = ReducedMotion.Reduce });
                var found = await page.EvaluateAsync<string[]>(Run, dark);
                barriers.AddRange(found.Select(barrier => $"{view} at {width}{(dark ? " dark" : "")}: {barrier}"));
                if (await page.EvaluateAsync<int>("document.documentElement.scrollWidth - window.innerWidth") is > 0 and var beside)
                {
                    barriers.Add($"{view} is {beside} pixels too wide at {width}.");
                }
            }
        }

        Assert.True(barriers.Count == 0, string.Join('\n', barriers.Distinct()));
    }
}
