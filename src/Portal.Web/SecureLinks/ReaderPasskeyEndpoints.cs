using Microsoft.AspNetCore.Antiforgery;
using Portal.Application.SecureLinks;
using Portal.Web.Accounts;

namespace Portal.Web.SecureLinks;

/// <summary>What js/passkeys.js asks and answers on readers' pages. Every call carries the form's token, and every refusal is the same.</summary>
internal static class ReaderPasskeyEndpoints
{
    public static void MapReaderPasskeys(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/read/passkey/options", AskAsync).AllowAnonymous();
        routes.MapPost("/read/passkey", EnterAsync).AllowAnonymous();
        routes.MapPost("/read/passkeys/options", AskForNewAsync).AllowAnonymous();
        routes.MapPost("/read/passkeys", AddAsync).AllowAnonymous();
    }

    private static async Task<IResult> AskAsync(HttpContext http, ReaderCookies cookies, PasskeyEntry entry, IAntiforgery antiforgery)
    {
        if (!await antiforgery.IsRequestValidAsync(http)
            || cookies.ReadLink(http) is not { } token
            || PageAddress.Of(http) is not { } address
            || await entry.AskAsync(token, address, http.RequestAborted) is not { } question)
        {
            return Results.BadRequest();
        }

        cookies.KeepPasskey(http, question.State);
        return Results.Content(question.Options, "application/json");
    }

    private static async Task<IResult> EnterAsync(HttpContext http, ReaderCookies cookies, PasskeyEntry entry, LinkReading reading, SignInLimits limits, IAntiforgery antiforgery)
    {
        if (!await antiforgery.IsRequestValidAsync(http)
            || await PasskeyJson.ReadAsync<Answer>(http) is not { Credential: { } credential }
            || cookies.ReadLink(http) is not { } token
            || PageAddress.Of(http) is not { } address)
        {
            return Results.BadRequest();
        }

        if (!limits.MayTry(http, account: null))
        {
            return Results.StatusCode(StatusCodes.Status429TooManyRequests);
        }

        if (await entry.EnterAsync(token, cookies.TakePasskey(http), credential, address, Origins.Of(http), http.RequestAborted) is not { } proved)
        {
            return Results.BadRequest();
        }

        ReaderCookies.KeepSession(http, proved.Reader.Token);
        await reading.OpenAsync(proved.Reader, proved.Link, passPhrase: null, http.RequestAborted);
        return Results.NoContent();
    }

    private static async Task<IResult> AskForNewAsync(HttpContext http, ReaderCookies cookies, ReaderPasskeys passkeys, IAntiforgery antiforgery)
    {
        if (!await antiforgery.IsRequestValidAsync(http)
            || await cookies.ReaderAsync(http) is not { } reader
            || PageAddress.Of(http) is not { } address
            || await passkeys.AskAsync(reader, address, http.RequestAborted) is not { } question)
        {
            return Results.BadRequest();
        }

        cookies.KeepPasskey(http, question.State);
        return Results.Content(question.Options, "application/json");
    }

    private static async Task<IResult> AddAsync(HttpContext http, ReaderCookies cookies, ReaderPasskeys passkeys, IAntiforgery antiforgery)
    {
        if (!await antiforgery.IsRequestValidAsync(http)
            || await PasskeyJson.ReadAsync<Answer>(http) is not { Credential: { } credential } answer
            || await cookies.ReaderAsync(http) is not { } reader
            || PageAddress.Of(http) is not { } address)
        {
            return Results.BadRequest();
        }

        var name = string.IsNullOrWhiteSpace(answer.Name) ? Origins.Of(http).Browser : answer.Name;
        return await passkeys.AddAsync(reader, cookies.TakePasskey(http), credential, name, address, http.RequestAborted)
            ? Results.NoContent()
            : Results.BadRequest();
    }

    private sealed record Answer(string? Credential, string? Name);
}
