using System.Security.Cryptography;
using System.Text;

namespace Portal.Database.Postgres;

/// <summary>What PostgreSQL keeps of a password (RFC 5802, RFC 7677), computed here so that no statement carries the password itself.</summary>
internal static class ScramVerifier
{
    private const int Iterations = 4096;

    public static string New(string password) => Of(password, RandomNumberGenerator.GetBytes(16));

    /// <exception cref="DatabaseNotReadyException">The password would need SASLprep.</exception>
    public static string Of(string password, byte[] salt)
    {
        if (!Ascii.IsValid(password))
        {
            throw new DatabaseNotReadyException("The application's database password has to be ASCII.");
        }

        var salted = Rfc2898DeriveBytes.Pbkdf2(password, salt, Iterations, HashAlgorithmName.SHA256, 32);
        var storedKey = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var serverKey = HMACSHA256.HashData(salted, "Server Key"u8);
        CryptographicOperations.ZeroMemory(salted);
        return $"SCRAM-SHA-256${Iterations}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(storedKey)}:{Convert.ToBase64String(serverKey)}";
    }
}
