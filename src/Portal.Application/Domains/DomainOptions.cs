using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Portal.Application.Domains;

internal enum DomainProofDemand
{
    /// <summary>A record in the domain's DNS, or the operator's word.</summary>
    Dns,

    /// <summary>Claimed is proved, for trying out.</summary>
    None,
}

/// <summary>How an organisation shows that a mail domain is its own.</summary>
internal sealed class DomainOptions
{
    public const string Section = "Portal:Domains";

    /// <summary>Dns asks for a record in the domain's DNS; None takes every claim for granted, for trying out.</summary>
    public DomainProofDemand Proof { get; init; } = DomainProofDemand.Dns;

    /// <summary>DNS servers that are asked, such as 9.9.9.9 or 127.0.0.1:5353, separated by commas; the system's own by default.</summary>
    public string? Servers { get; init; }

    /// <summary>Of one question to one server.</summary>
    [Range(typeof(TimeSpan), "00:00:00.2", "00:00:30")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(4);

    /// <returns>None for the system's own; null when one of them is no address.</returns>
    public IReadOnlyList<IPEndPoint>? Endpoints()
    {
        var endpoints = new List<IPEndPoint>();
        foreach (var server in (Servers ?? string.Empty).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!IPEndPoint.TryParse(server, out var endpoint))
            {
                return null;
            }

            endpoints.Add(endpoint.Port == 0 ? new IPEndPoint(endpoint.Address, DnsPort) : endpoint);
        }

        return endpoints;
    }

    private const int DnsPort = 53;
}
