using Portal.Database;
using Portal.Database.Postgres;

namespace Portal.Application.Tests.Database;

public sealed class DatabaseSettingsTests
{
    [Theory]
    [InlineData("can be Sqlite or Postgres", "Provider=Oracle")]
    [InlineData("can be Sqlite or Postgres", "Provider=7")]
    [InlineData("Portal:DataDirectory", "Provider=Sqlite")]
    [InlineData("Portal:DataDirectory", "")]
    [InlineData("ConnectionString is missing", "Provider=Postgres")]
    [InlineData("names no user", "Provider=Postgres", "ConnectionString=Host=localhost")]
    [InlineData("cannot be read", "Provider=Postgres", "ConnectionString=Host=localhost;Secret words=1")]
    [InlineData("cannot be read", "Provider=Sqlite", "ConnectionString=Secret words=1")]
    [InlineData("name the same user", "Provider=Postgres", "ConnectionString=Host=localhost;Username=me", "OwnerConnectionString=Host=localhost;Username=me")]
    public void Settings_that_make_no_sense_are_refused_in_words_that_repeat_no_secret(string said, params string[] settings)
    {
        var configured = settings.Where(one => one.Length > 0).ToDictionary(
            one => $"Portal:Database:{one[..one.IndexOf('=', StringComparison.Ordinal)]}",
            one => (string?)one[(one.IndexOf('=', StringComparison.Ordinal) + 1)..]);

        var refusal = Assert.Throws<DatabaseNotReadyException>(() => TestDatabase.Services(configured));

        Assert.Contains(said, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Secret", refusal.Message, StringComparison.Ordinal);
        Assert.Null(refusal.InnerException);
    }

    [Fact]
    public void A_password_reaches_the_server_only_as_what_the_server_may_keep_of_it()
    {
        // RFC 7677 §3: user "user", password "pencil".
        const string authMessage = "n=user,r=rOprNGfwEbeRWgbNEkqO,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,"
            + "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";

        var verifier = ScramVerifier.Of("pencil", Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ=="));

        Assert.StartsWith("SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$", verifier, StringComparison.Ordinal);
        var serverKey = Convert.FromBase64String(verifier[(verifier.LastIndexOf(':') + 1)..]);
        var serverSignature = System.Security.Cryptography.HMACSHA256.HashData(serverKey, System.Text.Encoding.ASCII.GetBytes(authMessage));
        Assert.Equal("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", Convert.ToBase64String(serverSignature));
    }

    [Fact]
    public void A_password_that_would_have_to_be_normalised_is_refused() =>
        Assert.Contains("ASCII", Assert.Throws<DatabaseNotReadyException>(() => ScramVerifier.New("pässword")).Message, StringComparison.Ordinal);
}
