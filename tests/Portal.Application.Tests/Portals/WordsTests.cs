using MimeKit;
using Portal.Application.Accounts;
using Portal.Application.Compose;
using Portal.Application.Inbox;
using Portal.Application.Policies;
using Portal.Application.Protection;

namespace Portal.Application.Tests.Portals;

/// <summary>What people type, and what strangers want to be called.</summary>
public sealed class WordsTests
{
    [Theory]
    [InlineData("report.pdf", "report.pdf")]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("C:\\temp\\a.txt", "a.txt")]
    [InlineData("invoice\u202Efdp.exe", "invoicefdp.exe")]
    [InlineData("a\r\nb: c.txt", "a  b c.txt")]
    [InlineData("...", "attachment-1")]
    [InlineData("", "attachment-1")]
    [InlineData(null, "attachment-1")]
    [InlineData("<a|b>?*\".txt", "ab.txt")]
    public void An_attachment_has_a_name_that_can_be_saved_and_is_what_it_looks_like(string? name, string safe) =>
        Assert.Equal(safe, SafeFileName.Of(name, 0));

    [Fact]
    public void A_long_name_keeps_its_ending()
    {
        var safe = SafeFileName.Of(new string('a', 500) + ".docx", 0);
        Assert.Equal(120, safe.Length);
        Assert.EndsWith(".docx", safe, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("  Ada Lovelace ", "Ada Lovelace")]
    [InlineData("Ada\u0000\u202E\u200B Love\r\nlace", "Ada Love  lace")]
    [InlineData("علی\u200Cرضا", "علی\u200Cرضا")]
    [InlineData("Al\u200Dice", "Alice")]
    [InlineData("\u2066\t ", null)]
    public void A_typed_name_is_one_line_that_looks_like_what_it_is(string typed, string? name) => Assert.Equal(name, PlainText.Name(typed));

    [Theory]
    [InlineData("ada@example.org", "Address:ada@example.org")]
    [InlineData("example.org", "Domain:example.org")]
    [InlineData("@example.org", "Domain:example.org")]
    [InlineData("*@example.org", "Domain:example.org")]
    [InlineData("*.example.org", "Domain:example.org")]
    [InlineData("news*@example.org", null)]
    [InlineData("127.0.0.1", null)]
    public void A_list_takes_what_people_type_for_a_domain_and_no_pattern_that_matches_nothing(string typed, string? value) =>
        Assert.Equal(value, ListedValue.Read(typed) is { } read ? $"{read.Kind}:{read.Text}" : null);

    [Fact]
    public void No_code_of_an_authenticator_is_taken_twice_while_it_could_be()
    {
        var account = new Account(OrganisationId.New(), "ada@example.org", "Ada", Roles.User, DateTimeOffset.UnixEpoch);
        string[] codes = ["100000", "200000", "300000", "400000", "500000"];
        Assert.All(codes, code =>
        {
            Assert.False(account.HasUsed(code));
            account.Use(code);
        });
        Assert.All(codes, code => Assert.True(account.HasUsed(code)));
        account.Use("600000");
        Assert.False(account.HasUsed("100000"));
        Assert.InRange(account.UsedCodes.Length, 1, 64);
    }

    [Fact]
    public void A_name_has_a_hundred_characters_at_most() =>
        Assert.Equal((100, null), (PlainText.Name(new string('n', 100))?.Length, PlainText.Name(new string('n', 101))));

    [Theory]
    [InlineData("Alice", "Alice")]
    [InlineData("alice@bank.test", "")]
    [InlineData("Alice <alice＠bank.test>", "")]
    [InlineData("Al\u202Eice\u2066", "Alice")]
    public void A_name_that_would_pass_for_an_address_is_not_shown(string name, string shown) =>
        Assert.Equal(new AddressView(shown, "mallory@evil.test"), DisplayText.Of(new MailboxAddress(name, "mallory@evil.test")));

    [Fact]
    public void Addresses_are_read_one_by_one_and_each_once()
    {
        var typed = TypedAddresses.Read(DraftContent.Empty with
        {
            To = "bob@example.test, \"Baker, Bob\" <BOB@example.test>; nonsense\n ,,",
            Cc = "carol@outside.test",
            Bcc = "dave@münchen.test",
        });
        Assert.Equal(
            [("bob@example.test", RecipientField.To), (null, RecipientField.To), ("carol@outside.test", RecipientField.Cc), ("dave@xn--mnchen-3ya.test", RecipientField.Bcc)],
            typed.Select(one => (one.Address?.ToString(), one.Field)));
    }

    [Theory]
    [InlineData("a@b.test\r\nBcc: c@d.test")]
    [InlineData("a@b.test>\nRCPT TO:<c@d.test")]
    [InlineData("a b@c.test")]
    [InlineData("a@b..test")]
    [InlineData("@b.test")]
    public void Nothing_but_an_address_passes_for_one(string text)
    {
        var typed = TypedAddresses.Read(DraftContent.Empty with { To = text });
        Assert.Contains(typed, one => one.Address is null);
    }
}
