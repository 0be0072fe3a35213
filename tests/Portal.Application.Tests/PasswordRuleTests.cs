using Portal.Application.Accounts;

namespace Portal.Application.Tests;

public sealed class PasswordRuleTests
{
    [Theory]
    [InlineData("password1234")]
    [InlineData("P4ssw0rd!2026")]
    [InlineData("passwordpassword")]
    [InlineData("Sommer2026!!")]
    [InlineData("qwertyuiop123")]
    [InlineData("asdfghjkl;'#")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("123456789012")]
    [InlineData("210987654321")]
    [InlineData("abcabcabcabc")]
    [InlineData("iloveyoubaby")]
    [InlineData("ada.lovelace.1")]
    [InlineData("Engines-2026-Ltd")]
    public void What_is_tried_first_is_refused(string password) =>
        Assert.Equal(PasswordProblem.TooCommon, PasswordRule.ProblemOf(password, "ada.lovelace@example.org", "Ada Lovelace", "Engines Ltd"));

    [Theory]
    [InlineData("correct horse battery staple")]
    [InlineData("tiger-lampe-kuchen")]
    [InlineData("x8#Kq2!vLw9z")]
    [InlineData("7391-4820-5517-2290")]
    [InlineData("password-kiosk-42")]
    [InlineData("ÄpfelÜberÖl!")]
    public void What_is_not_stands(string password) =>
        Assert.Null(PasswordRule.ProblemOf(password, "ada.lovelace@example.org", "Ada Lovelace", "Engines Ltd"));

    [Fact]
    public void Eleven_characters_are_too_few() => Assert.Equal(PasswordProblem.TooShort, PasswordRule.ProblemOf("x8#Kq2!vLw9"));

    [Fact]
    public void A_megabyte_is_looked_at_as_fast_as_a_line() => Assert.Equal(PasswordProblem.TooCommon, PasswordRule.ProblemOf(new string('a', 1 << 20)));
}
