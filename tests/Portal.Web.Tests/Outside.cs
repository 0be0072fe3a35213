using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Portal.Web.Tests;

/// <summary>Somebody outside, and whoever writes to them.</summary>
internal static class Outside
{
    public static async Task SendAsync(IPage sender, string address, string subject)
    {
        await JourneyTests.WriteAsync(sender, address, subject, "All is well.");
        await sender.Part("compose-send").ClickAsync();
        await Expect(sender.Part("sent-link")).ToHaveAttributeAsync("data-state", "noticed");
    }

    /// <summary>They have opened what their newest link leads to.</summary>
    public static async Task<IPage> ReadingAsync(Browser browser, JourneyPortal portal, string address, bool phone, bool scripts = false)
    {
        var reader = await browser.OpenAsync(portal.Process.Address, phone, scripts: scripts);
        await reader.ProveAsync(portal, address);
        await Expect(reader.Part("message-subject")).ToBeVisibleAsync();
        return reader;
    }

    /// <summary>They follow their newest link and type the code.</summary>
    public static async Task ProveAsync(this IPage reader, JourneyPortal portal, string address)
    {
        await reader.GotoAsync(await portal.MailedAsync(address, Mailed.Link()));
        await reader.Part("link-send").ClickAsync();
        await reader.Part("link-code").FillAsync(await portal.MailedAsync(address, Mailed.Code()));
        await reader.Part("link-enter").ClickAsync();
    }
}
