using Portal.Testing;

namespace Portal.Cli.Tests.Smime;

/// <summary>PKCS#12 files as openssl writes them, old and new.</summary>
public sealed class KeyFilesTests(SmimeFiles files) : IClassFixture<SmimeFiles>
{
    [Theory]
    [InlineData]
    [InlineData("-legacy")]
    [InlineData("-descert", "-legacy")]
    [InlineData("-keypbe", "NONE", "-certpbe", "NONE")]
    [InlineData("-macalg", "SHA1")]
    [InlineData("-nomac")]
    public async Task A_file_under_a_password_beyond_ascii_opens(params string[] options)
    {
        const string password = "Grüße, 世界";
        var (key, words, wrong) = (files.Fresh(".p12"), files.Write("words.txt", password + "\r\n"), files.Write("wrong.txt", "Grusse"));
        await files.KeyFileAsync(files.Bob, key, password, options);
        var message = files.Write("sealed.eml", await ForeignMail.EncryptAsync(ForeignMail.Text("Open"), files.Bob.CertificateFile));

        var right = await SmimeFiles.RunAsync("open", message, "--key", key, "--password-file", words);
        var refused = await SmimeFiles.RunAsync("open", message, "--key", key, "--password-file", wrong);

        Assert.True(right.Code == 0, right.ToString());
        Assert.Contains("| Open", right.Output, StringComparison.Ordinal);
        Assert.Equal(1, refused.Code);
    }

    [Theory]
    [InlineData]
    [InlineData("-legacy")]
    [InlineData("-nomac")]
    public async Task A_file_without_a_password_opens(params string[] options)
    {
        var key = files.Fresh(".p12");
        await files.KeyFileAsync(files.Bob, key, string.Empty, options);
        var message = files.Write("sealed.eml", await ForeignMail.EncryptAsync(ForeignMail.Text("Open"), files.Bob.CertificateFile));

        var answer = await SmimeFiles.RunAsync("open", message, "--key", key);

        Assert.True(answer.Code == 0, answer.ToString());
    }

    [Fact]
    public async Task A_file_that_takes_long_to_derive_from_is_refused()
    {
        var (key, note) = (files.Fresh(".p12"), files.Write("note.eml", "Subject: x\r\n\r\nx"));
        await files.KeyFileAsync(files.Bob, key, "x", "-iter", "3000001", "-nomac");

        var answer = await SmimeFiles.RunAsync("open", note, "--key", key, "--password-file", files.Write("x.txt", "x"));

        Assert.Equal((1, $"{Path.GetFileName(key)}: It is no PKCS#12 file, or the password is wrong."), (answer.Code, answer.Error.Trim()));
    }

    [Fact]
    public async Task A_file_without_a_key_is_said_to_have_none()
    {
        (await OpenSsl.RunAsync([], "pkcs12", "-export", "-nokeys", "-in", files.Bob.CertificateFile, "-out", files.PathOf("certificate.p12"), "-passout", "pass:")).Demand();

        var answer = await SmimeFiles.RunAsync("open", files.Write("note.eml", "Subject: x\r\n\r\nx"), "--key", files.PathOf("certificate.p12"));

        Assert.Equal((1, "certificate.p12: There is no private key in it that has its certificate beside it."), (answer.Code, answer.Error.Trim()));
    }

    [Fact]
    public async Task A_file_whose_password_was_forgotten_asks_for_it()
    {
        var answer = await SmimeFiles.RunAsync("open", files.Write("note.eml", "Subject: x\r\n\r\nx"), "--key", files.PathOf("bob.p12"));

        Assert.Equal((1, "bob.p12: It is no PKCS#12 file, or one with a password: give --password-file."), (answer.Code, answer.Error.Trim()));
    }

    [Theory]
    [InlineData("open", "x.eml", "--key", "x.p12", "--password-file", "a", "--password-file", "b")]
    [InlineData("open", "x.eml", "--password-file", "a")]
    [InlineData("receipt", "x.eml", "--key", "x.p12", "--password-file", "a", "--password-file", "b", "-o", "y")]
    [InlineData("verify-receipt", "x.eml", "--original", "y", "--password-file", "a")]
    [InlineData("protect", "x.eml", "--encrypt", "x.pem", "--password-file", "a", "-o", "y")]
    [InlineData("protect", "x.eml", "--sign", "x.p12", "--password-file", "a", "--password-file", "b", "-o", "y")]
    public async Task A_password_for_no_file_is_2(params string[] arguments)
    {
        var answer = await SmimeFiles.RunAsync(arguments);

        Assert.Equal(2, answer.Code);
        Assert.StartsWith("There are more --password-file than ", answer.Error, StringComparison.Ordinal);
    }
}
