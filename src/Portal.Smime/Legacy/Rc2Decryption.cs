using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Paddings;
using Org.BouncyCastle.Crypto.Parameters;
using Portal.Smime.Cms;

namespace Portal.Smime.Legacy;

/// <summary>RC2 in CBC (RFC 2268), which neither libcrypto nor .NET computes any more: for mail of the nineties, slowly.</summary>
internal sealed class Rc2Decryption : IContentDecryption
{
    private readonly PaddedBufferedBlockCipher _cipher = new(new CbcBlockCipher(new RC2Engine()), new Pkcs7Padding());

    public Rc2Decryption(ContentCipher cipher, ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce)
    {
        var effectiveBits = cipher switch { ContentCipher.Rc2Cbc40 => 40, ContentCipher.Rc2Cbc64 => 64, _ => 128 };
        _cipher.Init(forEncryption: false, new ParametersWithIV(new RC2Parameters(key.ToArray(), effectiveBits), nonce.ToArray()));
    }

    public int Update(ReadOnlySpan<byte> input, Span<byte> output) => _cipher.ProcessBytes(input, output);

    public bool TryFinish(Span<byte> output, out int written)
    {
        try
        {
            written = _cipher.DoFinal(output);
            return true;
        }
        catch (CryptoException)
        {
            written = 0;
            return false;
        }
    }

    public void Dispose() => _cipher.Reset();
}
