namespace Portal.Web.Shell;

/// <summary>HEAD is answered as GET is, and the server leaves the body away (RFC 9110 §9.3.2). Pages know GET and POST only; what follows links in mail asks for their head first.</summary>
internal static class HeadAsGet
{
    public static IApplicationBuilder UseHeadAsGet(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Request.Method = HttpMethods.Get;
        }

        return next(context);
    });
}
