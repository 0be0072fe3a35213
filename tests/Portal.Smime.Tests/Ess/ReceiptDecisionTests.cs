using System.Security.Cryptography;
using Portal.Smime.Cms;
using Portal.Smime.Ess;
using Portal.Smime.Mime;
using Portal.Smime.Pkix;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Ess;

/// <summary>RFC 2634 §2.3: who is asked for a receipt, by the originator and by the lists on the way.</summary>
public sealed class ReceiptDecisionTests
{
    private static readonly AddrSpec Alice = Addresses.Of(Pki.Alice.Address);
    private static readonly AddrSpec Bob = Addresses.Of(Pki.Bob.Address);
    private static readonly AddrSpec Keeper = Addresses.Of("keeper@example.org");

    public static TheoryData<string, ReceiptsFrom, ReceiptPolicy?, string[]> Asked => new()
    {
        { "directly", new ReceiptsFrom.All(), null, [Pki.Alice.Address] },
        { "directly", new ReceiptsFrom.FirstTier(), null, [Pki.Alice.Address] },
        { "directly", new ReceiptsFrom.Listed([Keeper, Bob]), null, [Pki.Alice.Address] },
        { "by list", new ReceiptsFrom.All(), null, [Pki.Alice.Address] },
        { "by list", new ReceiptsFrom.Listed([Bob]), null, [Pki.Alice.Address] },
        { "by list", new ReceiptsFrom.All(), new ReceiptPolicy.InsteadOf([Keeper]), ["keeper@example.org"] },
        { "by list", new ReceiptsFrom.All(), new ReceiptPolicy.InAdditionTo([Keeper, Alice]), [Pki.Alice.Address, "keeper@example.org"] },
    };

    public static TheoryData<string, ReceiptsFrom, ReceiptPolicy?, NoReceipt> NotAsked => new()
    {
        { "directly", new ReceiptsFrom.Listed([Keeper]), null, NoReceipt.NotListed },
        { "directly", new ReceiptsFrom.Listed([]), null, NoReceipt.NotListed },
        { "by list", new ReceiptsFrom.Listed([Keeper]), new ReceiptPolicy.InsteadOf([Keeper]), NoReceipt.NotListed },
        { "by list", new ReceiptsFrom.FirstTier(), null, NoReceipt.NotFirstTier },
        { "by list", new ReceiptsFrom.FirstTier(), new ReceiptPolicy.InAdditionTo([Keeper]), NoReceipt.NotFirstTier },
        { "by list", new ReceiptsFrom.All(), new ReceiptPolicy.None(), NoReceipt.ForbiddenByList },
        { "by list", new ReceiptsFrom.All(), new ReceiptPolicy.InsteadOf([]), NoReceipt.NowhereToSend },
    };

    [Theory]
    [MemberData(nameof(Asked), DisableDiscoveryEnumeration = true)]
    public async Task Whoever_is_asked_answers_to_where_it_is_wanted(string way, ReceiptsFrom from, ReceiptPolicy? policy, string[] to)
    {
        var asked = Assert.IsType<ReceiptDecision.Asked>(await DecideAsync(await MessageAsync(way, from, policy)));

        Assert.Equal(to, asked.To.Select(address => address.ToString()));
    }

    [Theory]
    [MemberData(nameof(NotAsked), DisableDiscoveryEnumeration = true)]
    public async Task Whoever_is_not_asked_is_told_why(string way, ReceiptsFrom from, ReceiptPolicy? policy, NoReceipt reason) =>
        Assert.Equal(new ReceiptDecision.NotAsked(reason), await DecideAsync(await MessageAsync(way, from, policy)));

    [Fact]
    public async Task Nobody_asks_in_an_ordinary_message() =>
        Assert.Equal(new ReceiptDecision.NotAsked(NoReceipt.NotAsked), await DecideAsync(await SignAsync(Mail.Bytes(Mail.Text), Pki.Alice, EnhancedServices.None)));

    [Fact]
    public async Task A_broken_signature_is_not_confirmed()
    {
        var message = Mail.String(await MessageAsync("directly", new ReceiptsFrom.All(), null));

        var changed = message.Replace("The patient is well", "The patient is ill", StringComparison.Ordinal);

        Assert.Equal(new ReceiptDecision.NotAsked(NoReceipt.SignatureInvalid), await DecideAsync(Mail.Bytes(changed)));
    }

    [Fact]
    public async Task A_receipt_is_not_confirmed()
    {
        await using var opened = await OpenAsync(await MessageAsync("directly", new ReceiptsFrom.All(), null));
        var asked = Assert.IsType<ReceiptDecision.Asked>(ReceiptDecision.Of(opened, [Bob], demandTrust: true));
        using var receipt = new MemoryStream();
        await SignedReceiptEntity.WriteAsync(asked.Request, asked.Original, Pki.Bob.Signer, new SigningProperties(Pki.Now), receipt, default);

        Assert.Equal(new ReceiptDecision.NotAsked(NoReceipt.IsReceipt), await DecideAsync(receipt.ToArray()));
    }

    [Fact]
    public async Task What_does_not_open_is_not_confirmed()
    {
        var sealedMessage = await Mail.EncryptAsync(await MessageAsync("directly", new ReceiptsFrom.All(), null), ContentCipher.Aes256Gcm, recipients: Pki.Carol);

        Assert.Equal(new ReceiptDecision.NotAsked(NoReceipt.NotOpened), await DecideAsync(sealedMessage));
    }

    [Fact]
    public async Task Two_signers_who_ask_for_different_things_are_not_answered()
    {
        var second = Person.With(Pki.Alice.Address, ECDsa.Create(ECCurve.NamedCurves.nistP256));
        var infos = new List<byte[]>();
        foreach (var (person, to) in new[] { (second, Keeper), (Pki.Alice, Alice) })
        {
            infos.Add(Forgery.SignerInfo(Mail.Structure(await SignAsync(Mail.Bytes(Mail.Text), person, Request(new ReceiptsFrom.All(), to)))));
        }

        var both = Mail.MultipartSigned(Mail.Text, Forgery.SignedData(null, [second.Certificate, Pki.Alice.Certificate, Pki.Issuing.Certificate], [.. infos]));

        Assert.Equal(new ReceiptDecision.NotAsked(NoReceipt.Disputed), await DecideAsync(both));
    }

    public static TheoryData<ReceiptPolicy?, NoReceipt?> ByStranger => new()
    {
        { new ReceiptPolicy.InsteadOf([Keeper]), NoReceipt.ListUntrusted },
        { new ReceiptPolicy.InAdditionTo([Keeper]), NoReceipt.ListUntrusted },
        { new ReceiptPolicy.None(), NoReceipt.ForbiddenByList },
        { null, null },
    };

    // Anybody on the way can put a signature around a message.
    [Theory]
    [MemberData(nameof(ByStranger), DisableDiscoveryEnumeration = true)]
    public async Task A_stranger_outside_does_not_say_where_receipts_go(ReceiptPolicy? policy, NoReceipt? reason)
    {
        var stranger = new Person("list@example.net", Pki.Stranger.Issue(new CertificateWish("list@example.net"), Pki.Rsa), Pki.Rsa);
        var signed = await SignAsync(Mail.Bytes(Mail.Text), Pki.Alice, Request(new ReceiptsFrom.All(), Alice));

        var decision = await DecideAsync(await SignAsync(signed, stranger, History(stranger, policy)));

        Assert.Equal(reason, (decision as ReceiptDecision.NotAsked)?.Reason);
        Assert.Equal(reason is null ? [Alice] : null, (decision as ReceiptDecision.Asked)?.To);
    }

    [Fact]
    public async Task What_one_list_forbids_no_other_allows()
    {
        var signed = await SignAsync(Mail.Bytes(Mail.Text), Pki.Alice, Request(new ReceiptsFrom.All(), Alice) with { ExpansionHistory = History(Pki.Alice, new ReceiptPolicy.None()).ExpansionHistory });

        Assert.Equal(new ReceiptDecision.NotAsked(NoReceipt.ForbiddenByList), await DecideAsync(await SignAsync(signed, Pki.Carol, History(Pki.Carol, null))));
    }

    [Fact]
    public async Task Whoever_is_not_trusted_is_answered_only_where_nobody_demands_it()
    {
        var stranger = new Person(Pki.Alice.Address, Pki.Stranger.Issue(new CertificateWish(Pki.Alice.Address), Pki.Rsa), Pki.Rsa);
        await using var opened = await OpenAsync(await SignAsync(Mail.Bytes(Mail.Text), stranger, Request(new ReceiptsFrom.All(), Alice)));

        Assert.Equal(new ReceiptDecision.NotAsked(NoReceipt.SignatureUntrusted), ReceiptDecision.Of(opened, [Bob], demandTrust: true));
        Assert.IsType<ReceiptDecision.Asked>(ReceiptDecision.Of(opened, [Bob], demandTrust: false));
    }

    [Theory]
    [InlineData("Auto-Submitted: auto-generated", true)]
    [InlineData("Auto-Submitted: no", false)]
    [InlineData("Precedence: bulk", true)]
    [InlineData("Precedence: first-class", false)]
    [InlineData("List-Id: Friends <friends.example.org>", true)]
    public async Task A_program_is_not_answered(string field, bool automatic)
    {
        var message = Mail.Message(await SignAsync(Mail.Bytes(Mail.Text), Pki.Alice, Request(new ReceiptsFrom.All(), Alice)));
        await using var opened = await MessageOpener.OpenAsync(new MemoryStream([.. Mail.Bytes(field + "\r\n"), .. message]), Opened.Context(), default);

        Assert.Equal(automatic ? NoReceipt.Automatic : null, (ReceiptDecision.Of(opened, [Bob], demandTrust: true) as ReceiptDecision.NotAsked)?.Reason);
    }

    [Fact]
    public async Task A_request_that_cannot_be_read_is_not_answered()
    {
        byte[] emptySequence = [0x30, 0x00];
        var writer = new SignedDataWriter([Pki.Alice.Signer], new SigningProperties(Pki.Now)) { Attributes = [(Oids.ReceiptRequest, emptySequence)] };
        var structure = await writer.EncapsulateAsync(Mail.Bytes(Mail.Text), default);

        Assert.Equal(new ReceiptDecision.NotAsked(NoReceipt.Unreadable), await DecideAsync(Mail.Pkcs7Mime(structure.ToArray())));
    }

    private static async Task<byte[]> MessageAsync(string way, ReceiptsFrom from, ReceiptPolicy? policy)
    {
        var signed = await SignAsync(Mail.Bytes(Mail.Text), Pki.Alice, Request(from, Alice));
        return way == "directly"
            ? signed
            : await SignAsync(signed, Pki.Carol, History(Pki.Carol, policy));
    }

    private static EnhancedServices History(Person list, ReceiptPolicy? policy) =>
        new() { ExpansionHistory = new MailListExpansionHistory([MailListExpansion.By(list.Certificate, Pki.Now, policy)]) };

    private static EnhancedServices Request(ReceiptsFrom from, AddrSpec to) => new() { ReceiptRequest = new ReceiptRequest(ContentIdentifier.New(), from, [to]) };

    private static Task<byte[]> SignAsync(byte[] entity, Person person, EnhancedServices services) =>
        Mail.SignAsync(entity, [person.Signer], SignedForm.Detached, new SigningProperties(Pki.Now) { Services = services });

    private static async Task<ReceiptDecision> DecideAsync(byte[] entity)
    {
        await using var opened = await OpenAsync(entity);
        return ReceiptDecision.Of(opened, [Bob], demandTrust: true);
    }

    private static Task<OpenedMessage> OpenAsync(byte[] entity) => MessageOpener.OpenAsync(new MemoryStream(Mail.Message(entity)), Opened.Context(), default);
}
