using Microsoft.AspNetCore.Antiforgery;
using Portal.Application.Accounts;

namespace Portal.Web.Accounts;

/// <summary>What js/passkeys.js asks and answers (WebAuthn Level 3). Every call carries the form's token.</summary>
internal static class PasskeyEndpoints
{
    public static void MapPasskeys(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sign-in/passkey/options", SignInOptionsAsync).AllowAnonymous();
        routes.MapPost("/sign-in/passkey", SignInAsync).AllowAnonymous();
        routes.MapPost("/account/passkeys/options", OptionsAsync).RequireAuthorization();
        routes.MapPost("/account/passkeys", AddAsync).RequireAuthorization();
    }

    private static async Task<IResult> SignInOptionsAsync(HttpContext http, Sessions sessions, IAntiforgery antiforgery) =>
        await antiforgery.IsRequestValidAsync(http) ? Results.Content(await sessions.PasskeyOptionsAsync(), "application/json") : Results.BadRequest();

    private static async Task<IResult> SignInAsync(HttpContext http, Sessions sessions, SignInLimits limits, IAntiforgery antiforgery)
    {
        if (!await antiforgery.IsRequestValidAsync(http) || await PasskeyJson.ReadAsync<Answer>(http) is not { Credential: not null } answer)
        {
            return Results.BadRequest();
        }

        if (!limits.MayTry(http, null))
        {
            return Results.StatusCode(StatusCodes.Status429TooManyRequests);
        }

        var outcome = await sessions.SignInWithPasskeyAsync(answer.Credential, Origins.Of(http), http.RequestAborted);
        return outcome is SignInOutcome.SignedIn ? Results.NoContent() : Results.BadRequest();
    }

    private static async Task<IResult> OptionsAsync(HttpContext http, SecondFactors factors, IAntiforgery antiforgery)
    {
        if (!await antiforgery.IsRequestValidAsync(http) || Sessions.ActorOf(http.User) is not { } actor || await PasskeyJson.ReadAsync<Confirmation>(http) is not { Password: { } password })
        {
            return Results.BadRequest();
        }

        return await factors.PasskeyOptionsAsync(actor, password, http.RequestAborted) is { } options
            ? Results.Content(options, "application/json")
            : Results.StatusCode(StatusCodes.Status403Forbidden);
    }

    private static async Task<IResult> AddAsync(HttpContext http, SecondFactors factors, IAntiforgery antiforgery)
    {
        if (!await antiforgery.IsRequestValidAsync(http) || Sessions.ActorOf(http.User) is not { } actor || await PasskeyJson.ReadAsync<Answer>(http) is not { Credential: not null } answer)
        {
            return Results.BadRequest();
        }

        return await factors.AddPasskeyAsync(actor, answer.Credential, answer.Name ?? string.Empty, http.RequestAborted)
            ? Results.NoContent()
            : Results.BadRequest();
    }

    private sealed record Answer(string Credential, string? Name);

    private sealed record Confirmation(string? Password);
}
