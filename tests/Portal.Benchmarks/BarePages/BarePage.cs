using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Portal.Benchmarks.BarePages;

/// <summary>A static page that asks nothing and knows nothing: what rendering itself costs.</summary>
[Route("/")]
public sealed class BarePage : ComponentBase
{
    private const int Frame = 140;

    /// <summary>Of the answer, in characters.</summary>
    public static int Size { get; set; }

    /// <summary>In a process of its own, until it is killed.</summary>
    public static async Task ServeAsync(string address, string size)
    {
        Size = int.Parse(size, CultureInfo.InvariantCulture);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address).UseKestrelHttpsConfiguration();
        builder.Services.AddRazorComponents();
        await using var app = builder.Build();
        app.UseAntiforgery();
        app.MapRazorComponents<BareDocument>();
        await app.RunAsync();
    }

    /// <summary>Sixty elements, as on a page with a form, and as much text as makes up the size.</summary>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        var text = new string('x', Math.Max(1, ((Size - Frame) / 30) - 40));
        for (var element = 0; element < 30; element++)
        {
            builder.OpenElement(0, "p");
            builder.AddAttribute(1, "class", "quiet");
            builder.OpenElement(2, "span");
            builder.AddContent(3, text);
            builder.CloseElement();
            builder.CloseElement();
        }
    }
}

public sealed class BareDocument : ComponentBase
{
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.AddMarkupContent(0, "<!DOCTYPE html>");
        builder.OpenElement(1, "html");
        builder.AddAttribute(2, "lang", "en");
        builder.OpenElement(3, "body");
        builder.OpenComponent<Router>(4);
        builder.AddComponentParameter(5, nameof(Router.AppAssembly), typeof(BareDocument).Assembly);
        builder.AddComponentParameter(6, nameof(Router.Found), (RenderFragment<RouteData>)(found => page =>
        {
            page.OpenComponent<RouteView>(0);
            page.AddComponentParameter(1, nameof(RouteView.RouteData), found);
            page.CloseComponent();
        }));
        builder.CloseComponent();
        builder.CloseElement();
        builder.CloseElement();
    }
}
