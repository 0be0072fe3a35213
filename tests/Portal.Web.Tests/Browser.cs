using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit.v3;

namespace Portal.Web.Tests;

/// <summary>Debian's Chromium, driven like a person drives it.</summary>
public sealed class Browser : IAsyncLifetime
{
    /// <summary>Milliseconds: a machine that does many things at once is no fault of a page's.</summary>
    private const int Patience = 60_000;

    private static readonly ConcurrentDictionary<string, ConcurrentBag<IBrowserContext>> Opened = new();
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        var chromium = Environment.GetEnvironmentVariable("PORTAL_TEST_CHROMIUM")
            ?? throw new InvalidOperationException("PORTAL_TEST_CHROMIUM is not set. It names the browser to drive; ./test.sh sets it.");
        Assertions.SetDefaultExpectTimeout(Patience);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = chromium,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        });
    }

    /// <summary>A person at a desk, or on the way with a phone; with cookies of their own.</summary>
    public async Task<IPage> OpenAsync(Uri portal, bool phone = false, string language = "en-US", bool scripts = true)
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = portal.ToString(),
            ViewportSize = phone ? new ViewportSize { Width = 390, Height = 844 } : new ViewportSize { Width = 1440, Height = 900 },
            HasTouch = phone,
            JavaScriptEnabled = scripts,
            TimezoneId = "Europe/Berlin",
            Locale = language,
        });
        context.SetDefaultTimeout(Patience);
        Opened.GetOrAdd(TestContext.Current.Test!.UniqueID, _ => []).Add(context);
        return await context.NewPageAsync();
    }

    /// <summary>What this test has opened: pages left open go on looking for portals that are gone. Of one that failed, they say where it got stuck.</summary>
    internal static async Task CloseAsync(IXunitTest test, bool hasFailed)
    {
        if (Opened.TryRemove(test.UniqueID, out var contexts))
        {
            foreach (var context in contexts)
            {
                try
                {
                    foreach (var page in hasFailed ? context.Pages : [])
                    {
                        await Console.Error.WriteLineAsync($"{test.TestDisplayName} ended at {page.Url}, where it says: {await page.Locator("body").InnerTextAsync()}");
                    }

                    await context.CloseAsync();
                }
                catch (PlaywrightException exception)
                {
                    await Console.Error.WriteLineAsync($"{test.TestDisplayName} left a page that does not answer: {exception.Message}");
                }
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await (_browser?.DisposeAsync() ?? ValueTask.CompletedTask);
        _playwright?.Dispose();
    }
}

/// <summary>Each test's pages are closed when it ends.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class ClosesPagesAttribute : BeforeAfterTestAttribute
{
    // Nobody waits for it.
    public override void After(MethodInfo methodUnderTest, IXunitTest test) =>
        _ = Browser.CloseAsync(test, TestContext.Current.TestState is { Result: TestResult.Failed });
}

internal static class Pages
{
    public static ILocator Part(this IPage page, string testId) => page.GetByTestId(testId);

    public static async Task TypePasswordAsync(this IPage page, string email, string password)
    {
        await page.GotoAsync("/sign-in");
        await page.Part("sign-in-email").FillAsync(email);
        await page.Part("sign-in-password").FillAsync(password);
        await page.Part("sign-in-submit").ClickAsync();
    }

    /// <summary>One that keeps passkeys, and whose owner is always there.</summary>
    public static async Task HasAuthenticatorAsync(this IPage page)
    {
        var devices = await page.Context.NewCDPSessionAsync(page);
        await devices.SendAsync("WebAuthn.enable");
        await devices.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
    }

    /// <summary>A chooser listens a moment after it is drawn; until then nobody can use it.</summary>
    public static async Task ChooseAsync(this ILocator chooser, params string[] files)
    {
        await Assertions.Expect(chooser).ToBeEnabledAsync();
        await chooser.SetInputFilesAsync(files);
    }

    public static async Task ChooseAsync(this ILocator chooser, FilePayload file)
    {
        await Assertions.Expect(chooser).ToBeEnabledAsync();
        await chooser.SetInputFilesAsync(file);
    }

    /// <summary>What work in the background brings to a page that does not change by itself.</summary>
    public static async Task ReloadUntilThereAsync(this IPage page, ILocator awaited)
    {
        for (var loads = 1; !await awaited.IsVisibleAsync(); loads++)
        {
            Assert.True(loads < 60, $"{page.Url} never had {awaited}.");
            await Task.Delay(1000);
            if (!await awaited.IsVisibleAsync())
            {
                await page.ReloadAsync();
            }
        }
    }

    /// <summary>By the menu, until the page that says so is there to stay.</summary>
    public static async Task SignOutAsync(this IPage page)
    {
        await page.Part("account-menu").ClickAsync();
        await page.Part("sign-out").ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("signed out");
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
    }

    public static async Task SignInAsync(this IPage page, string email, string password)
    {
        await page.TypePasswordAsync(email, password);
        try
        {
            await page.Part("folder-inbox").WaitForAsync();
        }
        catch (TimeoutException exception)
        {
            throw new InvalidOperationException($"{email} is at {page.Url}, where it says: {await page.Locator("body").InnerTextAsync()}", exception);
        }
    }

    /// <summary>What the page and its circuit tell each other takes this long each way; to be called before the page has one.</summary>
    public static Task SlowDownAsync(this IPage page, TimeSpan delay) => page.RouteWebSocketAsync(new Regex("/_blazor"), socket =>
    {
        var server = socket.ConnectToServer();
        socket.OnMessage(Later(server));
        server.OnMessage(Later(socket));
        return;

        Action<IWebSocketFrame> Later(IWebSocketRoute to)
        {
            var last = Task.CompletedTask;
            return frame => last = SendAsync(last, Task.Delay(delay), frame, to);
        }

        static async Task SendAsync(Task before, Task time, IWebSocketFrame frame, IWebSocketRoute to)
        {
            await before;
            await time;
            if (frame.Binary is { } bytes)
            {
                to.Send(bytes);
            }
            else
            {
                to.Send(frame.Text!);
            }
        }
    });

    /// <summary>A picture for people to look at, where PORTAL_TEST_SCREENSHOTS asks for them.</summary>
    public static async Task PictureAsync(this IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("PORTAL_TEST_SCREENSHOTS") is { Length: > 0 } directory)
        {
            Directory.CreateDirectory(directory);
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(directory, $"{name}.png") });
        }
    }

    /// <summary>As it is, and on a telephone.</summary>
    public static async Task PicturesAsync(this IPage page, string name)
    {
        var size = page.ViewportSize!;
        await page.PictureAsync($"{name}-{size.Width}");
        await page.SetViewportSizeAsync(390, 844);
        await page.PictureAsync($"{name}-390");
        await page.SetViewportSizeAsync(size.Width, size.Height);
    }
}
