using System.Formats.Asn1;
using System.Text.Json;
using Portal.Smime.Cms;
using Portal.Smime.Ess;
using Portal.Smime.Mime;
using Portal.Smime.Pkix;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Ess;

/// <summary>The attributes of RFC 2634 as we write them: decoded by pyasn1's modules, and read again by ourselves.</summary>
public sealed class EnhancedServicesTests
{
    private const string Policy = "1.2.3.4.5";
    private const string Receipts = "1.2.840.113549.1.9.16.2.1";
    private const string Label = "1.2.840.113549.1.9.16.2.2";
    private const string History = "1.2.840.113549.1.9.16.2.3";
    private const string Hints = "1.2.840.113549.1.9.16.2.4";
    private const string Equivalent = "1.2.840.113549.1.9.16.2.9";
    private const string Reference = "1.2.840.113549.1.9.16.2.10";
    private static readonly AddrSpec Alice = Addresses.Of("alice@example.org");
    private static readonly AddrSpec Umlaut = Addresses.Of("jürgen@example.org");

    [Fact]
    public async Task A_label_is_decoded_and_read()
    {
        var label = new SecurityLabel(Policy)
        {
            Classification = 3,
            PrivacyMark = "For the eyes of ward 7 only",
            Categories = [SecurityCategory.OfText("1.2.3.1", "cardiology"), SecurityCategory.OfText("1.2.3.2", "Ärzte")],
        };

        var (decoded, read) = await SignAsync(new EnhancedServices { SecurityLabel = label });

        var seen = decoded.GetProperty(Label);
        Assert.Equal(Policy, seen.GetProperty("security-policy-identifier").GetString());
        Assert.Equal(3, seen.GetProperty("security-classification").GetInt32());
        Assert.Equal(2, seen.GetProperty("security-categories").GetArrayLength());
        Assert.Equal(label.Policy, read.SecurityLabel!.Policy);
        Assert.Equal(label.Classification, read.SecurityLabel.Classification);
        Assert.Equal(label.PrivacyMark, read.SecurityLabel.PrivacyMark);
        Assert.Equal(["cardiology", "Ärzte"], read.SecurityLabel.Categories.Select(category => category.Text()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Equivalent_labels_are_decoded_and_read()
    {
        var (decoded, read) = await SignAsync(new EnhancedServices
        {
            SecurityLabel = new SecurityLabel(Policy) { Classification = 0 },
            EquivalentLabels = [new SecurityLabel("1.2.3.6") { Classification = 256 }, new SecurityLabel("1.2.3.7")],
        });

        Assert.Equal(2, decoded.GetProperty(Equivalent).GetArrayLength());
        Assert.Equal(["1.2.3.6", "1.2.3.7"], read.EquivalentLabels.Select(label => label.Policy));
    }

    [Fact]
    public async Task A_receipt_request_is_decoded_and_read()
    {
        foreach (var from in new ReceiptsFrom[] { new ReceiptsFrom.All(), new ReceiptsFrom.FirstTier(), new ReceiptsFrom.Listed([Alice, Umlaut]) })
        {
            var request = new ReceiptRequest(ContentIdentifier.New(), from, [Alice, Umlaut]);

            var (decoded, read) = await SignAsync(new EnhancedServices { ReceiptRequest = request });

            var seen = decoded.GetProperty(Receipts);
            Assert.Equal(request.ContentIdentifier.ToString(), seen.GetProperty("signedContentIdentifier").GetString(), ignoreCase: true);
            Assert.Equal(2, seen.GetProperty("receiptsTo").GetArrayLength());
            Assert.Equal(request.ContentIdentifier, read.ReceiptRequest!.ContentIdentifier);
            Assert.Equal([Alice, Umlaut], read.ReceiptRequest.To);
            Assert.Equal(from.GetType(), read.ReceiptRequest.From.GetType());
            Assert.Equal((from as ReceiptsFrom.Listed)?.Addresses, (read.ReceiptRequest.From as ReceiptsFrom.Listed)?.Addresses);
        }
    }

    [Fact]
    public async Task A_history_is_decoded_and_read()
    {
        foreach (var policy in new ReceiptPolicy?[] { null, new ReceiptPolicy.None(), new ReceiptPolicy.InsteadOf([Alice]), new ReceiptPolicy.InAdditionTo([Umlaut]) })
        {
            var history = new MailListExpansionHistory([MailListExpansion.By(Pki.Carol.Certificate, Pki.Now, policy)]);

            var (decoded, read) = await SignAsync(new EnhancedServices { ExpansionHistory = history });

            Assert.Equal(1, decoded.GetProperty(History).GetArrayLength());
            var expansion = Assert.Single(read.ExpansionHistory!.Expansions);
            Assert.Contains(expansion.List, RecipientIdentifier.AllOf(Pki.Carol.Certificate));
            Assert.Equal(Pki.Now, expansion.ExpandedAt);
            Assert.Equal(policy?.GetType(), expansion.Policy?.GetType());
        }
    }

    [Fact]
    public async Task Hints_identifier_and_reference_are_decoded_and_read()
    {
        var services = new EnhancedServices
        {
            ContentIdentifier = ContentIdentifier.New(),
            ContentHints = new ContentHints("1.2.840.113549.1.7.1", "Befund für Station 7"),
            ContentReference = new ContentReference("1.2.840.113549.1.7.1", ContentIdentifier.New(), new byte[] { 1, 2, 3 }),
        };

        var (decoded, read) = await SignAsync(services);

        Assert.Equal("Befund für Station 7", Mail.String(Convert.FromHexString(decoded.GetProperty(Hints).GetProperty("contentDescription").GetString()!)));
        Assert.Equal("010203", decoded.GetProperty(Reference).GetProperty("originatorSignatureValue").GetString());
        Assert.Equal(services.ContentIdentifier, read.ContentIdentifier);
        Assert.Equal(services.ContentHints, read.ContentHints);
        Assert.Equal(services.ContentReference.ContentIdentifier, read.ContentReference!.ContentIdentifier);
    }

    [Fact]
    public async Task An_attribute_that_cannot_be_read_is_named_and_the_others_are_there()
    {
        var signed = Mail.String(await Mail.SignAsync(
            Mail.Bytes(Mail.Text), [Pki.Alice.Signer], SignedForm.Opaque,
            new SigningProperties(Pki.Now) { Services = new EnhancedServices { SecurityLabel = new SecurityLabel(Policy), ContentIdentifier = ContentIdentifier.New() } }));
        var structure = Mail.Structure(Mail.Bytes(signed));

        // A SEQUENCE where the label's SET belongs.
        var label = structure.AsSpan().IndexOf(Convert.FromHexString("310606042a030405"));
        structure[label] = 0x30;

        var opened = await Opened.FromAsync(Mail.Message(Mail.Pkcs7Mime(structure)));

        var services = Assert.Single(opened.Summary.Signers).Services;
        Assert.Null(services.SecurityLabel);
        Assert.Equal([Label], services.Unreadable);
        Assert.NotNull(services.ContentIdentifier);
    }

    [Theory]
    [InlineData(257)]
    [InlineData(-1)]
    public async Task A_classification_beyond_its_bounds_is_a_mistake(int classification) => await Assert.ThrowsAsync<ArgumentException>(() =>
        SignAsync(new EnhancedServices { SecurityLabel = new SecurityLabel(Policy) { Classification = classification } }));

    [Fact]
    public async Task A_request_without_anybody_to_answer_is_a_mistake() => await Assert.ThrowsAsync<ArgumentException>(() =>
        SignAsync(new EnhancedServices { ReceiptRequest = new ReceiptRequest(ContentIdentifier.New(), new ReceiptsFrom.All(), []) }));

    [Fact]
    public void A_category_in_the_implicit_form_that_some_write_is_read()
    {
        // SET { 1.2.3, SET { SEQUENCE { [0] 1.2.3.1, [1] "x" } } } with [1] primitive over the characters.
        var label = SecurityLabel.Read(Convert.FromHexString("310f06022a03310930078002" + "2a03" + "810178"));

        Assert.Equal("x", Assert.Single(label.Categories).Text());
    }

    [Theory]
    [InlineData("3100")]
    [InlineData("310806022a0306022a03")]
    [InlineData("310706022a03020201ff")]
    [InlineData("310706022a030201ff")]
    [InlineData("310606022a030500")]
    public void What_is_no_label_is_refused(string hex) =>
        Assert.Throws<AsnContentException>(() => SecurityLabel.Read(Convert.FromHexString(hex)));

    private static async Task<(JsonElement Decoded, EnhancedServices Read)> SignAsync(EnhancedServices services)
    {
        var properties = new SigningProperties(Pki.Now) { Services = services };
        var signed = await Mail.SignAsync(Mail.Bytes(Mail.Text), [Pki.Alice.Signer], SignedForm.Detached, properties);
        var opened = await Opened.FromAsync(Mail.Message(signed));
        Assert.True(opened.Verdict == Verdict.SignedValid, opened.Why);
        return (await Peers.AttributesAsync(Mail.Structure(signed)), opened.Summary.Signers[0].Services);
    }
}
