using System.Numerics;
using System.Security.Cryptography;
using Portal.KeyStores.Pkcs11;
using Portal.Smime.Keys;

namespace Portal.KeyStores.Tests.Pkcs11;

/// <summary>Padding that .NET has put on, taken off by hand; and everything that is none.</summary>
public sealed class RsaUnpaddingTests
{
    private static readonly RSA Key = RSA.Create(2048);

    public static TheoryData<KeyTransportScheme> All => [.. Enum.GetValues<KeyTransportScheme>()];

    [Theory]
    [MemberData(nameof(All))]
    public void What_was_padded_comes_back(KeyTransportScheme scheme)
    {
        foreach (var length in new[] { 1, 16, 24, 32, 100 })
        {
            var message = RandomNumberGenerator.GetBytes(length);

            Assert.Equal(message, Unpad(Raw(Key.Encrypt(message, Schemes.Padding(scheme))), scheme));
        }
    }

    [Theory]
    [InlineData(KeyTransportScheme.RsaOaepSha1)]
    [InlineData(KeyTransportScheme.RsaOaepSha256)]
    [InlineData(KeyTransportScheme.RsaOaepSha512)]
    public void A_changed_octet_of_oaep_never_gives_the_message(KeyTransportScheme scheme)
    {
        var message = RandomNumberGenerator.GetBytes(32);
        var block = Raw(Key.Encrypt(message, Schemes.Padding(scheme)));
        for (var index = 0; index < block.Length; index++)
        {
            var changed = block.ToArray();
            changed[index] ^= 0x5a;

            Assert.False(message.AsSpan().SequenceEqual(Unpad(changed, scheme)), $"{index}");
        }
    }

    [Theory]
    [InlineData("00 02 | 8 | 00 | 16", 16)]
    [InlineData("00 02 | 8 | 00 | 0", 0)]
    [InlineData("00 02 | 7 | 00 | 16", 0)]
    [InlineData("00 02 | 30 |", 0)]
    [InlineData("01 02 | 8 | 00 | 16", 0)]
    [InlineData("00 01 | 8 | 00 | 16", 0)]
    [InlineData("00 02 |", 0)]
    [InlineData("", 0)]
    public void Pkcs1_has_eight_octets_of_padding_and_a_zero(string form, int length)
    {
        // Numbers in decimal between bars are that many octets that are not zero.
        var block = form.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).SelectMany((part, index) =>
            index is 1 or 3 ? Enumerable.Repeat((byte)0xaa, int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)).ToArray() : Convert.FromHexString(part.Replace(" ", string.Empty, StringComparison.Ordinal)));

        Assert.Equal(length, RsaUnpadding.Pkcs1(block.ToArray()).Length);
    }

    [Fact]
    public void Oaep_by_another_digest_is_none()
    {
        var block = Raw(Key.Encrypt(new byte[16], RSAEncryptionPadding.OaepSHA256));

        Assert.Empty(RsaUnpadding.Oaep(block, HashAlgorithmName.SHA384));
        Assert.Empty(RsaUnpadding.Oaep(block, HashAlgorithmName.SHA1));
    }

    private static byte[] Unpad(byte[] block, KeyTransportScheme scheme) => scheme == KeyTransportScheme.RsaPkcs1
        ? RsaUnpadding.Pkcs1(block)
        : RsaUnpadding.Oaep(block, Schemes.Padding(scheme).OaepHashAlgorithm);

    private static byte[] Raw(byte[] ciphertext)
    {
        var key = Key.ExportParameters(true);
        var plain = BigInteger.ModPow(Number(ciphertext), Number(key.D!), Number(key.Modulus!)).ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[key.Modulus!.Length - plain.Length], .. plain];
    }

    private static BigInteger Number(byte[] bytes) => new(bytes, isUnsigned: true, isBigEndian: true);
}
