using Portal.Smime.Cms;
using Portal.Smime.Mime;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Mime;

/// <summary>One changed byte, wherever it is: never valid for other content or another signer.</summary>
public sealed class ChangedByteTests
{
    [Fact]
    public async Task Every_byte_of_the_signed_content_counts()
    {
        var signed = await Mail.SignAsync(Mail.Text, Pki.Alice);
        var start = signed.AsSpan().IndexOf(Mail.Bytes(Mail.Text));
        for (var index = start; index < start + Mail.Text.Length; index++)
        {
            var opened = await ChangeAsync(signed, index);
            Assert.True(opened.Verdict != Verdict.SignedValid, $"byte {index - start} of the content: {opened.Why}");
        }
    }

    [Fact]
    public async Task Every_byte_of_signature_attributes_and_certificate_counts()
    {
        var structure = Mail.Structure(await Mail.SignAsync(Mail.Text, Pki.Carol));
        var certificate = Find(structure, Pki.Carol.Certificate.RawData);
        var attributes = Find(structure, Convert.FromHexString("06092A864886F70D010903")) - 4;
        var verified = 0;
        for (var index = 0; index < structure.Length; index++)
        {
            var opened = await ChangeStructureAsync(structure, index);
            var covered = (index >= certificate.Start && index < certificate.End) || index >= attributes.Start;
            Assert.True(opened.Verdict != Verdict.SignedValid || !covered, $"byte {index}: {opened.Why}");
            if (opened.Verdict == Verdict.SignedValid)
            {
                // Version numbers and the like are not signed, and change nothing of what is shown.
                verified++;
                Assert.Equal(Mail.Text, Mail.String(opened.Payload!));
                Assert.Equal(Pki.Carol.Certificate, Assert.Single(opened.Summary.Signers).Certificate);
            }
        }

        Assert.InRange(verified, 0, structure.Length / 4);
    }

    [Fact]
    public async Task Every_byte_of_opaque_content_counts()
    {
        var structure = Mail.Structure(await Mail.SignAsync(Mail.Text, Pki.Carol, SignedForm.Opaque));
        var content = Find(structure, Mail.Bytes(Mail.Text));
        for (var index = content.Start; index < content.End; index++)
        {
            var changed = structure.ToArray();
            changed[index] ^= 1;
            var opened = await Opened.FromAsync(Mail.Message(Mail.Pkcs7Mime(changed), "carol@example.org"));
            Assert.Equal(Verdict.SignedInvalid, opened.Verdict);
        }
    }

    [Theory]
    [InlineData(ContentCipher.Aes256Gcm)]
    [InlineData(ContentCipher.Aes128Gcm)]
    public async Task Authenticated_encryption_yields_the_content_or_nothing(ContentCipher cipher)
    {
        var structure = Mail.Structure(await Mail.EncryptAsync(Mail.Bytes(Mail.Text), cipher));
        var opened = 0;
        for (var index = 0; index < structure.Length; index++)
        {
            var changed = structure.ToArray();
            changed[index] ^= 1;
            if ((await Opened.FromAsync(Mail.Message(Mail.Pkcs7Mime(changed)))).Payload is { } payload)
            {
                opened++;
                Assert.Equal(Mail.Text, Mail.String(payload));
            }
        }

        // Nothing but version and recipient kind may be changed and still open.
        Assert.InRange(opened, 0, 8);
    }

    [Theory]
    [InlineData(ContentCipher.Aes256Gcm)]
    [InlineData(ContentCipher.Aes256Cbc)]
    public async Task Truncated_ciphertext_never_opens(ContentCipher cipher)
    {
        var structure = Mail.Structure(await Mail.EncryptAsync(Mail.Bytes(Mail.Text), cipher));
        for (var length = 0; length < structure.Length; length += 7)
        {
            var opened = await Opened.FromAsync(Mail.Message(Mail.Pkcs7Mime(structure[..length])));
            Assert.Null(opened.Payload);
        }
    }

    [Fact]
    public async Task A_signature_for_other_content_is_invalid()
    {
        var structure = Mail.Structure(await Mail.SignAsync(Mail.Text, Pki.Alice));

        var opened = await Opened.FromAsync(Mail.Message(Mail.MultipartSigned("\r\nThe patient is not well.\r\n", structure)));

        Assert.Equal(Verdict.SignedInvalid, opened.Verdict);
        Assert.Equal(SignerReason.DigestMismatch, Assert.Single(Assert.Single(opened.Summary.Signers).Reasons));
    }

    private static Task<Opened> ChangeAsync(byte[] signed, int index)
    {
        var changed = signed.ToArray();
        changed[index] ^= 1;
        return Opened.FromAsync(Mail.Message(changed));
    }

    private static Task<Opened> ChangeStructureAsync(byte[] structure, int index)
    {
        var changed = structure.ToArray();
        changed[index] ^= 1;
        return Opened.FromAsync(Mail.Message(Mail.MultipartSigned(Mail.Text, changed), "carol@example.org"));
    }

    private static Region Find(byte[] structure, byte[] part)
    {
        var start = structure.AsSpan().IndexOf(part);
        Assert.True(start > 0, "The part is not there.");
        return new Region(start, start + part.Length);
    }

    private readonly record struct Region(int Start, int End)
    {
        public static Region operator -(Region region, int bytes) => new(region.Start - bytes, region.End);
    }
}
