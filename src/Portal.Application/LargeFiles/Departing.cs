using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Portal.Application.AtRest;
using Portal.Application.Brands;
using Portal.Application.Protection;
using Portal.Application.Quotas;

namespace Portal.Application.LargeFiles;

/// <param name="Content">The bytes.</param>
/// <param name="FileName">Safe to save under.</param>
/// <param name="MediaType">As its sender's browser said.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Sha256">Of the bytes.</param>
internal sealed record KeptFile(BlobId Content, string FileName, string MediaType, long Length, byte[] Sha256);

/// <param name="File">What leaves.</param>
/// <param name="Beside">Where it travels beside its message: the row, for the transaction that sends it.</param>
/// <param name="Reference">Likewise: what the message says of it.</param>
/// <param name="Note">Likewise: what the message says to people.</param>
internal sealed record DepartingFile(KeptFile File, LargeFile? Beside, LargeFileReference? Reference, string? Note);

/// <summary>Gets the files of a message ready to leave, inside it or beside it.</summary>
internal sealed class Departing(SealedBlobs blobs, BrandReading brands, IOptions<PublicAddressOptions> address)
{
    /// <summary>In the language that is spoken.</summary>
    /// <param name="organisation">Whose.</param>
    /// <param name="mailbox">Whose room they take.</param>
    /// <param name="files">In the order in which they were added.</param>
    /// <param name="quota">What counts for the sender.</param>
    /// <param name="now">When they leave.</param>
    /// <param name="until">Until when they can be fetched.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<IReadOnlyList<DepartingFile>> PrepareAsync(
        OrganisationId organisation, MailboxId mailbox, IReadOnlyList<KeptFile> files, Quota quota, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var beside = BesideFiles.Of([.. files.Select(one => one.Length)], quota);
        var brand = beside.Any(one => one) ? await brands.OfAsync(organisation, cancellationToken) : null;
        var departing = new List<DepartingFile>();
        foreach (var (file, isBeside) in files.Zip(beside))
        {
            if (!isBeside)
            {
                departing.Add(new DepartingFile(file, null, null, null));
                continue;
            }

            var reference = new LargeFileReference(file.FileName, file.MediaType, file.Length, file.Sha256, RandomNumberGenerator.GetBytes(SealingKey.Length));
            using var contentKey = await blobs.KeyOfAsync(organisation, file.Content, cancellationToken);
            departing.Add(new DepartingFile(file, new LargeFile(organisation, mailbox, file.Content, contentKey, reference, now, until), reference, Note(reference, brand!, until)));
        }

        return departing;
    }

    /// <param name="organisation">Whose.</param>
    /// <param name="departing">Got ready before.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>For the message; a content is the caller's to dispose.</returns>
    public async Task<OutgoingFile> OpenAsync(OrganisationId organisation, DepartingFile departing, CancellationToken cancellationToken) =>
        departing is { Reference: { } reference, Note: { } note }
            ? new OutgoingFile.Beside(reference, note)
            : new OutgoingFile.Inside(departing.File.FileName, departing.File.MediaType, await blobs.OpenAsync(organisation, departing.File.Content, cancellationToken));

    private string Note(LargeFileReference file, BrandView brand, DateTimeOffset until)
    {
        var path = $"/file/{Base64Url.EncodeToString(file.Key)}";
        var link = brand.Host is { } host ? $"https://{host}{path}" : address.Value.PublicAddress is null ? LargeFileTexts.NoLink : address.Value.LinkTo(path);
        return LargeFileTexts.Note.With(
            file.FileName,
            string.Create(CultureInfo.CurrentCulture, $"{file.Length / 1048576.0:0.#} MB"),
            link,
            until.ToString(LargeFileTexts.DayFormat, CultureInfo.CurrentCulture),
            Convert.ToHexStringLower(file.Sha256));
    }
}
