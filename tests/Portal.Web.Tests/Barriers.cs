using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Portal.Web.Tests;

/// <summary>What axe objects to, light and dark, on a desk and on a phone; and what lies beside the screen.</summary>
internal static class Barriers
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

    public static async Task<List<string>> OfAsync(IPage page)
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

    /// <summary>Of a page that may run no script: what it shows is looked at in another, where axe's may.</summary>
    public static async Task<List<string>> OfStillAsync(Browser browser, IPage page)
    {
        var shown = await page.ContentAsync();
        var copy = await browser.OpenAsync(new Uri(page.Url));
        await copy.RouteAsync(page.Url, route => route.FulfillAsync(new() { Body = shown, ContentType = "text/html; charset=utf-8" }));
        await copy.GotoAsync(page.Url);
        var barriers = await OfAsync(copy);
        await copy.Context.CloseAsync();
        return barriers;
    }

    /// <summary>A picture of a page; of one that readers outside see there must be none.</summary>
    public static async Task LookAsync(this Browser browser, IPage page, string name, bool phone)
    {
        await page.PictureAsync($"{name}-{(phone ? 390 : 1440)}");
        if (!phone && await page.Locator(".reader").CountAsync() > 0)
        {
            Assert.Empty(await OfStillAsync(browser, page));
        }
    }
}
