using Portal.Application;
using Portal.Application.Accounts;
using Portal.Application.Certificates;
using Portal.Application.Inbox;
using Portal.Web.Shell;

namespace Portal.Web.Certificates;

internal static class CertificateEndpoints
{
    public static void MapCertificates(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/organisation/certificates/{id:guid}/file", DownloadAsync).RequireAuthorization(Permission.ManageCertificates.ToString());

    private static async Task<IResult> DownloadAsync(HttpContext context, Guid id, CertificateDesk desk, CancellationToken cancellationToken)
    {
        if (Sessions.ActorOf(context.User) is not { } actor
            || await desk.FindAsync(actor, new CertificateId(id), cancellationToken) is not { Encoded: { } encoded, Row: var row })
        {
            return Results.NotFound();
        }

        return FileDownload.Of(context, new Download($"{row.Address ?? row.Name ?? row.SerialNumber}.cer", "application/pkix-cert", encoded.Length, new MemoryStream(encoded)));
    }
}
