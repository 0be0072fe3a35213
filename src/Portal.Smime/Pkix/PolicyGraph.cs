namespace Portal.Smime.Pkix;

/// <summary>
/// The valid_policy_graph of RFC 9618: one node for each policy and depth, with all its parents. The tree of RFC 5280 says the
/// same and grows exponentially.
/// </summary>
internal sealed class PolicyGraph
{
    private readonly List<Dictionary<string, Node>> _levels = [];

    public PolicyGraph()
    {
        var root = new Node(Oids.AnyPolicy, []);
        _levels.Add(new(StringComparer.Ordinal) { [Oids.AnyPolicy] = root });
    }

    /// <summary>NULL, as the standard says.</summary>
    public bool IsEmpty { get; private set; }

    private Dictionary<string, Node> Last => _levels[^1];

    public void Clear() => IsEmpty = true;

    /// <summary>RFC 9618 §5.3 (d), for the next certificate.</summary>
    /// <param name="policies">Of the certificate.</param>
    /// <param name="allowAny">Whether anyPolicy counts in it.</param>
    public void Add(IReadOnlyList<string> policies, bool allowAny)
    {
        if (IsEmpty)
        {
            return;
        }

        var above = Last;
        var expected = Expected(above);
        var level = new Dictionary<string, Node>(StringComparer.Ordinal);
        foreach (var policy in policies.Where(policy => policy != Oids.AnyPolicy))
        {
            if (expected.TryGetValue(policy, out var parents))
            {
                level[policy] = new Node(policy, parents);
            }
            else if (above.TryGetValue(Oids.AnyPolicy, out var any))
            {
                level[policy] = new Node(policy, [any]);
            }
        }

        if (allowAny && policies.Contains(Oids.AnyPolicy))
        {
            foreach (var (policy, parents) in expected)
            {
                level.TryAdd(policy, new Node(policy, parents));
            }
        }

        _levels.Add(level);
        IsEmpty = level.Count == 0;
    }

    /// <summary>RFC 9618 §5.4 (b)(1).</summary>
    public void Map(IReadOnlyList<PolicyMapping> mappings)
    {
        foreach (var group in mappings.GroupBy(mapping => mapping.IssuerDomainPolicy, StringComparer.Ordinal))
        {
            if (!Last.TryGetValue(group.Key, out var node))
            {
                if (!Last.TryGetValue(Oids.AnyPolicy, out var any))
                {
                    continue;
                }

                node = Last[group.Key] = new Node(group.Key, any.Parents);
            }

            node.Expected = group.Select(mapping => mapping.SubjectDomainPolicy).ToHashSet(StringComparer.Ordinal);
        }
    }

    /// <summary>RFC 9618 §5.4 (b)(2): where mapping is inhibited, what would be mapped is gone.</summary>
    public void Remove(IReadOnlyList<PolicyMapping> mappings)
    {
        foreach (var mapping in mappings)
        {
            Last.Remove(mapping.IssuerDomainPolicy);
        }

        IsEmpty |= Last.Count == 0;
    }

    /// <summary>RFC 9618 §5.5 (g): the policies, by the anchor's names for them, that reach the last certificate.</summary>
    public IReadOnlyList<string> AuthorityConstrained()
    {
        if (IsEmpty)
        {
            return [];
        }

        var policies = new SortedSet<string>(StringComparer.Ordinal);
        var reached = Last.Values.ToHashSet();
        if (Last.ContainsKey(Oids.AnyPolicy))
        {
            policies.Add(Oids.AnyPolicy);
        }

        for (var depth = _levels.Count - 1; depth > 0; depth--)
        {
            policies.UnionWith(reached
                .Where(node => node.Policy != Oids.AnyPolicy && node.Parents.Exists(parent => parent.Policy == Oids.AnyPolicy))
                .Select(node => node.Policy));
            reached = reached.SelectMany(node => node.Parents).ToHashSet();
        }

        return [.. policies];
    }

    /// <summary>Of the authority-constrained policies, those that were asked for.</summary>
    public static IReadOnlyList<string> UserConstrained(IReadOnlyList<string> authority, IReadOnlyList<string> asked) =>
        asked.Contains(Oids.AnyPolicy) ? authority
        : authority.Contains(Oids.AnyPolicy) ? asked
        : authority.Where(asked.Contains).ToList();

    private static Dictionary<string, List<Node>> Expected(Dictionary<string, Node> level)
    {
        var expected = new Dictionary<string, List<Node>>(StringComparer.Ordinal);
        foreach (var node in level.Values)
        {
            foreach (var policy in node.Expected)
            {
                if (!expected.TryGetValue(policy, out var parents))
                {
                    expected[policy] = parents = [];
                }

                parents.Add(node);
            }
        }

        return expected;
    }

    private sealed class Node(string policy, List<Node> parents)
    {
        public string Policy => policy;

        public List<Node> Parents => parents;

        public HashSet<string> Expected { get; set; } = new(StringComparer.Ordinal) { policy };
    }
}
