using Portal.Application.Inbox;

namespace Portal.Application.Tests.Portals;

/// <summary>HTML of mail by allow-list: the attacks of mail, one by one.</summary>
public sealed class MailHtmlTests
{
    private static readonly Dictionary<string, string> NoPictures = [];

    [Theory]
    [InlineData("<script>alert(1)</script>Hello")]
    [InlineData("<img src=x onerror=alert(1)>Hello")]
    [InlineData("<svg onload=alert(1)><circle/></svg>Hello")]
    [InlineData("<iframe src='https://evil.test'></iframe>Hello")]
    [InlineData("<object data='https://evil.test'></object>Hello")]
    [InlineData("<form action='https://evil.test'><input name=a><textarea>x</textarea><button>b</button></form>Hello")]
    [InlineData("<base href='https://evil.test/'>Hello")]
    [InlineData("<meta http-equiv=refresh content='0;url=https://evil.test'>Hello")]
    [InlineData("<link rel=stylesheet href='https://evil.test/a.css'>Hello")]
    [InlineData("<style>@import 'https://evil.test/a.css';</style>Hello")]
    [InlineData("<div style=\"background:url(https://evil.test/a.png)\">Hello</div>")]
    [InlineData("<div style=\"position:fixed;top:0;left:0\">Hello</div>")]
    [InlineData("<div style=\"background-image:image-set('https://evil.test/a.png' 1x)\">Hello</div>")]
    [InlineData("<table background='https://evil.test/a.png'><tr><td>Hello</td></tr></table>")]
    [InlineData("<img srcset='https://evil.test/a.png 2x'>Hello")]
    [InlineData("<video src='https://evil.test/a.mp4' poster='https://evil.test/a.png'></video>Hello")]
    [InlineData("<a href='javascript:alert(1)'>Hello</a>")]
    [InlineData("<a href='data:text/html,<script>alert(1)</script>'>Hello</a>")]
    [InlineData("<img src='data:image/svg+xml;base64,PHN2Zz4='>Hello")]
    [InlineData("<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>Hello")]
    [InlineData("<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>Hello")]
    public void Nothing_runs_loads_or_covers_and_the_words_stay(string html)
    {
        var body = MailHtml.Sanitise(html, NoPictures)!.Body;
        Assert.Contains("Hello", body, StringComparison.Ordinal);
        foreach (var forbidden in new[] { "evil.test", "alert(1)", "onerror", "onload", "<script", "<style", "<form", "<input", "javascript:", "position", "svg", "url(" })
        {
            Assert.DoesNotContain(forbidden, body, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void A_link_leads_through_our_page_and_says_nothing_of_where_it_was()
    {
        var body = MailHtml.Sanitise("<a href='https://example.org/?a=1&amp;b=2' target='_self'>go</a>", NoPictures)!.Body;
        Assert.Equal("<a href=\"/leave?to=https%3A%2F%2Fexample.org%2F%3Fa%3D1%26b%3D2\" target=\"_blank\" rel=\"noopener noreferrer\">go</a>", body);
    }

    [Fact]
    public void A_picture_that_came_along_is_shown_and_one_from_elsewhere_is_told_in_its_words()
    {
        var pictures = new Dictionary<string, string> { ["logo@x"] = "data:image/png;base64,AAAA" };
        var safe = MailHtml.Sanitise("<img src='cid:logo@x'><img src='https://evil.test/a.png' alt='A cat'><img src='https://evil.test/count.gif'>", pictures)!;
        Assert.True(safe.RemoteContent);
        Assert.Contains("src=\"data:image/png;base64,AAAA\"", safe.Body, StringComparison.Ordinal);
        Assert.Contains("A cat</span>", safe.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("evil.test", safe.Body, StringComparison.Ordinal);
    }

    [Fact]
    public void Mail_without_anything_from_elsewhere_is_not_said_to_have_it() =>
        Assert.False(MailHtml.Sanitise("<p><a href='https://example.org'>a link is no picture</a></p>", NoPictures)!.RemoteContent);

    [Theory]
    [InlineData("<div>", 200_000)]
    [InlineData("<b>", 100_000)]
    [InlineData("<table><tr><td>", 50_000)]
    [InlineData("<p><span>", 50_000)]
    public async Task A_hostile_shape_ends_soon_and_without_a_document(string part, int times)
    {
        var html = string.Concat(Enumerable.Repeat(part, times));
        var work = Task.Run(() => MailHtml.Sanitise(html, NoPictures));
        Assert.Null(await work.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task A_shape_just_below_the_limits_ends_too()
    {
        var html = string.Concat(Enumerable.Repeat("<div>", 4_900)) + "x";
        var work = Task.Run(() => (MailHtml.Sanitise(html, NoPictures), MailHtml.Text(html)));
        Assert.Null((await work.WaitAsync(TimeSpan.FromSeconds(20))).Item1);
    }

    [Fact]
    public void Hidden_words_do_not_get_into_an_answer() =>
        Assert.Equal("Seen", MailHtml.Text("<p>Seen</p><p style='display:none'>Hidden</p><p hidden>Hidden</p><div style='font-size:0px'>Hidden</div>"));
}
