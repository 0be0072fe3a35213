using System.Security.Cryptography;
using Portal.Smime.Cms;
using Portal.Smime.Ess;
using Portal.Smime.Mime;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Ess;

/// <summary>Whose word counts when several people sign, in one layer or around each other.</summary>
public sealed class MessageServicesTests
{
    private const string Policy = "1.2.3.4.5";
    private static readonly Person Second = Person.With(Pki.Alice.Address, ECDsa.Create(ECCurve.NamedCurves.nistP256));
    private static readonly EnhancedServices Secret = new() { SecurityLabel = new SecurityLabel(Policy) { Classification = 4 } };
    private static readonly EnhancedServices Restricted = new() { SecurityLabel = new SecurityLabel(Policy) { Classification = 2 } };
    private static readonly EnhancedServices Asking = new()
    {
        ReceiptRequest = new ReceiptRequest(ContentIdentifier.New(), new ReceiptsFrom.All(), [Addresses.Of(Pki.Alice.Address)]),
        ContentHints = new ContentHints(Oids.Data, "a letter"),
    };

    [Fact]
    public async Task What_one_signer_says_and_the_other_does_not_is_agreed()
    {
        var opened = await Opened.FromAsync(Mail.Message(await SignBesideAsync((Pki.Alice, Asking), (Second, Secret))));

        Assert.True(opened.Verdict == Verdict.SignedValid, opened.Why);
        Assert.Empty(opened.Summary.Services.Disputed);
        var agreed = opened.Summary.Services.Agreed;
        Assert.Equal((4, "a letter"), (agreed.SecurityLabel!.Classification, agreed.ContentHints!.Description));
        Assert.Equal(Asking.ReceiptRequest!.ContentIdentifier, agreed.ReceiptRequest!.ContentIdentifier);
    }

    [Fact]
    public async Task What_two_signers_say_alike_is_agreed()
    {
        var opened = await Opened.FromAsync(Mail.Message(await SignBesideAsync((Pki.Alice, Secret), (Second, Secret))));

        Assert.Empty(opened.Summary.Services.Disputed);
        Assert.Equal(4, opened.Summary.Services.Agreed.SecurityLabel!.Classification);
    }

    [Fact]
    public async Task Labels_of_two_signers_that_differ_are_disputed_and_none_counts()
    {
        var opened = await Opened.FromAsync(Mail.Message(await SignBesideAsync((Pki.Alice, Secret), (Second, Restricted))));

        Assert.Equal([Oids.SecurityLabel], opened.Summary.Services.Disputed);
        Assert.Null(opened.Summary.Services.Agreed.SecurityLabel);
    }

    [Fact]
    public async Task A_stranger_who_signs_outside_asks_for_nothing()
    {
        var outside = await SignAsync(await SignAsync(Mail.Bytes(Mail.Text), Pki.Alice, EnhancedServices.None), Pki.Carol, Asking);

        var opened = await Opened.FromAsync(Mail.Message(outside));

        Assert.True(opened.Verdict == Verdict.SignedValid, opened.Why);
        Assert.NotNull(opened.Message.Layers[0].Signers[0].Services.ReceiptRequest);
        Assert.Equal((null, null), (opened.Summary.Services.Agreed.ReceiptRequest, opened.Summary.Services.Agreed.ContentHints));
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(4, true)]
    [InlineData(null, true)]
    public async Task A_label_outside_has_to_be_the_one_inside(int? outside, bool agree)
    {
        var label = outside is null ? EnhancedServices.None : new EnhancedServices { SecurityLabel = new SecurityLabel(Policy) { Classification = outside } };

        var opened = await Opened.FromAsync(Mail.Message(await SignAsync(await SignAsync(Mail.Bytes(Mail.Text), Pki.Alice, Secret), Pki.Carol, label)));

        Assert.Equal(agree ? [] : [Oids.SecurityLabel], opened.Summary.Services.Disputed);
        Assert.Equal(agree ? 4 : null, opened.Summary.Services.Agreed.SecurityLabel?.Classification);
    }

    [Fact]
    public async Task A_label_outside_of_what_has_none_is_disputed()
    {
        var inside = await SignAsync(Mail.Bytes(Mail.Text), Pki.Alice, EnhancedServices.None);

        var opened = await Opened.FromAsync(Mail.Message(await SignAsync(inside, Pki.Carol, Secret)));

        Assert.Equal([Oids.SecurityLabel], opened.Summary.Services.Disputed);
        Assert.Null(opened.Summary.Services.Agreed.SecurityLabel);
    }

    [Fact]
    public async Task A_broken_signature_says_nothing()
    {
        var signed = Mail.String(await SignAsync(Mail.Bytes(Mail.Text), Pki.Alice, Secret)).Replace("The patient is well", "The patient is ill", StringComparison.Ordinal);

        var opened = await Opened.FromAsync(Mail.Message(Mail.Bytes(signed)));

        Assert.Equal(Verdict.SignedInvalid, opened.Verdict);
        Assert.Null(opened.Summary.Services.Agreed.SecurityLabel);
        Assert.Equal(4, opened.Summary.Signers[0].Services.SecurityLabel!.Classification);
    }

    [Fact]
    public async Task The_history_is_the_outermost_one()
    {
        var (first, last) = (History(new ReceiptPolicy.None()), History(null));
        var listed = await SignAsync(await SignAsync(await SignAsync(Mail.Bytes(Mail.Text), Pki.Alice, Asking), Pki.Carol, first), Pki.Carol, last);

        var opened = await Opened.FromAsync(Mail.Message(listed));

        Assert.Null(Assert.Single(opened.Summary.Services.Agreed.ExpansionHistory!.Expansions).Policy);
    }

    private static EnhancedServices History(ReceiptPolicy? policy) =>
        new() { ExpansionHistory = new MailListExpansionHistory([MailListExpansion.By(Pki.Carol.Certificate, Pki.Now, policy)]) };

    private static Task<byte[]> SignAsync(byte[] entity, Person person, EnhancedServices services) =>
        Mail.SignAsync(entity, [person.Signer], SignedForm.Detached, new SigningProperties(Pki.Now) { Services = services });

    // One SignedData with two signers who say different things, which one call of the engine does not write.
    private static async Task<byte[]> SignBesideAsync(params (Person Person, EnhancedServices Services)[] signers)
    {
        var infos = new List<byte[]>();
        foreach (var (person, services) in signers)
        {
            infos.Add(Forgery.SignerInfo(Mail.Structure(await SignAsync(Mail.Bytes(Mail.Text), person, services))));
        }

        return Mail.MultipartSigned(Mail.Text, Forgery.SignedData(null, [.. signers.Select(signer => signer.Person.Certificate), Pki.Issuing.Certificate], [.. infos]));
    }
}
