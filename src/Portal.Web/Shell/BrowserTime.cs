using System.Globalization;
using Microsoft.JSInterop;

namespace Portal.Web.Shell;

/// <summary>Times as the person at the browser reads a clock.</summary>
internal sealed class BrowserTime(IJSRuntime js, IHttpContextAccessor http, TimeProvider time)
{
    public const string Cookie = "portal-zone";

    private TimeZoneInfo? zone;

    public TimeZoneInfo Zone => zone ??= Named(http.HttpContext?.Request.Cookies[Cookie]);

    /// <summary>Asks the browser once per page; needs a live circuit.</summary>
    public async Task LearnAsync()
    {
        if (zone is not null)
        {
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
            _ when local.Date == today.AddDays(-1) => "Yesterday",
            _ when local.Date < today && local.Date > today.AddDays(-7) => Format(local, "ddd HH:mm"),
            _ when local.Year == today.Year => Format(local, "d MMM"),
            _ => Format(local, "d MMM yyyy"),
        };
    }

    public string Long(DateTimeOffset instant) => Format(Local(instant), "dddd, d MMMM yyyy, HH:mm");

    public string Day(DateTimeOffset instant) => Format(Local(instant), "d MMM yyyy");

    public string Clock(DateTimeOffset instant) => Format(Local(instant), "HH:mm");

    /// <summary>The last instant of a day at the browser.</summary>
    public DateTimeOffset EndOf(DateOnly day)
    {
        var next = day.AddDays(1).ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(next, Zone.GetUtcOffset(next)).AddTicks(-1);
    }

    private DateTimeOffset Local(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, Zone);

    private static string Format(DateTimeOffset local, string format) => local.ToString(format, CultureInfo.InvariantCulture);

    private static TimeZoneInfo Named(string? name) =>
        name is { Length: > 0 and < 64 } && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var found) ? found : TimeZoneInfo.Utc;
}
