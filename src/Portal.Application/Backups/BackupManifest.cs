using System.Text.Json.Serialization;

namespace Portal.Application.Backups;

/// <param name="Id">Thirty-two digits.</param>
/// <param name="Name">As its people call it.</param>
/// <param name="Sequence">Of the last entry of its audit chain, before the database was copied.</param>
/// <param name="Hash">Of that entry, hexadecimal.</param>
public sealed record BackedUpOrganisation(string Id, string Name, long Sequence, string Hash);

/// <param name="Form">Of the archive; this version writes and reads 1.</param>
/// <param name="MadeAt">When.</param>
/// <param name="Version">Of the portal.</param>
/// <param name="Provider">Sqlite or Postgres.</param>
/// <param name="Migration">The database's last.</param>
/// <param name="MasterKey">Fingerprint of the master key without which nothing of this can be opened; null where no local key store is used.</param>
/// <param name="FormerMasterKeys">Fingerprints of others that some keys are still sealed under.</param>
/// <param name="HoldsMasterKey">Whether the key itself is in the archive.</param>
/// <param name="DatabaseLength">Bytes.</param>
/// <param name="DatabaseSha256">Hexadecimal.</param>
/// <param name="MasterKeySha256">Hexadecimal; null when it is not in the archive.</param>
/// <param name="Organisations">Whose mail it is.</param>
public sealed record BackupManifest(
    int Form,
    DateTimeOffset MadeAt,
    string Version,
    string Provider,
    string Migration,
    string? MasterKey,
    IReadOnlyList<string> FormerMasterKeys,
    bool HoldsMasterKey,
    long DatabaseLength,
    string DatabaseSha256,
    string? MasterKeySha256,
    IReadOnlyList<BackedUpOrganisation> Organisations)
{
    internal const int PresentForm = 1;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(BackupManifest))]
internal sealed partial class BackupJson : JsonSerializerContext;
