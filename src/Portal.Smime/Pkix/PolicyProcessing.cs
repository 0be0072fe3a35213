namespace Portal.Smime.Pkix;

/// <summary>What the policies of a path come to (RFC 5280 §6.1.2 to §6.1.5, as updated by RFC 9618).</summary>
internal sealed class PolicyProcessing
{
    private readonly PathRequirements _requirements;
    private readonly PolicyGraph _graph = new();
    private int _explicitPolicy;
    private int _policyMapping;
    private int _inhibitAnyPolicy;

    /// <param name="requirements">As asked.</param>
    /// <param name="length">Certificates below the anchor.</param>
    public PolicyProcessing(PathRequirements requirements, int length)
    {
        _requirements = requirements;
        _explicitPolicy = requirements.RequireExplicitPolicy ? 0 : length + 1;
        _policyMapping = requirements.InhibitPolicyMapping ? 0 : length + 1;
        _inhibitAnyPolicy = requirements.InhibitAnyPolicy ? 0 : length + 1;
    }

    public IReadOnlyList<string> AuthorityConstrained { get; private set; } = [];

    public IReadOnlyList<string> UserConstrained { get; private set; } = [];

    /// <summary>For each certificate from below the anchor downwards.</summary>
    /// <returns>False when no policy is left that has to be.</returns>
    public bool TryAccept(ParsedCertificate certificate, bool isTarget)
    {
        if (certificate.Extensions.Policies is { } policies)
        {
            _graph.Add(policies, _inhibitAnyPolicy > 0 || (!isTarget && certificate.IsSelfIssued));
        }
        else
        {
            _graph.Clear();
        }

        if (_explicitPolicy == 0 && _graph.IsEmpty)
        {
            return false;
        }

        return isTarget ? TryFinish(certificate) : TryPrepare(certificate);
    }

    // §6.1.4 a, b, h, i, j.
    private bool TryPrepare(ParsedCertificate certificate)
    {
        var mappings = certificate.Extensions.PolicyMappings;
        if (mappings.Any(mapping => mapping.IssuerDomainPolicy == Oids.AnyPolicy || mapping.SubjectDomainPolicy == Oids.AnyPolicy))
        {
            return false;
        }

        if (mappings.Count > 0 && !_graph.IsEmpty)
        {
            Map(mappings);
        }

        if (!certificate.IsSelfIssued)
        {
            _explicitPolicy = Math.Max(0, _explicitPolicy - 1);
            _policyMapping = Math.Max(0, _policyMapping - 1);
            _inhibitAnyPolicy = Math.Max(0, _inhibitAnyPolicy - 1);
        }

        var constraints = certificate.Extensions.PolicyConstraints;
        _explicitPolicy = Math.Min(_explicitPolicy, constraints?.RequireExplicitPolicy ?? int.MaxValue);
        _policyMapping = Math.Min(_policyMapping, constraints?.InhibitPolicyMapping ?? int.MaxValue);
        _inhibitAnyPolicy = Math.Min(_inhibitAnyPolicy, certificate.Extensions.InhibitAnyPolicy ?? int.MaxValue);
        return true;
    }

    private void Map(IReadOnlyList<PolicyMapping> mappings)
    {
        if (_policyMapping > 0)
        {
            _graph.Map(mappings);
        }
        else
        {
            _graph.Remove(mappings);
        }
    }

    // §6.1.5 a, b, g.
    private bool TryFinish(ParsedCertificate certificate)
    {
        _explicitPolicy = Math.Max(0, _explicitPolicy - 1);
        if (certificate.Extensions.PolicyConstraints?.RequireExplicitPolicy == 0)
        {
            _explicitPolicy = 0;
        }

        AuthorityConstrained = _graph.AuthorityConstrained();
        UserConstrained = PolicyGraph.UserConstrained(AuthorityConstrained, _requirements.Policies);
        return _explicitPolicy > 0 || UserConstrained.Count > 0;
    }
}
