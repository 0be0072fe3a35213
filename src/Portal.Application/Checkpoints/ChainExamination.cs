using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Portal.Application.Audit;
using Portal.Application.KeyBroker;
using Portal.Smime.Keys;

namespace Portal.Application.Checkpoints;

/// <param name="Chain">The chain in itself, and beside its checkpoints.</param>
/// <param name="Checkpoints">How many there were for this organisation.</param>
/// <param name="Newest">When the last of them was made.</param>
/// <param name="Problems">What is wrong with the checkpoints themselves, in words.</param>
public sealed record ChainVerdict(AuditChainState Chain, int Checkpoints, DateTimeOffset? Newest, IReadOnlyList<string> Problems)
{
    public bool IsFine => Chain is AuditChainState.Intact && Problems.Count == 0;
}

/// <summary>Verifies a chain beside what the second place remembers of it.</summary>
public sealed class ChainExamination
{
    private readonly AuditVerification _verification;
    private readonly AuditCheckpoints _checkpoints;
    private readonly InstallationSigning _signing;
    private readonly CheckpointOptions _options;

    internal ChainExamination(
        AuditVerification verification, AuditCheckpoints checkpoints, InstallationSigning signing, IOptions<CheckpointOptions> options) =>
        (_verification, _checkpoints, _signing, _options) = (verification, checkpoints, signing, options.Value);

    /// <param name="organisation">Whose chain.</param>
    /// <param name="file">Of checkpoints; null takes the configured one.</param>
    /// <param name="key">
    /// SHA-256 of the public key that alone is believed, hexadecimal, as somebody noted it outside. Null believes the keys
    /// for which the key store signs a challenge.
    /// </param>
    /// <param name="cancellationToken">Ends the walk.</param>
    public async Task<ChainVerdict> VerifyAsync(OrganisationId organisation, string? file, string? key, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        var checkpoints = await ReadAsync(organisation, file, key, problems, cancellationToken);
        var marks = checkpoints.Select(one => new ChainMark(one.Checkpoint.Sequence, one.Hash)).ToList();
        var chain = await _verification.VerifyAsync(organisation, marks, cancellationToken);
        return new ChainVerdict(chain, checkpoints.Count, checkpoints.Select(one => (DateTimeOffset?)one.At).Max(), problems);
    }

    private async Task<List<ReadCheckpoint>> ReadAsync(
        OrganisationId organisation, string? file, string? key, List<string> problems, CancellationToken cancellationToken)
    {
        var state = await _checkpoints.FindAsync(organisation, cancellationToken);
        if ((file ?? _options.File) is not { } path)
        {
            return [];
        }

        if (!File.Exists(path))
        {
            if (file is not null || state?.WrittenAt is not null)
            {
                problems.Add(Directory.Exists(path) ? $"{path} is a directory: name the file in it." : $"There is no file {path}.");
            }

            return [];
        }

        var (read, others) = await ReadFileAsync(organisation, path, problems, cancellationToken);
        if (file is not null && read.Count == 0 && (others > 0 || problems.Count == 0))
        {
            problems.Add(others == 0
                ? $"{path} is empty."
                : $"{path} has {others} {(others == 1 ? "checkpoint" : "checkpoints")}, but none of this organisation. Is it another installation's?");
        }

        if (read.Count > 0)
        {
            await JudgeAsync(read, key, problems, cancellationToken);
        }

        // Somebody else's copy may well be older.
        var newest = read.Select(one => (DateTimeOffset?)one.At).Max();
        if (file is null && state?.WrittenAt is { } written && !(newest >= written - TimeSpan.FromSeconds(1)))
        {
            problems.Add($"A checkpoint was written at {written:u}, but the file does not have it.");
        }

        return read;
    }

    /// <returns>Those of this organisation, and how many there are of others.</returns>
    private static async Task<(List<ReadCheckpoint> Read, int Others)> ReadFileAsync(
        OrganisationId organisation, string path, List<string> problems, CancellationToken cancellationToken)
    {
        var (read, others, number, bad) = (new List<ReadCheckpoint>(), 0, 0, new List<string>());
        try
        {
            await foreach (var line in File.ReadLinesAsync(path, cancellationToken))
            {
                number++;
                if (string.IsNullOrWhiteSpace(line))
                {
                    continue;
                }

                if (AuditCheckpoint.Read(line) is not { } one)
                {
                    bad.Add($"Line {number} is no checkpoint.");
                }
                else if (one.Checkpoint.Organisation == organisation.ToString())
                {
                    read.Add(one);
                }
                else
                {
                    others++;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{path} cannot be read: {exception.Message}");
            return ([], 0);
        }

        problems.AddRange(bad.Count > 0 && read.Count + others == 0 ? [$"{path} is no file of checkpoints: no line of it is one."] : bad);
        return (read, others);
    }

    /// <summary>Leaves those that the installation signed.</summary>
    private async Task JudgeAsync(List<ReadCheckpoint> read, string? key, List<string> problems, CancellationToken cancellationToken)
    {
        HashSet<string> believed;
        try
        {
            believed = key is null
                ? (await _signing.ProvenKeysAsync(cancellationToken)).Select(one => Convert.ToHexStringLower(SHA256.HashData(one))).ToHashSet(StringComparer.OrdinalIgnoreCase)
                : new HashSet<string>([key], StringComparer.OrdinalIgnoreCase);
        }
        catch (KeyStoreException exception)
        {
            problems.Add($"Whose key signed the checkpoints cannot be proven ({exception.Message}): name it with --key.");
            read.Clear();
            return;
        }

        foreach (var one in read.ToList())
        {
            if (!believed.Contains(one.Signature.KeyFingerprint))
            {
                problems.Add($"The checkpoint of {one.At:u} at entry {one.Checkpoint.Sequence} is signed by another key, {one.Signature.KeyFingerprint}.");
                read.Remove(one);
            }
            else if (!InstallationSigning.Verifies(one.Signature, one.Checkpoint.Content()))
            {
                problems.Add($"The checkpoint of {one.At:u} at entry {one.Checkpoint.Sequence} was altered: its signature does not fit.");
                read.Remove(one);
            }
        }
    }
}
