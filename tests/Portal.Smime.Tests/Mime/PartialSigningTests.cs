using Portal.Smime.Mime;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Mime;

/// <summary>A signature speaks for a message only when it covers all of it.</summary>
public sealed class PartialSigningTests
{
    private const string Unsigned = "Content-Type: text/html\r\n\r\n<p>Pay to another account.</p>\r\n";

    public static TheoryData<string, string> Arrangements => new()
    {
        { "first", "multipart/mixed|{signed}|{text}" },
        { "last", "multipart/mixed|{text}|{signed}" },
        { "alone in a multipart", "multipart/mixed|{signed}" },
        { "as an alternative", "multipart/alternative|{text}|{signed}" },
        { "related", "multipart/related|{text}|{signed}" },
        { "opaque first", "multipart/mixed|{opaque}|{text}" },
        { "opaque last", "multipart/mixed|{text}|{opaque}" },
        { "in a digest", "multipart/digest|{wrapped}" },
        { "forwarded", "multipart/mixed|{text}|{forwarded}" },
        { "under another signature's name", "multipart/signed; protocol=\"application/pgp-signature\"|{signed}|{text}" },
        { "without protocol", "multipart/signed|{signed}|{text}" },
    };

    [Theory]
    [MemberData(nameof(Arrangements))]
    public async Task A_signed_part_beside_others_gives_no_verdict(string name, string arrangement)
    {
        var opened = await Opened.FromAsync(Mail.Message(await ArrangeAsync(arrangement)));

        Assert.True(opened.Verdict == Verdict.None, $"{name}: {opened.Why}");
        Assert.NotEmpty(opened.Message.ErrantLayers);
        Assert.Empty(opened.Summary.Signers);
    }

    [Fact]
    public async Task A_signed_message_inside_a_message_gives_no_verdict()
    {
        var signed = Mail.Message(await Mail.SignAsync(Mail.Text, Pki.Alice));

        var opened = await Opened.FromAsync(Mail.Message([.. Mail.Bytes("Content-Type: message/rfc822\r\n\r\n"), .. signed]));

        Assert.Equal(Verdict.None, opened.Verdict);
        Assert.Single(opened.Message.ErrantLayers);
    }

    [Fact]
    public async Task Text_around_the_parts_is_not_shown()
    {
        var signed = Mail.String(await Mail.SignAsync(Mail.Text, Pki.Alice));
        var begin = signed.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        var framed = $"{signed[..begin]}Before: pay to another account.\r\n{signed[begin..]}After: pay to another account.\r\n";

        var opened = await Opened.FromAsync(Mail.Message(Mail.Bytes(framed)));

        Assert.True(opened.Verdict == Verdict.SignedValid, opened.Why);
        Assert.Equal(Mail.Text, Mail.String(opened.Payload!));
    }

    [Fact]
    public async Task A_third_part_makes_the_signature_unreadable()
    {
        var signed = Mail.String(await Mail.SignAsync(Mail.Text, Pki.Alice));
        var boundary = signed[signed.IndexOf("--=_", StringComparison.Ordinal)..][..36];
        var last = signed.LastIndexOf($"{boundary}--", StringComparison.Ordinal);

        var opened = await Opened.FromAsync(Mail.Message(Mail.Bytes($"{signed[..last]}{boundary}\r\n{Unsigned}\r\n{boundary}--\r\n")));

        Assert.Equal(Verdict.SignedInvalid, opened.Verdict);
        Assert.Contains(MessageReason.SignatureUnreadable, opened.Summary.Reasons);
    }

    [Fact]
    public async Task Only_one_part_makes_the_signature_unreadable()
    {
        var message = Mail.Bytes(
            "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; boundary=b\r\n\r\n--b\r\n" + Mail.Text + "\r\n--b--\r\n");

        var opened = await Opened.FromAsync(Mail.Message(message));

        Assert.Equal(Verdict.SignedInvalid, opened.Verdict);
        Assert.NotNull(opened.Payload);
    }

    [Fact]
    public async Task Text_is_still_there_when_its_signature_is_garbage()
    {
        var opened = await Opened.FromAsync(Mail.Message(Mail.MultipartSigned(Mail.Text, [0x30, 0x03, 0x02, 0x01, 0x00])));

        Assert.Equal(Verdict.SignedInvalid, opened.Verdict);
        Assert.Equal(Mail.Text, Mail.String(opened.Payload!));
    }

    [Fact]
    public async Task A_drawn_tick_is_only_text()
    {
        var opened = await Opened.FromAsync(Mail.Message(Mail.Bytes("Content-Type: text/html\r\nX-Verdict: signed-valid\r\n\r\n<b>✔ Signed by Alice</b>\r\n")));

        Assert.Equal(Verdict.None, opened.Verdict);
        Assert.Empty(opened.Message.Layers);
    }

    private static async Task<byte[]> ArrangeAsync(string arrangement)
    {
        var signed = Mail.String(await Mail.SignAsync(Mail.Text, Pki.Alice));
        var opaque = Mail.String(await Mail.SignAsync(Mail.Text, Pki.Alice, SignedForm.Opaque));
        var message = Mail.String(Mail.Message(Mail.Bytes(signed)));
        var pieces = arrangement.Split('|');
        var type = pieces[0].Contains(';', StringComparison.Ordinal) ? pieces[0].Replace(";", "; boundary=outer;", StringComparison.Ordinal) : $"{pieces[0]}; boundary=outer";
        var parts = pieces.Skip(1).Select(piece => piece switch
        {
            "{signed}" => signed,
            "{opaque}" => opaque,
            "{text}" => Unsigned,
            "{wrapped}" => $"\r\n{message}",
            "{forwarded}" => $"Content-Type: message/rfc822\r\n\r\n{message}",
            _ => throw new ArgumentException(piece, nameof(arrangement)),
        });
        return Mail.Bytes($"Content-Type: {type}\r\n\r\n{string.Concat(parts.Select(part => $"--outer\r\n{part}\r\n"))}--outer--\r\n");
    }
}
