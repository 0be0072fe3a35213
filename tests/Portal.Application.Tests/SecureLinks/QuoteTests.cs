using Portal.Application.SecureLinks;
using Portal.Application.SecureLinks.Answers;

namespace Portal.Application.Tests.SecureLinks;

public sealed class QuoteTests
{
    private static readonly LinkSender Alice = new("Alice Archer", "alice@example.test");

    [Theory]
    [InlineData("Mine.\n\nOn 3 December, Alice Archer wrote:\n> Hers.", "Mine.")]
    [InlineData("Mine.\r\n\r\nAm 3. Dezember schrieb alice@example.test:\r\n> Hers.\r\nMore.", "Mine.\n\nMore.")]
    [InlineData("Mine.\n> Hers.\nMore.\n>> Another's.", "Mine.\nMore.")]
    [InlineData("Alice Archer is right\n> Hers.", "Alice Archer is right")]
    [InlineData("You ask:\n> Hers.", "You ask:")]
    [InlineData("> Hers.", "")]
    [InlineData("Mine.", "Mine.")]
    public void Own_words_are_what_nobody_else_wrote(string text, string own) => Assert.Equal(own, Quote.Without(text, Alice));

    [Fact]
    public void A_sender_without_a_name_takes_no_line_along() => Assert.Equal("You ask:", Quote.Without("You ask:\n> Hers.", Alice with { Name = "" }));

    [Fact]
    public void What_is_quoted_is_no_word_of_ones_own() =>
        Assert.Equal(string.Empty, Quote.Without(Quote.Of("Hers.\n> Somebody's.", "On 3 December, Alice Archer wrote:"), Alice));
}
