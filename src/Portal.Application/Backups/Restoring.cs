using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Portal.Application.Audit;
using Portal.Application.KeyBroker;
using Portal.Smime.Keys;

namespace Portal.Application.Backups;

public abstract record RestoreOutcome
{
    /// <param name="Manifest">Of what was restored.</param>
    /// <param name="BroughtMasterKey">Whether the master key came out of the archive.</param>
    /// <param name="Doubts">What is not as it should be, though the database is restored; in words.</param>
    public sealed record Restored(BackupManifest Manifest, bool BroughtMasterKey, IReadOnlyList<string> Doubts) : RestoreOutcome;

    /// <summary>Nothing was touched.</summary>
    /// <param name="Reason">In words.</param>
    public sealed record Refused(string Reason) : RestoreOutcome;
}

/// <summary>Puts a backup in the place of the database, after everything about it has been checked.</summary>
public sealed class Restoring
{
    private readonly PortalDatabase _database;
    private readonly IDatabaseBackup _backup;
    private readonly IMasterKeyPlace? _masterKey;
    private readonly AuditVerification _verification;
    private readonly SystemKey _systemKey;
    private readonly string _workplace;

    internal Restoring(
        PortalDatabase database, IDatabaseBackup backup, IMasterKeyPlace? masterKey, AuditVerification verification, SystemKey systemKey, IConfiguration configuration)
    {
        (_database, _backup, _masterKey, _verification, _systemKey) = (database, backup, masterKey, verification, systemKey);
        _workplace = Path.GetFullPath(configuration["Portal:DataDirectory"] ?? "data");
    }

    /// <param name="archive">Made by <see cref="BackingUp"/>.</param>
    /// <param name="replace">Whether an organisation that lives here now may go.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="BackupException">In words; what was there is there.</exception>
    public async Task<RestoreOutcome> RestoreAsync(string archive, bool replace, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_workplace);
        var directory = Directory.CreateDirectory(Path.Combine(_workplace, $"restoring-{Guid.NewGuid():N}")).FullName;
        try
        {
            return await BackupArchive.ReadAsync(archive, directory, cancellationToken) switch
            {
                ArchiveReading.Whole whole => await RestoreAsync(whole, replace, cancellationToken),
                ArchiveReading.Unreadable unreadable => new RestoreOutcome.Refused(unreadable.Reason),
                _ => throw new InvalidOperationException("An archive is whole or unreadable."),
            };
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private async Task<RestoreOutcome> RestoreAsync(ArchiveReading.Whole whole, bool replace, CancellationToken cancellationToken)
    {
        var manifest = whole.Manifest;
        if ((Mismatch(manifest) ?? MasterKeyMissing(manifest, whole.MasterKey)) is { } reason)
        {
            return new RestoreOutcome.Refused(reason);
        }

        if (!replace && await _backup.HasContentAsync(cancellationToken))
        {
            return new RestoreOutcome.Refused("An organisation lives in this database. With --replace it goes, and the backup takes its place.");
        }

        var brings = whole.MasterKey is not null && _masterKey?.Fingerprint() is null;
        if (brings)
        {
            _masterKey!.Import(whole.MasterKey);
        }

        CryptographicOperations.ZeroMemory(whole.MasterKey);
        await _backup.RestoreAsync(whole.Database, cancellationToken);
        return new RestoreOutcome.Restored(manifest, brings, await DoubtsAsync(manifest, cancellationToken));
    }

    private string? Mismatch(BackupManifest manifest)
    {
        if (manifest.Provider != _backup.Provider)
        {
            return $"It is a backup of {manifest.Provider}, and Portal:Database:Provider is {_backup.Provider}.";
        }

        return _backup.Knows(manifest.Migration)
            ? null
            : $"Its database is of another version ({manifest.Version}, {manifest.Migration}) than this one can go on from. Restore it with that version.";
    }

    private string? MasterKeyMissing(BackupManifest manifest, byte[]? brought)
    {
        if (manifest.MasterKey is null || _masterKey is null)
        {
            return null;
        }

        var present = _masterKey.Fingerprint();
        if (present == manifest.MasterKey || (present is null && brought is not null))
        {
            return null;
        }

        return present is null
            ? $"It needs the master key {manifest.MasterKey}, which is not in it. Put that key into {_masterKey.Where} first: without it nothing can be opened."
            : $"It needs the master key {manifest.MasterKey}; {_masterKey.Where} holds another, {present}. Without the right one nothing can be opened.";
    }

    private async Task<List<string>> DoubtsAsync(BackupManifest manifest, CancellationToken cancellationToken)
    {
        var doubts = manifest.FormerMasterKeys.Select(one => $"Some keys are sealed under a former master key, {one}: it has to be there too, as an older one.").ToList();
        foreach (var organisation in manifest.Organisations)
        {
            var id = new OrganisationId(Guid.ParseExact(organisation.Id, "N"));
            var mark = new ChainMark(organisation.Sequence, Convert.FromHexString(organisation.Hash));
            if (await _verification.VerifyAsync(id, [mark], cancellationToken) is AuditChainState.Broken broken)
            {
                doubts.Add($"The audit chain of {organisation.Name} is broken at entry {broken.Sequence} ({broken.Fault}).");
            }

            await using var db = await _database.WriteAsync(id, cancellationToken);
            db.Record(new AuditEvent(new Actor.Portal(id, "restore"), AuditAction.Restored, id.Value, new Dictionary<string, string> { ["upTo"] = organisation.Sequence.ToString(System.Globalization.CultureInfo.InvariantCulture) }));
            await db.CommitAsync(cancellationToken);
        }

        try
        {
            if (await _systemKey.ProbeAsync(cancellationToken) is not SystemKeyState.Works)
            {
                doubts.Add("The system key does not open this installation's secret: is it another installation's key store?");
            }
        }
        catch (KeyStoreException exception)
        {
            doubts.Add(exception.Message);
        }

        return doubts;
    }
}
