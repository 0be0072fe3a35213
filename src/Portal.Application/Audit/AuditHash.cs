using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Application.Audit;

/// <summary>SHA-256 over every column, each preceded by its length, so that no two entries share an encoding.</summary>
internal static class AuditHash
{
    public const int Length = 32;

    /// <param name="subject">Thirty-two digits, or nothing.</param>
    public static byte[] Of(
        OrganisationId organisation, long sequence, long atMicroseconds, string actor, string action, string subject, string detail, byte[] previousHash)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        ReadOnlySpan<string> fields =
        [
            organisation.ToString(),
            sequence.ToString(CultureInfo.InvariantCulture),
            atMicroseconds.ToString(CultureInfo.InvariantCulture),
            actor,
            action,
            subject,
            detail,
            Convert.ToHexStringLower(previousHash),
        ];
        Span<byte> length = stackalloc byte[4];
        foreach (var field in fields)
        {
            var bytes = Encoding.UTF8.GetBytes(field);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        return hash.GetHashAndReset();
    }
}
