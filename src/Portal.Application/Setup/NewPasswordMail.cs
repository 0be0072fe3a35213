using Portal.Application.Work;

namespace Portal.Application.Setup;

internal sealed class NewPasswordMail(PortalDatabase database, ForgottenPasswords forgotten) : IWorkHandler
{
    public WorkKind Kind => WorkKind.MailNewPassword;

    public async Task HandleAsync(ClaimedWork work, CancellationToken cancellationToken)
    {
        await forgotten.MailAsync(new AccountPlace(work.Organisation, new AccountId(work.Subject)), cancellationToken);
        await using var db = await database.WriteAsync(work.Organisation, cancellationToken);
        await WorkQueue.CompleteAsync(db, work, cancellationToken);
        await db.CommitAsync(cancellationToken);
    }
}
