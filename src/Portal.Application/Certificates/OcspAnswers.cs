using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using Portal.Application.KeyBroker;
using Portal.Smime.Keys;
using Portal.Smime.Pkix;

namespace Portal.Application.Certificates;

/// <param name="Content">OCSPResponse, DER.</param>
/// <param name="ProducedAt">Null for one that is not signed: it says that there is no answer.</param>
/// <param name="NextUpdate">Until when it may be kept.</param>
public sealed record OcspAnswer(byte[] Content, DateTimeOffset? ProducedAt, DateTimeOffset? NextUpdate);

/// <summary>
/// Says whether certificates of our authorities are good (RFC 6960, as RFC 5019 profiles it): signed once and kept for some
/// minutes. A nonce is not echoed, and what nobody issued is not signed for: strangers ask as often as they like.
/// </summary>
public sealed class OcspAnswers : IDisposable
{
    /// <summary>What was revoked is to be known everywhere within a quarter of an hour.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);
    private const int MostKept = 200_000;

    private readonly PortalDatabase _database;
    private readonly IDirectory _directory;
    private readonly KeyBroker.KeyBroker _broker;
    private readonly TimeProvider _clock;
    private readonly MemoryCache _answers = new(new MemoryCacheOptions { SizeLimit = MostKept });
    private readonly ConcurrentDictionary<CertificateId, Lazy<Task<Signer?>>> _signers = new();

    internal OcspAnswers(PortalDatabase database, IDirectory directory, KeyBroker.KeyBroker broker, TimeProvider clock) =>
        (_database, _directory, _broker, _clock) = (database, directory, broker, clock);

    /// <param name="authority">At whose address it was asked.</param>
    /// <param name="request">OCSPRequest, DER; anything.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<OcspAnswer> AskAsync(CertificateId authority, ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        // RFC 5019 §2.1.1: one certificate in each request.
        if (!OcspRequest.TryParse(request, out var parsed) || parsed.CertificateIds is not [var asked])
        {
            return Refusal(OcspResponseStatus.MalformedRequest);
        }

        var key = new AnswerKey(authority, asked.HashAlgorithm, Convert.ToHexString(asked.IssuerNameHash.Span), Convert.ToHexString(asked.IssuerKeyHash.Span), Convert.ToHexString(asked.SerialNumber.Span));
        if (_answers.TryGetValue<OcspAnswer>(key, out var known))
        {
            return known!;
        }

        try
        {
            var answer = await AnswerAsync(authority, asked, cancellationToken);
            if (answer.ProducedAt is not null)
            {
                _answers.Set(key, answer, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Kept });
            }

            return answer;
        }
        catch (KeyStoreException)
        {
            // Another key may answer by now.
            _signers.TryRemove(authority, out _);
            return Refusal(OcspResponseStatus.TryLater);
        }
    }

    public void Dispose() => _answers.Dispose();

    private static OcspAnswer Refusal(OcspResponseStatus status) => new(OcspResponseBuilder.Refuse(status), null, null);

    private async Task<OcspAnswer> AnswerAsync(CertificateId authority, OcspCertificateId asked, CancellationToken cancellationToken)
    {
        if (await SignerOfAsync(authority, cancellationToken) is not { } signer || !asked.IsIssuedBy(signer.Issuer))
        {
            return Refusal(OcspResponseStatus.Unauthorized);
        }

        var serialNumber = Convert.ToHexString(asked.SerialNumber.Span);
        Certificate? certificate;
        await using (var db = await _database.ReadAsync(signer.Organisation, cancellationToken))
        {
            certificate = await db.Certificates.SingleOrDefaultAsync(
                one => one.OrganisationId == signer.Organisation && one.IssuerId == authority && one.SerialNumber == serialNumber, cancellationToken);
        }

        // RFC 5019 §2.2.3: nothing is said of what is not on record, or has expired.
        var now = DateTimeOffset.FromUnixTimeSeconds(_clock.GetUtcNow().ToUnixTimeSeconds());
        if (certificate is null || certificate.State == CertificateState.Intended || certificate.NotAfter < now)
        {
            return Refusal(OcspResponseStatus.Unauthorized);
        }

        OcspCertificateStatus status = certificate.State == CertificateState.Revoked
            ? new OcspCertificateStatus.Revoked(DateTimeOffset.FromUnixTimeSeconds(certificate.RevokedAt!.Value.ToUnixTimeSeconds()), certificate.RevocationReason!.Value)
            : new OcspCertificateStatus.Good();
        var content = await OcspResponseBuilder.BuildAsync(signer.Responder, [new SingleOcspResponse(asked, status, now, now + Life)], now, nonce: null, cancellationToken);
        return new OcspAnswer(content, now, now + Life);
    }

    // Asked for anew every few minutes: its key may have been disabled, or another one answers by now.
    private async Task<Signer?> SignerOfAsync(CertificateId authority, CancellationToken cancellationToken)
    {
        while (true)
        {
            var lazy = _signers.GetOrAdd(authority, id => new Lazy<Task<Signer?>>(() => FindSignerAsync(id)));
            Signer? signer;
            try
            {
                signer = await lazy.Value.WaitAsync(cancellationToken);
            }
            catch (Exception) when (lazy.Value.IsFaulted)
            {
                _signers.TryRemove(new(authority, lazy));
                throw;
            }

            if (signer is not null && _clock.GetUtcNow() < signer.Until)
            {
                return signer;
            }

            _signers.TryRemove(new(authority, lazy));
            if (signer is null)
            {
                return null;
            }

            await signer.EndAsync(_database, cancellationToken);
        }
    }

    private async Task<Signer?> FindSignerAsync(CertificateId authority)
    {
        if (await _directory.FindAuthorityAsync(authority, CancellationToken.None) is not { } organisation)
        {
            return null;
        }

        var now = _clock.GetUtcNow();
        Certificate? issuer, responder;
        await using (var db = await _database.ReadAsync(organisation, CancellationToken.None))
        {
            issuer = await db.Certificates.SingleAsync(one => one.OrganisationId == organisation && one.Id == authority);
            responder = await ResponderCertificates.Of(db, organisation, authority)
                .Where(one => one.NotBefore <= now && one.NotAfter > now)
                .OrderByDescending(one => one.NotAfter)
                .FirstOrDefaultAsync();
        }

        if (responder is null || issuer.Encoded is null)
        {
            return null;
        }

        var actor = new Actor.Portal(organisation, "ocsp");
        if (await _broker.GrantAsync(actor, responder.KeyId!.Value, KeyTask.SignOcspResponse, CancellationToken.None, many: true) is not KeyGrant.Granted { Key: var key })
        {
            throw new KeyStoreException(KeyStoreFailure.Refused, "The responder's key may not be used.");
        }

        var answering = new OcspResponder(SharedCertificates.Load(responder.Encoded!), key, SignatureScheme.EcdsaSha256) { IsDelegated = true };
        return new Signer(organisation, SharedCertificates.Load(issuer.Encoded), answering, key, now + Kept);
    }

    private readonly record struct AnswerKey(CertificateId Authority, string HashAlgorithm, string IssuerName, string IssuerKey, string SerialNumber);

    private sealed record Signer(
        OrganisationId Organisation, System.Security.Cryptography.X509Certificates.X509Certificate2 Issuer, OcspResponder Responder, BrokeredKey Key, DateTimeOffset Until)
    {
        private int _isEnded;

        /// <summary>Once, whoever comes first.</summary>
        public async Task EndAsync(PortalDatabase database, CancellationToken cancellationToken)
        {
            if (Interlocked.Exchange(ref _isEnded, 1) == 0 && Key.Outcomes.Count > 0)
            {
                await using var db = await database.WriteAsync(Organisation, cancellationToken);
                db.Record(Key.Outcomes);
                await db.CommitAsync(cancellationToken);
            }
        }
    }
}
