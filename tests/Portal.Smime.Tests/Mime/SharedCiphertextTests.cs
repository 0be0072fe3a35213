using System.Security.Cryptography;
using Portal.Smime.Cms;
using Portal.Smime.Keys;
using Portal.Smime.Mime;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Mime;

/// <summary>One ciphertext, one prefix per recipient: nobody sees who else got it.</summary>
public sealed class SharedCiphertextTests
{
    [Theory]
    [InlineData(ContentCipher.Aes256Gcm)]
    [InlineData(ContentCipher.Aes256Cbc)]
    public async Task Every_recipient_opens_the_same_ciphertext_and_names_nobody_else(ContentCipher cipher)
    {
        using var suffix = new MemoryStream();
        var content = await EncryptedEntity.EncryptAsync(new MemoryStream(Mail.Bytes(Mail.Text)), cipher, suffix, default);
        using var key = content.Key;
        using var bench = new Workbench();

        foreach (var person in new[] { Pki.Alice, Pki.Bob })
        {
            var prefix = EncryptedEntity.Prefix(content, [person.Recipient(KeyTransportScheme.RsaOaepSha256)]);
            var entity = await JoinAsync(cipher, prefix, suffix);

            var opened = await Opened.FromAsync(Mail.Message(entity), Opened.Context(keys: TestKeys.Of(person)));
            Assert.Equal(Mail.Text, Mail.String(opened.Payload!));
            Assert.Single(opened.Message.Layers[0].Recipients);
            Assert.Equal(suffix.ToArray(), Mail.Structure(entity)[prefix.Length..]);

            var plaintext = await bench.RunAsync(
                "cms", "-decrypt", "-in", bench.Write("one.eml", entity), "-recip", bench.CertificateOf(person), "-inkey", bench.KeyOf(person));
            Assert.Equal(Mail.Text, Mail.String(plaintext));
        }
    }

    [Fact]
    public async Task The_same_prefix_and_suffix_give_the_same_bytes_again()
    {
        using var suffix = new MemoryStream();
        var content = await EncryptedEntity.EncryptAsync(new MemoryStream(Mail.Bytes(Mail.Text)), ContentCipher.Aes256Gcm, suffix, default);
        using var key = content.Key;
        var prefix = EncryptedEntity.Prefix(content, [Pki.Bob.Recipient(KeyTransportScheme.RsaPkcs1)]);

        Assert.Equal(await JoinAsync(ContentCipher.Aes256Gcm, prefix, suffix), await JoinAsync(ContentCipher.Aes256Gcm, prefix, suffix));
    }

    [Fact]
    public async Task The_same_content_twice_has_different_keys_and_nonces()
    {
        using var first = new MemoryStream();
        using var second = new MemoryStream();
        var one = await EncryptedEntity.EncryptAsync(new MemoryStream(Mail.Bytes(Mail.Text)), ContentCipher.Aes256Gcm, first, default);
        var other = await EncryptedEntity.EncryptAsync(new MemoryStream(Mail.Bytes(Mail.Text)), ContentCipher.Aes256Gcm, second, default);

        Assert.NotEqual(one.Key.Bytes.ToArray(), other.Key.Bytes.ToArray());
        Assert.NotEqual(one.Nonce.ToArray(), other.Nonce.ToArray());
        Assert.NotEqual(first.ToArray(), second.ToArray());
    }

    [Fact]
    public void A_disposed_key_is_zero()
    {
        var key = ContentEncryptionKey.Random(ContentCipher.Aes256Gcm);
        var bytes = key.Bytes;
        Assert.Contains(bytes.ToArray(), value => value != 0);

        key.Dispose();

        Assert.All(bytes.ToArray(), value => Assert.Equal(0, value));
    }

    [Fact]
    public async Task Nobody_to_encrypt_for_is_a_mistake()
    {
        using var suffix = new MemoryStream();
        var content = await EncryptedEntity.EncryptAsync(new MemoryStream(), ContentCipher.Aes256Gcm, suffix, default);

        Assert.Throws<ArgumentException>(() => EncryptedEntity.Prefix(content, []));

        using var weak = RSA.Create(1024);
        var person = Person.With("weak@example.org", weak);
        Assert.Throws<ArgumentException>(() => EncryptedEntity.Prefix(content, [person.Recipient(KeyTransportScheme.RsaPkcs1)]));
    }

    private static async Task<byte[]> JoinAsync(ContentCipher cipher, byte[] prefix, MemoryStream suffix)
    {
        using var destination = new MemoryStream();
        suffix.Position = 0;
        await EncryptedEntity.WriteAsync(cipher, prefix, suffix, destination, default);
        return destination.ToArray();
    }
}
