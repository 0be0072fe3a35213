using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Keys;

namespace Portal.Smime.Cms;

/// <summary>Why a message is not encrypted for somebody by the best that we can.</summary>
public enum Downgrade
{
    /// <summary>The recipient's software has never said what it reads.</summary>
    CapabilitiesUnknown,

    /// <summary>It reads nothing that finds out changes of the ciphertext.</summary>
    NoAuthenticatedEncryption,

    /// <summary>It reads AES with 128 bits only.</summary>
    ShorterKey,

    /// <summary>It announces nothing that is still safe; it gets what is, and may not be able to read it.</summary>
    NothingSafeAnnounced,

    /// <summary>It unwraps RSA by PKCS#1 only.</summary>
    NoOaep,
}

/// <summary>How a message is encrypted for one recipient (RFC 8551 §2.7): the strongest that both sides know.</summary>
/// <param name="Cipher">Of the content.</param>
/// <param name="Scheme">Of an RSA key; null for a key that agrees.</param>
/// <param name="Downgrades">Why it is not the best; none when it is.</param>
public sealed record RecipientAlgorithms(ContentCipher Cipher, KeyTransportScheme? Scheme, IReadOnlyList<Downgrade> Downgrades)
{
    // Best first.
    private static readonly ContentCipher[] Ours = [ContentCipher.Aes256Gcm, ContentCipher.Aes128Gcm, ContentCipher.Aes256Cbc, ContentCipher.Aes128Cbc];

    /// <param name="certificate">Of the recipient.</param>
    /// <param name="capabilities">As <see cref="SmimeCapabilities.Read"/> gave them; none when nothing is known.</param>
    /// <param name="assumesModern">What to think of software that has said nothing: it reads everything, or only what all do.</param>
    public static RecipientAlgorithms Choose(X509Certificate2 certificate, IReadOnlyCollection<string> capabilities, bool assumesModern)
    {
        var downgrades = new List<Downgrade>();
        var cipher = ChooseCipher(capabilities, assumesModern, downgrades);
        var isRsa = certificate.PublicKey.Oid.Value is Oids.RsaEncryption;
        var readsOaep = capabilities.Count == 0 ? assumesModern : capabilities.Any(SmimeCapabilities.IsOaepThatWeWrite);
        if (isRsa && !readsOaep && capabilities.Count > 0)
        {
            downgrades.Add(Downgrade.NoOaep);
        }

        KeyTransportScheme? scheme = !isRsa ? null : readsOaep ? KeyTransportScheme.RsaOaepSha256 : KeyTransportScheme.RsaPkcs1;
        return new RecipientAlgorithms(cipher, scheme, downgrades);
    }

    /// <summary>For <see cref="Mime.EncryptedEntity"/>.</summary>
    public RecipientCertificate With(X509Certificate2 certificate) => new(certificate, Scheme ?? KeyTransportScheme.RsaOaepSha256);

    private static ContentCipher ChooseCipher(IReadOnlyCollection<string> capabilities, bool assumesModern, List<Downgrade> downgrades)
    {
        if (capabilities.Count == 0)
        {
            if (!assumesModern)
            {
                downgrades.Add(Downgrade.CapabilitiesUnknown);
            }

            return assumesModern ? ContentCipher.Aes256Gcm : ContentCipher.Aes256Cbc;
        }

        var common = Ours.Where(one => capabilities.Contains(one.ObjectIdentifier())).ToList();
        if (common.Count == 0)
        {
            // RFC 8551 §2.7.1.2: better unreadable for one than readable for all.
            downgrades.Add(Downgrade.NothingSafeAnnounced);
            return ContentCipher.Aes128Cbc;
        }

        if (!common[0].IsAuthenticated())
        {
            downgrades.Add(Downgrade.NoAuthenticatedEncryption);
        }

        if (common[0].KeyLength() < ContentCipher.Aes256Gcm.KeyLength())
        {
            downgrades.Add(Downgrade.ShorterKey);
        }

        return common[0];
    }
}
