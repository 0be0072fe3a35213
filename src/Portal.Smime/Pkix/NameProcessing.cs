namespace Portal.Smime.Pkix;

/// <summary>The name constraints of the authorities above (RFC 5280 §6.1.3 b and c, §6.1.4 g): each of them has to allow every name.</summary>
internal sealed class NameProcessing(ValidationEffort effort)
{
    private readonly List<NameConstraints> _constraints = [];

    public void Add(ParsedCertificate authority)
    {
        if (authority.Extensions.NameConstraints is { } constraints)
        {
            _constraints.Add(constraints);
        }
    }

    public PathFailure? Against(ParsedCertificate certificate, bool isTarget)
    {
        if (_constraints.Count == 0 || (certificate.IsSelfIssued && !isTarget))
        {
            return null;
        }

        foreach (var name in Names(certificate))
        {
            foreach (var constraints in _constraints)
            {
                if (!effort.TryCompareNames(constraints.Count))
                {
                    return PathFailure.TooComplex;
                }

                if (!constraints.Allow(name))
                {
                    return PathFailure.NameConstraints;
                }
            }
        }

        return null;
    }

    private static IEnumerable<GeneralName> Names(ParsedCertificate certificate)
    {
        var addresses = certificate.Subject.EmailAddresses().Select(GeneralName.Of);
        var subject = certificate.Subject.IsEmpty ? [] : new[] { GeneralName.Of(certificate.Subject) };
        return subject.Concat(addresses).Concat(certificate.Extensions.SubjectAltName);
    }
}
