using Portal.Application.Accounts;
using Portal.Application.AtRest;
using Portal.Application.Mailboxes;
using Portal.Smime.Pkix;

namespace Portal.Application.Tests.Portals;

/// <summary>People with a mailbox and no certificate: not yet issued, or brought over from elsewhere.</summary>
internal static class UncertifiedPeople
{
    /// <returns>Their addresses.</returns>
    public static async Task<IReadOnlyList<string>> AddAsync(TestPortal portal, OrganisationId organisation, int count, string domain = "example.test")
    {
        var (people, mailboxes) = (new List<Account>(), new List<NewMailbox>());
        for (var number = 1; number <= count; number++)
        {
            var account = new Account(organisation, $"person.{number}@{domain}", $"Person {number}", Roles.User, TimeProvider.System.GetUtcNow());
            Assert.True(AddrSpec.TryParse(account.Email, out var address));
            people.Add(account);
            mailboxes.Add(await NewMailbox.PrepareAsync(portal.Get<DataKeys>(), organisation, account.Id, address, account.DisplayName, CancellationToken.None));
        }

        await using var db = await portal.Database.WriteAsync(organisation, CancellationToken.None);
        db.Accounts.AddRange(people);
        mailboxes.ForEach(one => one.AddTo(db));
        await db.CommitAsync(CancellationToken.None);
        return people.ConvertAll(one => one.Email);
    }

    /// <summary>A further one for somebody.</summary>
    public static async Task AddMailboxAsync(TestPortal portal, OrganisationId organisation, AccountId owner, string written)
    {
        Assert.True(AddrSpec.TryParse(written, out var address));
        var mailbox = await NewMailbox.PrepareAsync(portal.Get<DataKeys>(), organisation, owner, address, written, CancellationToken.None);
        await using var db = await portal.Database.WriteAsync(organisation, CancellationToken.None);
        mailbox.AddTo(db);
        await db.CommitAsync(CancellationToken.None);
    }
}
