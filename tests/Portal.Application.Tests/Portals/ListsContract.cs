using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Audit;
using Portal.Application.Inbox;
using Portal.Application.Mailboxes;
using Portal.Application.Policies;

namespace Portal.Application.Tests.Portals;

/// <summary>What is allowed and blocked, through the line that all arriving mail takes. Each test has a domain of its own.</summary>
public abstract class ListsContract(Clinic clinic)
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private readonly string _domain = $"d{Guid.NewGuid():N}.test";

    private TestPortal Portal => clinic.Portal;

    private IncomingLists Lists => Portal.Get<IncomingLists>();

    private Actor.Person Admin => clinic.Alice.Account;

    private Actor.Person Bob => clinic.Bob.Account;

    [Theory]
    [InlineData("x@{0}", "X@{0}", true)]
    [InlineData("{0}", "y@{0}", true)]
    [InlineData("*.{0}", "y@mail.{0}", true)]
    [InlineData("@{0}", "y@not-{0}", false)]
    [InlineData("x@{0}", "y@{0}", false)]
    public async Task A_blocked_sender_goes_to_junk_with_the_reason_and_is_not_lost(string entry, string from, bool blocked)
    {
        await AddAsync(Bob, ListScope.Personal, ListAction.Block, string.Format(null, entry, _domain));
        var message = await ArriveAsync(clinic.Bob, string.Format(null, from, _domain));
        Assert.Equal(blocked ? FolderKind.Junk : FolderKind.Inbox, message.Folder);
        Assert.Equal(blocked, message.List is { Treatment: ListTreatment.Blocked, Scope: ListScope.Personal });
        Assert.True(message.HasBody);
    }

    [Fact]
    public async Task A_second_from_does_not_hide_a_blocked_one()
    {
        await AddAsync(Bob, ListScope.Personal, ListAction.Block, _domain);
        Assert.Equal(FolderKind.Junk, (await ArriveAsync(clinic.Bob, $"ok@fine.test\r\nFrom: Group: <x@{_domain}>;")).Folder);
        Assert.Equal(FolderKind.Junk, (await ArriveAsync(clinic.Bob, $"ok@fine.test, x@{_domain}")).Folder);
    }

    [Fact]
    public async Task What_cannot_be_opened_is_sorted_too()
    {
        await AddAsync(Bob, ListScope.Personal, ListAction.Block, _domain);
        var id = await Portal.ArriveAsync(clinic.Bob, Mail.Raw(
            $"From: x@{_domain}\nTo: bob@example.test\nMIME-Version: 1.0\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data\nContent-Transfer-Encoding: base64\n\nAAAA\n"));
        await Portal.WorkUntilAsync(async () => (await Portal.ListAsync(clinic.Bob, FolderKind.Junk)).Any(one => one.Id == id && one.State == MessageState.Broken));
    }

    [Fact]
    public async Task The_organisations_block_stands_whatever_a_person_allows_and_a_persons_whatever_the_organisation_allows()
    {
        await AddAsync(Admin, ListScope.Organisation, ListAction.Block, $"one@{_domain}");
        await AddAsync(Bob, ListScope.Personal, ListAction.Allow, $"one@{_domain}");
        await AddAsync(Admin, ListScope.Organisation, ListAction.Allow, $"two@{_domain}");
        await AddAsync(Bob, ListScope.Personal, ListAction.Block, $"two@{_domain}");
        var first = await ArriveAsync(clinic.Bob, $"one@{_domain}");
        var second = await ArriveAsync(clinic.Bob, $"two@{_domain}");
        Assert.Equal((FolderKind.Junk, ListScope.Organisation), (first.Folder, first.List!.Scope));
        Assert.Equal((FolderKind.Junk, ListScope.Personal), (second.Folder, second.List!.Scope));

        // Whose list is not asked has no say.
        Assert.Equal(FolderKind.Inbox, (await ArriveAsync(clinic.Alice, $"two@{_domain}")).Folder);
    }

    [Fact]
    public async Task An_allowed_address_counts_only_where_a_valid_signature_is_its_own()
    {
        var sender = await Portal.EnrolAsync(clinic.Organisation, $"s{Guid.NewGuid():N}@example.test");
        var address = await AddressAsync(sender);
        await AddAsync(Admin, ListScope.Organisation, ListAction.Allow, address.ToUpperInvariant());
        Assert.Equal(ListTreatment.AllowedUnproven, (await ArriveAsync(clinic.Bob, address)).List!.Treatment);
        Assert.Equal(ListTreatment.Allowed, (await SendToBobAsync(sender)).List!.Treatment);

        // A certificate's entry is about the certificate: blocked, it blocks whoever allows the address.
        var fingerprint = (await SendToBobAsync(sender)).Verdict.Signers.Single().Fingerprint!;
        await AddAsync(Bob, ListScope.Personal, ListAction.Allow, address);
        await AddAsync(Bob, ListScope.Personal, ListAction.Block, string.Join(':', fingerprint.ToLowerInvariant().Chunk(2).Select(pair => new string(pair))));
        var blocked = await SendToBobAsync(sender, FolderKind.Junk);
        Assert.Equal((ListKind.Certificate, fingerprint), (blocked.List!.Kind, blocked.List.Value));
        Assert.Equal(ListTreatment.AllowedUnproven, (await ArriveAsync(clinic.Bob, address)).List!.Treatment);
        await AddAsync(Bob, ListScope.Personal, ListAction.Allow, fingerprint);
        Assert.Equal(FolderKind.Inbox, (await SendToBobAsync(sender)).Folder);
    }

    [Fact]
    public async Task A_reader_blocks_a_domain_takes_it_back_and_finds_what_is_no_junk()
    {
        var listing = Portal.Get<SenderListing>();
        var message = await ArriveAsync(clinic.Bob, $"x@mail.{_domain}");
        var blocked = Assert.IsType<SenderChange.Done>(await listing.ListAsync(Bob, message.Id, ListAction.Block, ListKind.Domain, Never));
        Assert.Equal(($"mail.{_domain}", FolderKind.Junk), (blocked.Value, blocked.Moved));
        Assert.Equal(FolderKind.Junk, (await Portal.OpenAsync(clinic.Bob, message.Id)).Folder);
        await listing.UndoAsync(Bob, blocked.Undo, Never);
        Assert.Equal(FolderKind.Inbox, (await Portal.OpenAsync(clinic.Bob, message.Id)).Folder);
        Assert.Equal(FolderKind.Inbox, (await ArriveAsync(clinic.Bob, $"x@mail.{_domain}")).Folder);

        await listing.ListAsync(Bob, message.Id, ListAction.Block, ListKind.Address, Never);
        var junk = await ArriveAsync(clinic.Bob, $"x@mail.{_domain}");
        var freed = Assert.IsType<SenderChange.Done>(await listing.NotJunkAsync(Bob, junk.Id, Never));
        Assert.Equal(FolderKind.Inbox, (await ArriveAsync(clinic.Bob, $"x@mail.{_domain}")).Folder);
        await listing.UndoAsync(Bob, freed.Undo, Never);
        Assert.Equal(FolderKind.Junk, (await ArriveAsync(clinic.Bob, $"x@mail.{_domain}")).Folder);

        // Unsigned mail has no certificate to trust, and mail of others is not there.
        Assert.IsType<SenderChange.NotPossible>(await listing.ListAsync(Bob, message.Id, ListAction.Allow, ListKind.Certificate, Never));
        Assert.IsType<SenderChange.NotPossible>(await listing.ListAsync(Admin, message.Id, ListAction.Block, ListKind.Address, Never));
        Assert.IsType<SenderChange.NotPossible>(await listing.NotJunkAsync(Admin, message.Id, Never));
    }

    [Fact]
    public async Task A_value_stands_once_in_a_list_and_rests_sealed()
    {
        var first = await AddAsync(Admin, ListScope.Organisation, ListAction.Allow, $"x@{_domain}");
        var second = Assert.IsType<ListChange.Done>(
            await Lists.AddAsync(Admin, ListScope.Organisation, new NewListEntry(ListAction.Block, $"X@{_domain.ToUpperInvariant()}", "after the call"), Never));
        Assert.Equal(ListAction.Allow, second.Replaced!.Action);
        var page = await Lists.ListAsync(Admin, ListScope.Organisation, _domain, Never);
        var entry = Assert.Single(page.Entries);
        Assert.Equal((second.Id, ListAction.Block, "after the call", "Person alice"), (entry.Id, entry.Action, entry.Note, entry.CreatedBy));
        Assert.Null(await Lists.RemoveAsync(Admin, ListScope.Organisation, first, Never));

        await using var db = await Portal.Database.ReadAsync(clinic.Organisation, Never);
        var row = await db.ListEntries.SingleAsync(one => one.Id == second.Id);
        Assert.DoesNotContain(_domain, Encoding.Latin1.GetString(row.SealedContent), StringComparison.OrdinalIgnoreCase);
        Assert.False(await db.AuditEntries.AnyAsync(one => one.Detail.Contains(_domain)));
        Assert.Contains("\"replaced\":\"Allow\"", (await db.AuditEntries.SingleAsync(one => one.Action == AuditAction.ListEntryAdded && one.Subject == second.Id.Value)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lists_are_their_owners()
    {
        var organisations = await AddAsync(Admin, ListScope.Organisation, ListAction.Block, _domain);
        var bobs = await AddAsync(Bob, ListScope.Personal, ListAction.Block, _domain);
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Lists.ListAsync(Bob, ListScope.Organisation, "", Never));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Lists.RemoveAsync(Bob, ListScope.Organisation, organisations, Never));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => AddAsync(Bob, ListScope.Organisation, ListAction.Block, _domain));
        Assert.Null(await Lists.RemoveAsync(Bob, ListScope.Personal, organisations, Never));
        Assert.Null(await Lists.RemoveAsync(Admin, ListScope.Personal, bobs, Never));
        Assert.DoesNotContain((await Lists.ListAsync(Admin, ListScope.Personal, _domain, Never)).Entries, one => one.Value == _domain);
        if (clinic.Mallory is { } mallory)
        {
            var stranger = mallory.Account with { Roles = Roles.User | Roles.Administrator };
            Assert.Null(await Lists.RemoveAsync(stranger, ListScope.Organisation, organisations, Never));
            Assert.Empty((await Lists.ListAsync(stranger, ListScope.Organisation, _domain, Never)).Entries);
            Assert.Equal(FolderKind.Inbox, (await ArriveAsync(mallory, $"x@{_domain}")).Folder);
        }
    }

    [Fact]
    public async Task A_file_is_taken_line_by_line_and_comes_out_as_it_went_in()
    {
        await AddAsync(Admin, ListScope.Organisation, ListAction.Allow, $"a@{_domain}");
        var outcome = await ImportAsync($"""
            action,kind,value,note
            block,address,a@{_domain},"was ""allowed"", once"
            allow,,b.{_domain},'=SUM(1)
            allow,domain,c.{_domain}
            allow,address,d.{_domain}
            shred,,e.{_domain}
            block,,no such value
            block,,"f.{_domain}
            block
            2,,g.{_domain}
            allow,domain,c.{_domain}
            """);
        var done = Assert.IsType<ListImport.Done>(outcome);
        Assert.Equal((2, 1, 0), (done.Added, done.Replaced, done.Unchanged));
        Assert.Equal(
            [(5, ListProblem.KindDiffers), (6, ListProblem.ActionUnknown), (7, ListProblem.ValueUnknown), (8, ListProblem.LineMalformed), (9, ListProblem.LineMalformed), (10, ListProblem.ActionUnknown)],
            done.Bad.Select(one => (one.Line, one.Problem)));
        Assert.Equal(3, (await Lists.ListAsync(Admin, ListScope.Organisation, _domain, Never)).Found);

        await using var file = await Portal.Get<ListTransfer>().ExportAsync(Admin, Never);
        var text = Encoding.UTF8.GetString(await file.ReadAllAsync());
        Assert.Contains($"\"Block\",\"Address\",\"a@{_domain}\",\"was \"\"allowed\"\", once\"", text, StringComparison.Ordinal);
        Assert.Contains($"\"b.{_domain}\",\"'=SUM(1)\"", text, StringComparison.Ordinal);
        var own = string.Join('\n', text.Split("\r\n").Where(line => line.Contains(_domain, StringComparison.Ordinal)));
        var again = Assert.IsType<ListImport.Done>(await ImportAsync(own));
        Assert.Equal((0, 0, 3, 0), (again.Added, again.Replaced, again.Unchanged, again.Bad.Count));
    }

    [Fact]
    public async Task A_spreadsheets_semicolons_are_read_and_too_much_is_refused_whole()
    {
        var done = Assert.IsType<ListImport.Done>(await ImportAsync($"action;kind;value;note\r\nblock;;{_domain};Müller\r\n"));
        Assert.Equal((1, 0), (done.Added, done.Bad.Count));
        Assert.IsType<ListImport.TooLarge>(await ImportAsync(string.Concat(Enumerable.Range(0, 10_001).Select(number => $"block,,n{number}.{_domain},\n"))));
        Assert.IsType<ListImport.TooLarge>(await ImportAsync(new string('x', ListTransfer.LargestFile + 1)));
        Assert.Equal(1, (await Lists.ListAsync(Admin, ListScope.Organisation, _domain, Never)).Found);
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Portal.Get<ListTransfer>().ImportAsync(Bob, new MemoryStream(), Never));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Portal.Get<ListTransfer>().ExportAsync(Bob, Never));
    }

    [Fact]
    public async Task A_file_without_entries_and_one_that_is_no_text_are_told_from_a_list()
    {
        Assert.IsType<ListImport.Empty>(await ImportAsync(string.Empty));
        Assert.IsType<ListImport.Empty>(await ImportAsync("action,kind,value,note\r\n\r\n"));
        Assert.IsType<ListImport.NotText>(await ImportAsync($"block,,{_domain},Müller\n", Encoding.Latin1));
        Assert.Equal(0, (await Lists.ListAsync(Admin, ListScope.Organisation, _domain, Never)).Found);
    }

    private async Task<ListImport> ImportAsync(string text, Encoding? encoding = null)
    {
        using var file = new MemoryStream((encoding ?? Encoding.UTF8).GetBytes(text));
        return await Portal.Get<ListTransfer>().ImportAsync(Admin, file, Never);
    }

    private async Task<ListEntryId> AddAsync(Actor.Person actor, ListScope scope, ListAction action, string value) =>
        Assert.IsType<ListChange.Done>(await Lists.AddAsync(actor, scope, new NewListEntry(action, value, ""), Never)).Id;

    private async Task<MessageView> ArriveAsync(SignedInPerson person, string from)
    {
        var id = await Portal.ArriveAsync(person, Mail.Raw($"From: {from}\nTo: somebody@example.test\nSubject: Offer\nDate: Tue, 24 Nov 2026 10:00:00 +0000\n\nBuy.\n"));
        await Portal.WorkUntilAsync(async () => await Portal.Get<MessageReading>().OpenAsync(person.Account, id, Never) is not MessageOpening.Waiting);
        return await Portal.OpenAsync(person, id);
    }

    private async Task<MessageView> SendToBobAsync(SignedInPerson sender, FolderKind folder = FolderKind.Inbox)
    {
        var subject = $"signed {Guid.NewGuid():N}";
        await Portal.SendAsync(sender, Mail.To("bob@example.test", subject));
        MessageRow? row = null;
        await Portal.WorkUntilAsync(async () => (row = (await Portal.ListAsync(clinic.Bob, folder)).FirstOrDefault(one => one.Subject == subject)) is not null);
        return await Portal.OpenAsync(clinic.Bob, row!.Id);
    }

    private async Task<string> AddressAsync(SignedInPerson person) =>
        (await Portal.Get<MailboxReading>().ListAsync(person.Account, Never)).Single().Address;
}

public sealed class ListsOnPostgresTests(PostgresClinic clinic) : ListsContract(clinic);

public sealed class ListsOnSqliteTests(SqliteClinic clinic) : ListsContract(clinic);
