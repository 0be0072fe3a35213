using System.Globalization;
using System.Net;
using System.Text;

namespace Portal.Application.SecureLinks;

/// <summary>What stands in an archive and what does not, as a page that opens anywhere and loads nothing; in the language that is spoken.</summary>
internal static class ExportIndex
{
    private const string Style = "body{font:16px/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem}li{margin:.75rem 0}small{color:#555}a{overflow-wrap:anywhere}";

    public static async Task WriteAsync(
        ReaderExportPlan plan, IReadOnlyList<ExportedMessage> messages, string folder, DateTimeOffset now, Stream target, CancellationToken cancellationToken)
    {
        var taken = messages.Where(one => one.FileName is not null).ToList();
        var left = messages.Where(one => one.FileName is null).ToList();
        await using var page = new StreamWriter(target, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        await LineAsync($"""
            <!DOCTYPE html>
            <html lang="{CultureInfo.CurrentUICulture.TwoLetterISOLanguageName}">
            <head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width, initial-scale=1"><title>{Text(ExportTexts.Title)}</title><style>{Style}</style></head>
            <body><h1>{Text(ExportTexts.Title)}</h1>
            <p>{Text(ExportTexts.Lead.With(plan.Organisation, plan.Address, Instant(now)))}</p>
            <p>{Text(ExportTexts.Warning)}</p>
            <h2>{Text(ExportTexts.Taken.With(taken.Count))}</h2>
            <ul>
            """);
        foreach (var one in taken)
        {
            await LineAsync($"<li><a href=\"{Text(folder + Uri.EscapeDataString(one.FileName!))}\">{Text(one.Subject.Length > 0 ? one.Subject : ExportTexts.NoSubject)}</a><br><small>{Text(Facts(one.Link))} · {Text(Size(one.Length))}</small>");
            foreach (var file in one.Beside)
            {
                await LineAsync($"<br><small>{Text(ExportTexts.Beside.With(file.FileName, Size(file.Length), Instant(one.Link.ExpiresAt)))}</small>");
            }

            await LineAsync("</li>");
        }

        await LineAsync(left.Count > 0 ? $"</ul><h2>{Text(ExportTexts.Left.With(left.Count))}</h2><ul>" : string.Empty);
        foreach (var one in left)
        {
            await LineAsync($"<li>{Text(Facts(one.Link))}<br><small>{Text(Why(one.Link))}</small></li>");
        }

        await LineAsync("</ul></body></html>");

        // The writer's buffer is all that is held of it.
        Task LineAsync(string line) => page.WriteLineAsync(line.AsMemory(), cancellationToken);
    }

    private static string Facts(ExportedLink link) => $"{(link.IsOwn ? ExportTexts.Own : ExportTexts.From.With(link.Sender))} · {Instant(link.SentAt)}";

    private static string Why(ExportedLink link) => link.Why switch
    {
        LeftBehind.Recalled => link.IsOwn ? ExportTexts.OwnRecalled : ExportTexts.Recalled,
        LeftBehind.Expired => ExportTexts.Expired,
        LeftBehind.Kept => ExportTexts.Kept,
        LeftBehind.Spent => ExportTexts.Spent,
        LeftBehind.Closed => ExportTexts.Closed,
        LeftBehind.Shared => ExportTexts.Shared,
        LeftBehind.AsksPhrase => ExportTexts.AsksPhrase,
        LeftBehind.AsksProof => ExportTexts.AsksProof,
        LeftBehind.OpensOnce => ExportTexts.OpensOnce,
        LeftBehind.NotOpened => ExportTexts.NotOpened,
        LeftBehind.Damaged => ExportTexts.Damaged,
        null => string.Empty,
    };

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString(LinkTexts.QuoteAt, CultureInfo.CurrentCulture);

    private static string Size(long bytes) => bytes < 1 << 20
        ? string.Create(CultureInfo.CurrentCulture, $"{Math.Max(1, bytes / 1024.0):0} KB")
        : string.Create(CultureInfo.CurrentCulture, $"{bytes / 1024.0 / 1024:0.#} MB");

    private static string Text(string words) => WebUtility.HtmlEncode(PlainText.Line(words));
}
