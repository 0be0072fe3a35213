namespace Portal.Smime.Pkix;

/// <summary>Tries one path after the other, from the certificate upwards, until one is valid (RFC 4158 §2). Bounded by the effort.</summary>
internal sealed class PathSearch
{
    private const int MostAttempts = 20;

    private readonly CertificatePool _pool;
    private readonly TrustStore _trust;
    private readonly PathRequirements _requirements;
    private readonly DateTimeOffset _at;
    private readonly ValidationEffort _effort;
    private readonly TrustAnchor? _onlyAnchor;
    private readonly RevocationCheck _revocation;
    private readonly List<PathAttempt> _attempts = [];
    private (int Rank, PathValidation Outcome) _furthest = (-1, new PathValidation.Invalid(PathFailure.UnknownAuthority));

    public PathSearch(CertificatePool pool, TrustStore trust, PathRequirements requirements, DateTimeOffset at, ValidationEffort effort, TrustAnchor? onlyAnchor = null)
    {
        (_pool, _trust, _requirements, _at, _effort, _onlyAnchor) = (pool, trust, requirements, at, effort, onlyAnchor);
        var signers = new CrlIssuers(pool, effort, onlyAnchor is null ? HasPath : null);
        var lists = new RevocationListCheck(trust.RevocationLists, at, signers);
        _revocation = new RevocationCheck(lists, new OcspCheck(trust.OcspResponses, at, lists, effort), trust.Disowned, at);
    }

    public PathValidation Run(ParsedCertificate target)
    {
        var path = new List<ParsedCertificate> { target };
        var isFound = _pool.AnchorOf(target) is { } anchor && MayEndAt(anchor) ? TryComplete(path, anchor) : TryExtend(path);
        var outcome = !isFound && _effort.IsExhausted
            ? new PathValidation.Invalid(PathFailure.TooComplex) { Certificate = target.Certificate }
            : _furthest.Outcome;
        return outcome with { Attempts = _attempts };
    }

    /// <returns>True when the search is over.</returns>
    private bool TryExtend(List<ParsedCertificate> path)
    {
        var certificate = path[^1];
        var failure = PathFailure.UnknownAuthority;
        var isDeadEnd = true;
        foreach (var (candidate, anchor) in _pool.Named(certificate.Issuer, certificate.Extensions.AuthorityKeyIdentifier))
        {
            if (path.Exists(one => IsLoop(one, candidate)) || (anchor is not null && !MayEndAt(anchor)))
            {
                continue;
            }

            if (path.Count == ValidationEffort.LongestPath)
            {
                failure = PathFailure.TooComplex;
                break;
            }

            var signature = certificate.VerifyWith(candidate, _effort);
            if (signature == SignatureOutcome.Right)
            {
                isDeadEnd = false;
                path.Add(candidate);
                var isOver = anchor is null ? TryExtend(path) : TryComplete(path, anchor);
                path.RemoveAt(path.Count - 1);
                if (isOver)
                {
                    return true;
                }

                continue;
            }

            failure = Worst(failure, signature, certificate.PointsAt(candidate));
            if (signature == SignatureOutcome.Exhausted)
            {
                break;
            }
        }

        if (isDeadEnd || failure != PathFailure.UnknownAuthority)
        {
            Note(path, path.Count - 1, failure, rank: (path.Count * 4) + Weight(failure));
        }

        return false;
    }

    // Another authority of the same name is no reason to call a signature broken.
    private static PathFailure Worst(PathFailure known, SignatureOutcome outcome, bool? isMeant) => outcome switch
    {
        SignatureOutcome.Wrong => isMeant == false || known == PathFailure.WeakAlgorithm ? known : PathFailure.SignatureBroken,
        SignatureOutcome.Weak => PathFailure.WeakAlgorithm,
        SignatureOutcome.Exhausted => PathFailure.TooComplex,
        SignatureOutcome.Right => known,
    };

    private static int Weight(PathFailure failure) => failure switch
    {
        PathFailure.UnknownAuthority => 0,
        PathFailure.SignatureBroken => 1,
        PathFailure.WeakAlgorithm => 2,
        _ => 3,
    };

    // The same key under the same name, however often it was certified, brings nobody further.
    private static bool IsLoop(ParsedCertificate one, ParsedCertificate candidate) =>
        one.IsSame(candidate) || (one.KeyHash == candidate.KeyHash && one.Subject.Equals(candidate.Subject));

    private bool MayEndAt(TrustAnchor anchor) => _onlyAnchor is null || ReferenceEquals(_onlyAnchor, anchor);

    private bool TryComplete(List<ParsedCertificate> path, TrustAnchor anchor)
    {
        const int complete = 4 * (ValidationEffort.LongestPath + 2);
        var processed = PathProcessing.Process(path, anchor, _requirements, _at, _effort);
        if (processed.Failure is { } failure)
        {
            Note(path, processed.Index, failure, rank: complete + ValidationEffort.LongestPath - processed.Index);
            return false;
        }

        switch (_revocation.Of(path, anchor))
        {
            case PathRevocation.Good good:
                _furthest = (int.MaxValue, Valid(path, anchor, processed.Policies, good.Evidence));
                return true;
            case PathRevocation.Unknown unknown:
                Note(path, unknown.Index, PathFailure.RevocationUnknown, rank: 2 * complete);
                return false;
            case PathRevocation.Revoked revoked:
                Note(path, revoked.Index, null, rank: 3 * complete, new PathValidation.Revoked(path[revoked.Index].Certificate, revoked.Entry));

                // An authority that was revoked may have been certified anew by another. What it issued and revoked stays revoked.
                return revoked.Index == 0;
            default:
                return false;
        }
    }

    private static PathValidation.Valid Valid(List<ParsedCertificate> path, TrustAnchor anchor, PolicyProcessing policies, IReadOnlyList<RevocationEvidence> evidence) =>
        new(anchor, path.ConvertAll(one => one.Certificate))
        {
            AuthorityConstrainedPolicies = policies.AuthorityConstrained,
            UserConstrainedPolicies = policies.UserConstrained,
            Revocation = evidence,
        };

    private void Note(List<ParsedCertificate> path, int index, PathFailure? failure, int rank, PathValidation? outcome = null)
    {
        if (_attempts.Count < MostAttempts)
        {
            _attempts.Add(new PathAttempt(path.ConvertAll(one => one.Certificate), path[index].Certificate, failure));
        }

        if (rank > _furthest.Rank)
        {
            _furthest = (rank, outcome ?? new PathValidation.Invalid(failure!.Value) { Certificate = path[index].Certificate });
        }
    }

    // The path of someone who only signs lists: to the same anchor, and without a third party's lists.
    private bool HasPath(ParsedCertificate crlIssuer, TrustAnchor anchor) =>
        new PathSearch(_pool, _trust, new PathRequirements { Purpose = PathPurpose.Any }, _at, _effort, anchor).Run(crlIssuer) is PathValidation.Valid;
}
