using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Portal.Application.KeyBroker;

namespace Portal.Application.Checkpoints;

/// <summary>What a chain was at one moment, in the installation's signature: one JSON line in a second place.</summary>
/// <param name="Organisation">Thirty-two digits.</param>
/// <param name="Sequence">Of the last entry; 0 for none.</param>
/// <param name="Hash">Of that entry, hexadecimal.</param>
/// <param name="At">ISO 8601, UTC, microseconds.</param>
/// <param name="PublicKey">SubjectPublicKeyInfo, base64.</param>
/// <param name="Signature">ECDSA P-256 with SHA-256 over <see cref="Content"/>; r‖s, base64.</param>
internal sealed record AuditCheckpoint(string Organisation, long Sequence, string Hash, string At, string PublicKey, string Signature)
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    public static AuditCheckpoint Unsigned(OrganisationId organisation, long sequence, byte[] hash, DateTimeOffset at) => new(
        organisation.ToString(),
        sequence,
        Convert.ToHexStringLower(hash),
        at.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture),
        string.Empty,
        string.Empty);

    public AuditCheckpoint SignedBy(InstallationSignature signature) => this with
    {
        PublicKey = Convert.ToBase64String(signature.SubjectPublicKeyInfo),
        Signature = Convert.ToBase64String(signature.Signature),
    };

    public byte[] Content() => Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"portal audit checkpoint 1\n{Organisation}\n{Sequence}\n{Hash}\n{At}\n"));

    public string ToLine() => JsonSerializer.Serialize(this, CheckpointJson.Default.AuditCheckpoint);

    /// <returns>Null for anything but a whole checkpoint; its signature is not looked at here.</returns>
    public static ReadCheckpoint? Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, CheckpointJson.Default.AuditCheckpoint) is { } one
                && DateTimeOffset.TryParseExact(one.At, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
                ? new ReadCheckpoint(one, at, Convert.FromHexString(one.Hash), new InstallationSignature(Convert.FromBase64String(one.PublicKey), Convert.FromBase64String(one.Signature)))
                : null;
        }
        catch (Exception exception) when (exception is JsonException or FormatException or ArgumentNullException)
        {
            return null;
        }
    }
}

/// <summary>A checkpoint with its parts decoded.</summary>
internal sealed record ReadCheckpoint(AuditCheckpoint Checkpoint, DateTimeOffset At, byte[] Hash, InstallationSignature Signature);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AuditCheckpoint))]
internal sealed partial class CheckpointJson : JsonSerializerContext;
