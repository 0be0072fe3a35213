using Portal.Application;
using Portal.Web.Accounts;
using Portal.Web.Brands;
using Portal.Web.Certificates;
using Portal.Web.Compose;
using Portal.Web.Inbox;
using Portal.Web.Policies;
using Portal.Web.SecureLinks;
using Portal.Web.Transport;

namespace Portal.Web.Shell;

internal static class Pipeline
{
    /// <summary>A node that only works shows its health and nothing else.</summary>
    public static void UseRoles(this WebApplication app)
    {
        if (app.Configuration.NodeRoles().HasFlag(NodeRoles.Web))
        {
            app.UseShell();
            app.MapShell();
        }
        else
        {
            // Said here, or they come before the routing, when nobody knows yet who may have what.
            app.UseRouting();
            app.UseAuthentication();
            app.UseAuthorization();
            app.MapHealth();
        }
    }

    private static void UseShell(this WebApplication app)
    {
        app.UseProxies();
        app.UseSecurityHeaders();
        app.UseWhen(ReaderEndpoints.AreTheirs, theirs => theirs.UseErrorPages("/read/error"));
        app.UseWhen(context => !ReaderEndpoints.AreTheirs(context), ours => ours.UseErrorPages("/error"));
        app.UseStaleForms();
        app.UseHeadAsGet();
        app.UseOwnPagesOnly();
        app.UseMiddleware<SetUpFirst>();
        app.UseRouting();
        app.UseAuthentication();
        app.UseLanguages();
        app.UseAuthorization();
        app.UseMiddleware<OpenPagesLimit>();
        app.UseNotThere();
        app.UseAntiforgery();
    }

    /// <summary>For whoever looks; what was posted gets its status as it is.</summary>
    private static void UseErrorPages(this IApplicationBuilder app, string pages)
    {
        app.UseExceptionHandler($"{pages}/500", createScopeForErrors: true);
        app.UseWhen(
            context => HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method),
            looking => looking.UseStatusCodePagesWithReExecute(pages + "/{0}", createScopeForStatusCodePages: true));
    }

    private static void MapShell(this WebApplication app)
    {
        app.MapStaticAssets().AllowAnonymous();
        app.MapHealth();
        app.MapAccounts();
        app.MapMessages();
        app.MapUploads();
        app.MapReaders();
        app.MapReaderKeeping();
        app.MapReaderPasskeys();
        app.MapAnswers();
        app.MapReaderFiles();
        app.MapFiles();
        app.MapBrands();
        app.MapPickup();
        app.MapLists();
        app.MapPublication();
        app.MapCertificates();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options =>
        {
            options.ContentSecurityFrameAncestorsPolicy = null;
            options.DisableWebSocketCompression = true;
        });
    }
}
