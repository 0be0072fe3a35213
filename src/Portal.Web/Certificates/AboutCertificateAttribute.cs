using Portal.Application;
using Portal.Application.Certificates;
using Portal.Web.Shell;

namespace Portal.Web.Certificates;

internal sealed class AboutCertificateAttribute : AboutAttribute
{
    public override async Task<bool> IsThereAsync(IServiceProvider services, Actor.Person actor, RouteValueDictionary address, CancellationToken cancellationToken) =>
        Id(address, "Id") is { } id && await services.GetRequiredService<CertificateDesk>().FindAsync(actor, CertificateId.From(id), cancellationToken) is not null;
}
