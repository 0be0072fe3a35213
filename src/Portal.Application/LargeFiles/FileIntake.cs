using System.Security.Cryptography;
using Portal.Application.AtRest;

namespace Portal.Application.LargeFiles;

/// <summary>What has come of a part of a file.</summary>
internal abstract record Intake
{
    /// <param name="Offset">Where to go on.</param>
    public sealed record Partly(long Offset) : Intake;

    /// <param name="Sha256">Of the whole.</param>
    public sealed record Whole(byte[] Sha256) : Intake;

    /// <param name="Name">What was found in it.</param>
    public sealed record Malware(string Name) : Intake;

    /// <summary>All of it is here, and cannot be inspected now.</summary>
    public sealed record Waiting : Intake;
}

/// <summary>Takes files in, a part at a time, and looks at them when they are whole.</summary>
internal sealed class FileIntake(SealedBlobs blobs, IEnumerable<IFileInspector> inspectors)
{
    /// <param name="organisation">Whose.</param>
    /// <param name="content">That was begun.</param>
    /// <param name="fileName">For whoever inspects.</param>
    /// <param name="offset">Where the part goes on.</param>
    /// <param name="source">The part.</param>
    /// <param name="cancellationToken">Ends the work; what is here stays.</param>
    public async Task<Intake> TakeAsync(OrganisationId organisation, BlobId content, string fileName, long offset, Stream source, CancellationToken cancellationToken)
    {
        var progress = await blobs.AppendAsync(organisation, content, offset, source, cancellationToken);
        return progress.IsComplete ? await JudgeAsync(organisation, content, fileName, cancellationToken) : new Intake.Partly(progress.Offset);
    }

    /// <summary>Of one that is whole.</summary>
    public async Task<Intake> JudgeAsync(OrganisationId organisation, BlobId content, string fileName, CancellationToken cancellationToken)
    {
        foreach (var inspector in inspectors)
        {
            await using var inspected = await blobs.OpenAsync(organisation, content, cancellationToken);
            switch (await inspector.InspectAsync(fileName, inspected, cancellationToken))
            {
                case FileFinding.Clean:
                    break;
                case FileFinding.Malware found:
                    return new Intake.Malware(found.Name);
                default:
                    return new Intake.Waiting();
            }
        }

        await using var whole = await blobs.OpenAsync(organisation, content, cancellationToken);
        return new Intake.Whole(await SHA256.HashDataAsync(whole, cancellationToken));
    }
}
