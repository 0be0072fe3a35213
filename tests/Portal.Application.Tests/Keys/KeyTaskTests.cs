using Portal.Application.KeyBroker;
using Portal.Smime.Keys;

namespace Portal.Application.Tests.Keys;

/// <summary>Who may do what with whose key: the whole table.</summary>
public sealed class KeyTaskTests
{
    private static readonly OrganisationId Organisation = OrganisationId.New();
    private static readonly Actor.Person Owner = new(Organisation, AccountId.New(), Roles.User, SessionId.New());
    private static readonly Actor.Person Permitted = Owner with { Permit = PermitId.New() };
    private static readonly Actor.Person Other = Owner with { Account = AccountId.New(), Roles = Roles.Administrator };
    private static readonly Actor.Reader Reader = new(Organisation, ReaderId.New(), ReaderSessionId.New());
    private static readonly Actor.Portal Portal = new(Organisation, "work");

    [Fact]
    public void Nobody_does_more_than_this()
    {
        var may =
            from task in Enum.GetValues<KeyTask>()
            from actor in new (string Name, Actor Actor)[] { ("owner", Owner), ("permitted", Permitted), ("other", Other), ("reader", Reader), ("stranger", Reader with { Id = ReaderId.New() }), ("portal", Portal) }
            from key in new (string Name, AccountId? Owner, ReaderId? Reader)[] { ("theirs", Owner.Account, null), ("reader's", null, Reader.Id), ("organisation's", null, null) }
            where task.MayBeDoneBy(actor.Actor, key.Owner, key.Reader)
            select $"{actor.Name} {task} {key.Name}";

        Assert.Equal(
            [
                "owner OpenMessage theirs",
                "owner SignMessage theirs",
                "owner SignReceipt theirs",
                "permitted SignMessage theirs",
                "portal IssueCertificate organisation's",
                "portal OpenForList organisation's",
                "portal OpenMessage theirs",
                "portal SignForDomain organisation's",
                "portal SignForList organisation's",
                "portal SignNotice organisation's",
                "portal SignOcspResponse organisation's",
                "portal SignRevocationList organisation's",
                "portal UnwrapDataKey organisation's",
                "reader OpenSecureLink reader's",
            ],
            may.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void No_kind_of_key_both_signs_and_decrypts()
    {
        var uses = Enum.GetValues<KeyTask>().Select(task => (Task: task, Signs: task.ToString().StartsWith("Sign", StringComparison.Ordinal) || task == KeyTask.IssueCertificate));

        Assert.All(uses, use => Assert.Equal(use.Signs ? KeyUse.Sign : KeyUse.Decrypt, use.Task.Purpose().Use()));
    }
}
