using System.ComponentModel.DataAnnotations;

namespace Portal.Application.Checkpoints;

/// <summary>Signed checkpoints of the audit chains, in a second place.</summary>
internal sealed class CheckpointOptions
{
    public const string Section = "Portal:Audit";

    /// <summary>A directory, a file, or an http(s) address that takes POST; none is the default, and `portal check` says so.</summary>
    public string? CheckpointTarget { get; init; }

    /// <summary>Sent as bearer token to an address; only over TLS, or within this machine.</summary>
    public string? CheckpointToken { get; init; }

    /// <summary>At most this much of a chain can be cut off without being noticed.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromMinutes(10);

    public Uri? Address =>
        Uri.TryCreate(CheckpointTarget, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address : null;

    /// <summary>The file that checkpoints go to; null where there is none.</summary>
    public string? File
    {
        get
        {
            if (string.IsNullOrWhiteSpace(CheckpointTarget) || Address is not null)
            {
                return null;
            }

            var path = Path.GetFullPath(CheckpointTarget);
            return Directory.Exists(path) || Path.EndsInDirectorySeparator(CheckpointTarget) ? Path.Combine(path, "checkpoints.jsonl") : path;
        }
    }

    public bool KeepsToken => string.IsNullOrEmpty(CheckpointToken) || Address is null or { Scheme: "https" } or { IsLoopback: true };
}
