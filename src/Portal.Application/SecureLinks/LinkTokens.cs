using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Portal.Application.AtRest;

namespace Portal.Application.SecureLinks;

/// <summary>What stands in the address of a notice: 256 bits that follow from the organisation's key, so that nobody has to keep them.</summary>
internal static class LinkTokens
{
    private const int Longest = 64;

    public static string Of(SecureLinkId link, SealingKey organisation) => Base64Url.EncodeToString(organisation.Token(Encoding.UTF8.GetBytes($"secure link/{link}")));

    /// <returns>Null for what is none.</returns>
    public static byte[]? Sha256(string token) => token.Length is 0 or > Longest ? null : SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
