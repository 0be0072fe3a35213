using Portal.Application.Inbox;

namespace Portal.Web.Inbox;

/// <summary>The text of a message, as a document of its own.</summary>
internal static class MailBody
{
    // The frame has an opaque origin: no scripts, no forms, no cookies, nothing fetched from anywhere.
    private const string Policy =
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; "
        + "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

    public static IResult Of(HttpContext context, BodyDocument? body)
    {
        if (body is null)
        {
            return Results.NotFound();
        }

        context.Response.Headers.ContentSecurityPolicy = Policy;
        return Results.Content(body.Html, "text/html; charset=utf-8");
    }
}
