namespace Portal.Application.Audit;

internal sealed class AuditWriter(PortalDbContext db, TimeProvider clock)
{
    public async Task AppendAsync(IReadOnlyList<AuditEvent> events, CancellationToken cancellationToken)
    {
        var chain = await db.LockAuditChainAsync(events[0].Actor.Organisation, cancellationToken);
        foreach (var auditEvent in events)
        {
            var entry = new AuditEntry(chain, auditEvent, clock.GetUtcNow());
            chain.Extend(entry);
            db.AuditEntries.Add(entry);
        }

        await db.SaveChangesAsync(cancellationToken);
    }
}
