using System.Globalization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.JSInterop;
using Portal.Application.Accounts;

namespace Portal.Web.Shell;

/// <summary>Times as the person at the browser reads a clock.</summary>
internal sealed class BrowserTime(IJSRuntime js, AuthenticationStateProvider authentication, TimeProvider time)
{
    private TimeZoneInfo? zone;

    public TimeZoneInfo Zone => zone ?? TimeZoneInfo.Utc;

    /// <summary>As the person chose; or else asks the browser, once per page.</summary>
    public async Task LearnAsync()
    {
        if (zone is not null)
        {
            return;
        }

        if (Sessions.TimeZoneOf((await authentication.GetAuthenticationStateAsync()).User) is { } chosen)
        {
            zone = Named(chosen);
            return;
        }

        await using var module = await js.InvokeAsync<IJSObjectReference>("import", "/js/zone.js");
        zone = Named(await module.InvokeAsync<string>("zone"));
    }

    /// <summary>As short as a list needs: 14:05, Mon 14:05, 12 Oct, 12 Oct 2024.</summary>
    public string Short(DateTimeOffset instant)
    {
        var local = Local(instant);
        var today = Local(time.GetUtcNow()).Date;
        return local switch
        {
            _ when local.Date == today => Format(local, "HH:mm"),
            _ when local.Date == today.AddDays(-1) => ShellTexts.Yesterday,
            _ when local.Date < today && local.Date > today.AddDays(-7) => Format(local, "ddd HH:mm"),
            _ when local.Year == today.Year => Format(local, ShellTexts.DayOfYear),
            _ => Format(local, ShellTexts.DayFormat),
        };
    }

    public string Long(DateTimeOffset instant) => Format(Local(instant), ShellTexts.LongFormat);

    public string Day(DateTimeOffset instant) => Format(Local(instant), ShellTexts.DayFormat);

    public string Clock(DateTimeOffset instant) => Format(Local(instant), "HH:mm");

    public bool IsPast(DateTimeOffset instant) => instant <= time.GetUtcNow();

    /// <summary>The last instant of a day at the browser.</summary>
    public DateTimeOffset EndOf(DateOnly day)
    {
        var next = day.AddDays(1).ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(next, Zone.GetUtcOffset(next)).AddTicks(-1);
    }

    /// <summary>A clock at the browser shows this; where it shows it twice, the first time counts, and what it leaves out comes an hour later.</summary>
    public DateTimeOffset Instant(DateTime local)
    {
        var clock = Zone.IsInvalidTime(local) ? local.AddHours(1) : local;
        var offset = Zone.IsAmbiguousTime(clock) ? Zone.GetAmbiguousTimeOffsets(clock).Max() : Zone.GetUtcOffset(clock);
        return new DateTimeOffset(DateTime.SpecifyKind(clock, DateTimeKind.Unspecified), offset);
    }

    public DateTimeOffset Local(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, Zone);

    private static string Format(DateTimeOffset local, string format) => local.ToString(format, CultureInfo.CurrentCulture);

    private static TimeZoneInfo Named(string? name) =>
        name is { Length: > 0 and < 64 } && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var found) ? found : TimeZoneInfo.Utc;
}
