using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Smime.Cms;
using Portal.Smime.Pkix;

namespace Portal.Application.Trust;

/// <summary>Fetches what a path still needs, from where its certificates say that it is: those above them, lists, answers.</summary>
internal sealed class Gathering(PortalDatabase database, TrustStores trustStores, PublicFetcher fetcher, TimeProvider clock)
{
    /// <summary>A list from so short a time ago is not asked for again, and where nobody answered nobody is asked.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private const int MostQuestions = 12;
    private const int LargestList = 10 * 1024 * 1024;
    private const int LargestAnswer = 64 * 1024;
    private const int LargestCertificates = 256 * 1024;

    /// <param name="organisation">Whose trust counts.</param>
    /// <param name="certificate">Whose path.</param>
    /// <param name="further">That may stand on it.</param>
    /// <param name="purpose">What it is to be good for.</param>
    /// <param name="at">The instant that is judged.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>What it comes to with everything that could be had.</returns>
    public async Task<PathValidation> CompleteAsync(
        OrganisationId organisation,
        X509Certificate2 certificate,
        IReadOnlyList<X509Certificate2> further,
        TrustPurpose purpose,
        DateTimeOffset at,
        CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        var asked = new HashSet<Question>();
        while (true)
        {
            var trust = await trustStores.OfAsync(organisation, purpose, cancellationToken);
            var validation = PathValidator.Validate(certificate, trust, further, at);
            try
            {
                if (!await FetchAnyAsync(organisation, Missing(validation).Where(one => asked.Count < MostQuestions && asked.Add(one)).ToList(), patience.Token))
                {
                    return validation;
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return validation;
            }
        }
    }

    /// <summary>Fetches one file anew.</summary>
    /// <returns>Whether something came.</returns>
    public Task<bool> RenewAsync(FetchedFile file, CancellationToken cancellationToken) =>
        FetchAsync(file.OrganisationId, new Question(file.Kind, file.Address, null), wanted: false, cancellationToken);

    /// <summary>Authorities that came with a message whose signature was valid: mail to its sender needs them too.</summary>
    public async Task KeepAsync(OrganisationId organisation, IReadOnlyList<X509Certificate2> authorities, CancellationToken cancellationToken)
    {
        foreach (var authority in authorities)
        {
            var question = SHA256.HashData(authority.RawDataMemory.Span);
            await using var db = await database.WriteAsync(organisation, cancellationToken);
            if (await FindAsync(db, organisation, FetchedKind.Certificates, question, cancellationToken) is not null)
            {
                continue;
            }

            var file = new FetchedFile(organisation, FetchedKind.Certificates, question, FetchedFile.CameWithMessage);
            file.Ask(clock.GetUtcNow());
            file.Take(authority.RawData, null, clock.GetUtcNow());
            db.FetchedFiles.Add(file);
            try
            {
                await db.CommitAsync(cancellationToken);
            }
            catch (DbUpdateException)
            {
                // Another worker kept it at the same moment.
            }
        }
    }

    // What would bring this path further: the likeliest attempt first.
    private static IEnumerable<Question> Missing(PathValidation validation)
    {
        if (validation is not PathValidation.Invalid { Failure: PathFailure.UnknownAuthority or PathFailure.RevocationUnknown })
        {
            return [];
        }

        return validation.Attempts.SelectMany(attempt => attempt.Failure switch
        {
            PathFailure.UnknownAuthority => PublishedAddresses.Of(attempt.Path[^1]).IssuerCertificates.Select(address => new Question(FetchedKind.Certificates, address, null)),
            PathFailure.RevocationUnknown => attempt.Path.SkipLast(1).SelectMany((one, index) => Revocation(one, attempt.Path[index + 1])),
            _ => [],
        });
    }

    // A list tells its issuer nothing about whose mail has come; where there is none, he is asked about this one.
    private static IEnumerable<Question> Revocation(X509Certificate2 certificate, X509Certificate2 issuer)
    {
        var published = PublishedAddresses.Of(certificate);
        var lists = published.RevocationLists.Where(address => PublicFetcher.Allowed(address) is not null).Select(address => new Question(FetchedKind.RevocationList, address, null)).ToList();
        if (lists.Count > 0 || published.Responders.Count == 0)
        {
            return lists;
        }

        var request = Convert.ToHexString(new OcspRequest([OcspCertificateId.Of(certificate, issuer)], null).Encode());
        return published.Responders.Select(address => new Question(FetchedKind.OcspResponse, address, request));
    }

    private async Task<bool> FetchAnyAsync(OrganisationId organisation, List<Question> questions, CancellationToken cancellationToken)
    {
        var came = false;
        foreach (var question in questions.Where(one => PublicFetcher.Allowed(one.Address) is not null))
        {
            came |= await FetchAsync(organisation, question, wanted: true, cancellationToken);
        }

        return came;
    }

    private async Task<bool> FetchAsync(OrganisationId organisation, Question question, bool wanted, CancellationToken cancellationToken)
    {
        var key = question.Hash();
        await using (var db = await database.WriteAsync(organisation, cancellationToken))
        {
            if (wanted && await FindAsync(db, organisation, question.Kind, key, cancellationToken) is { } known)
            {
                known.Ask(clock.GetUtcNow());
                await db.CommitAsync(cancellationToken);
                if (clock.GetUtcNow() - known.TriedAt < Rest)
                {
                    return false;
                }
            }
        }

        var content = await fetcher.FetchAsync(question.Address, question.RequestBytes, Largest(question.Kind), cancellationToken) is Fetched.Content { Bytes: var bytes }
            ? await ReadAsync(question.Kind, bytes, cancellationToken)
            : null;
        try
        {
            await using var db = await database.WriteAsync(organisation, cancellationToken);
            var file = await FindAsync(db, organisation, question.Kind, key, cancellationToken);
            if (file is null)
            {
                file = new FetchedFile(organisation, question.Kind, key, question.Address);
                db.FetchedFiles.Add(file);
            }

            var now = clock.GetUtcNow();
            if (wanted)
            {
                file.Ask(now);
            }

            var isNew = content is not null && !content.Value.Encoded.AsSpan().SequenceEqual(file.Content);
            if (content is var (encoded, nextUpdate))
            {
                file.Take(encoded, nextUpdate, now);
            }
            else
            {
                file.Fail(now);
            }

            await db.CommitAsync(cancellationToken);
            return isNew;
        }
        catch (DbUpdateException)
        {
            // Another worker wrote the first one at the same moment.
            return content is not null;
        }
    }

    private static Task<FetchedFile?> FindAsync(PortalDbContext db, OrganisationId organisation, FetchedKind kind, byte[] question, CancellationToken cancellationToken) =>
        db.FetchedFiles.SingleOrDefaultAsync(one => one.OrganisationId == organisation && one.Kind == kind && one.Question == question, cancellationToken);

    private static int Largest(FetchedKind kind) => kind switch
    {
        FetchedKind.Certificates => LargestCertificates,
        FetchedKind.RevocationList => LargestList,
        FetchedKind.OcspResponse => LargestAnswer,
    };

    /// <returns>DER, and until when it is fresh; null for what is not of this kind.</returns>
    private static async Task<(byte[] Encoded, DateTimeOffset? NextUpdate)?> ReadAsync(FetchedKind kind, byte[] bytes, CancellationToken cancellationToken)
    {
        switch (kind)
        {
            case FetchedKind.Certificates:
                var certificates = await CertificateFiles.ReadAsync(bytes, cancellationToken);
                return certificates.Count is > 0 and <= FetchedFiles.MostCertificates ? ([.. certificates.SelectMany(one => one.RawData)], null) : null;
            case FetchedKind.RevocationList:
                return CertificateFiles.RevocationList(bytes) is { } der && RevocationList.TryParse(der, out var list) ? (der.ToArray(), list.NextUpdate) : null;
            default:
                return OcspResponse.TryParse(bytes, out var response) && response.Status == OcspResponseStatus.Successful
                    ? (bytes, response.Responses.Min(one => one.NextUpdate))
                    : null;
        }
    }

    private readonly record struct Question(FetchedKind Kind, string Address, string? Request)
    {
        public byte[]? RequestBytes => Request is null ? null : Convert.FromHexString(Request);

        public byte[] Hash() => SHA256.HashData(Encoding.UTF8.GetBytes($"{Address}\n{Request}"));
    }
}
