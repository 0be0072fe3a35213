using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Accounts;
using Portal.Application.Approvals;
using Portal.Application.KeyBroker;
using Portal.Application.Mailboxes;
using Portal.Application.Outbox;
using Portal.Application.Work;
using Portal.Smime.Pkix;

namespace Portal.Application.KeyManagement;

/// <summary>Tells every administrator, and whose key it is, that a key rests.</summary>
internal sealed class RestingKeyWork(PortalDatabase database, Notices notices) : IWorkHandler
{
    public WorkKind Kind => WorkKind.TellOfRestingKey;

    public async Task HandleAsync(ClaimedWork work, CancellationToken cancellationToken)
    {
        ManagedKey? key;
        List<Account> concerned = [];
        await using (var db = await database.ReadAsync(work.Organisation, cancellationToken))
        {
            key = await db.ManagedKeys.SingleOrDefaultAsync(one => one.OrganisationId == work.Organisation && one.Id == new ManagedKeyId(work.Subject), cancellationToken);
            if (key?.RestsUntil is not null)
            {
                concerned = await db.Accounts.Where(one => one.OrganisationId == work.Organisation && one.Id == key.OwnerId)
                    .Union(FourEyes.Administrators(db, work.Organisation))
                    .ToListAsync(cancellationToken);
            }
        }

        var prepared = new List<PreparedNotice>();
        foreach (var account in concerned)
        {
            prepared.Add(await PrepareAsync(account, concerned.Find(one => one.Id == key!.OwnerId), key!.RestsUntil!.Value, cancellationToken));
        }

        await using var write = await database.WriteAsync(work.Organisation, cancellationToken);
        foreach (var notice in prepared)
        {
            await notices.EnqueueAsync(write, notice, cancellationToken);
        }

        await WorkQueue.CompleteAsync(write, work, cancellationToken);
        await write.CommitAsync(cancellationToken);
    }

    private async Task<PreparedNotice> PrepareAsync(Account to, Account? owner, DateTimeOffset until, CancellationToken cancellationToken)
    {
        CultureInfo.GetCultureInfo(to.Language ?? "en").Speak();
        _ = AddrSpec.TryParse(to.Email, out var address);
        var text = KeyTexts.RestingBody.With(owner?.DisplayName ?? KeyTexts.TheOrganisation, KeyBroker.KeyBroker.MostFailures, until.UtcDateTime);
        return await notices.PrepareAsync(to.OrganisationId, to.Id, address!, KeyTexts.RestingSubject, text, cancellationToken);
    }
}
