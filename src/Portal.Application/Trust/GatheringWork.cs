using Microsoft.EntityFrameworkCore;
using Portal.Application.Work;
using Portal.Smime.Pkix;

namespace Portal.Application.Trust;

/// <summary>Fetches what somebody's certificate lacks before mail can be encrypted for it: whoever writes does not go to strange servers.</summary>
internal sealed class GatheringWork(PortalDatabase database, Gathering gathering, TimeProvider clock) : IWorkHandler
{
    public WorkKind Kind => WorkKind.GatherForCertificate;

    public async Task HandleAsync(ClaimedWork work, CancellationToken cancellationToken)
    {
        byte[]? encoded;
        await using (var db = await database.ReadAsync(work.Organisation, cancellationToken))
        {
            var id = new CertificateId(work.Subject);
            encoded = await db.Certificates
                .Where(one => one.OrganisationId == work.Organisation && one.Id == id)
                .Select(one => one.Encoded)
                .SingleOrDefaultAsync(cancellationToken);
        }

        if (encoded is not null)
        {
            await gathering.CompleteAsync(work.Organisation, SharedCertificates.Load(encoded), [], TrustPurpose.Encryption, clock.GetUtcNow(), cancellationToken);
        }

        await using var write = await database.WriteAsync(work.Organisation, cancellationToken);
        await WorkQueue.CompleteAsync(write, work, cancellationToken);
        await write.CommitAsync(cancellationToken);
    }
}
