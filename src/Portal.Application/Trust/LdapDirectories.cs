using System.Formats.Asn1;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using Portal.Application.AtRest;
using Portal.Application.Audit;
using Portal.Application.Transport;
using Portal.Smime.Cms;
using Portal.Smime.Pkix;

namespace Portal.Application.Trust;

/// <param name="Id">The directory.</param>
/// <param name="Settings">Without its password.</param>
/// <param name="HasPassword">One is kept.</param>
public sealed record LdapDirectoryView(Guid Id, LdapSettings Settings, bool HasPassword);

public abstract record LdapTrial
{
    /// <param name="Certificates">That stand there for the address.</param>
    public sealed record Answered(int Certificates) : LdapTrial;

    /// <param name="Words">What went wrong.</param>
    public sealed record Failed(string Words) : LdapTrial;
}

/// <summary>Directories of others, in which certificates are looked up when mail is written to somebody of whom none is known.</summary>
public sealed class LdapDirectories : IDisposable
{
    private const int MostDirectories = 10;
    private const int MostRemembered = 10_000;

    /// <summary>Whoever writes waits for it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);
    private static readonly string[] Attributes = ["userCertificate;binary", "userSMIMECertificate;binary", "userCertificate", "userSMIMECertificate"];

    private readonly PortalDatabase _database;
    private readonly DataKeys _keys;
    private readonly Reach _reach;
    private readonly ServerTrust _trust;
    private readonly MemoryCache _asked = new(new MemoryCacheOptions { SizeLimit = MostRemembered });

    internal LdapDirectories(PortalDatabase database, DataKeys keys, Reach reach, ServerTrust trust) =>
        (_database, _keys, _reach, _trust) = (database, keys, reach, trust);

    public void Dispose() => _asked.Dispose();

    public async Task<IReadOnlyList<LdapDirectoryView>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageCertificates);
        var all = await AllAsync(actor.Organisation, cancellationToken);
        return all.Select(one => new LdapDirectoryView(one.Id, one.Settings with { BindPassword = null }, one.Settings.BindPassword is { Length: > 0 })).ToList();
    }

    /// <param name="actor">Whose organisation.</param>
    /// <param name="id">Null for a new one.</param>
    /// <param name="settings">A null password leaves the one that is kept.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>False for settings that lead nowhere, for one that is gone, or when there are too many.</returns>
    public async Task<bool> SaveAsync(Actor actor, Guid? id, LdapSettings settings, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageCertificates);
        if (Cleaned(settings) is not { } cleaned)
        {
            return false;
        }

        using var key = await _keys.OfOrganisationAsync(actor.Organisation, cancellationToken);
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        var row = id is null ? null : await db.LdapDirectories.SingleOrDefaultAsync(one => one.OrganisationId == actor.Organisation && one.Id == id, cancellationToken);
        if (row is null)
        {
            if (id is not null || await db.LdapDirectories.CountAsync(one => one.OrganisationId == actor.Organisation, cancellationToken) >= MostDirectories)
            {
                return false;
            }

            row = new LdapDirectory(actor.Organisation);
            db.LdapDirectories.Add(row);
        }
        else
        {
            cleaned = cleaned with { BindPassword = cleaned.BindPassword ?? row.Open(key).BindPassword };
        }

        row.Set(key, cleaned);
        db.Record(new AuditEvent(actor, AuditAction.DirectoryChanged, row.Id));
        await db.CommitAsync(cancellationToken);
        _asked.Clear();
        return true;
    }

    public async Task RemoveAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageCertificates);
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        if (await db.LdapDirectories.Where(one => one.OrganisationId == actor.Organisation && one.Id == id).ExecuteDeleteAsync(cancellationToken) == 1)
        {
            db.Record(new AuditEvent(actor, AuditAction.DirectoryRemoved, id));
            await db.CommitAsync(cancellationToken);
        }
    }

    /// <summary>Asks one directory, whatever it has been asked before.</summary>
    public async Task<LdapTrial> TryAsync(Actor actor, Guid id, string address, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageCertificates);
        if ((await AllAsync(actor.Organisation, cancellationToken)).FirstOrDefault(one => one.Id == id) is not { Settings: { } settings })
        {
            return new LdapTrial.Failed(string.Empty);
        }

        var (found, words) = await AskAsync(settings, address, cancellationToken);
        return words is null ? new LdapTrial.Answered(found.Count) : new LdapTrial.Failed(words);
    }

    /// <summary>What stands about an address in the directories that know its domain; nothing when they do not answer soon, or said nothing a moment ago.</summary>
    internal async Task<IReadOnlyList<X509Certificate2>> FindAsync(OrganisationId organisation, AddrSpec address, CancellationToken cancellationToken)
    {
        if (_asked.TryGetValue((organisation, address), out _))
        {
            return [];
        }

        var asked = (await AllAsync(organisation, cancellationToken)).Where(one => one.Settings.Domains.Any(domain => MailDomain.IsOrIsBelow(address.Domain, domain))).ToList();
        if (asked.Count == 0)
        {
            return [];
        }

        var found = new List<X509Certificate2>();
        foreach (var (_, settings) in asked)
        {
            found.AddRange((await AskAsync(settings, address.ToString(), cancellationToken)).Found);
        }

        _asked.Set((organisation, address), true, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Remembered });
        return found;
    }

    private async Task<(IReadOnlyList<X509Certificate2> Found, string? Words)> AskAsync(LdapSettings settings, string address, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using var client = await LdapClient.ConnectAsync(_reach, _trust, settings, patience.Token);
            var values = await client.SearchAsync(settings.BaseName, address, Attributes, patience.Token);
            await client.LeaveAsync(patience.Token);
            var found = new List<X509Certificate2>();
            foreach (var value in values)
            {
                found.AddRange(await CertificateFiles.ReadAsync(value, patience.Token));
            }

            return (found.DistinctBy(one => one.Thumbprint).ToList(), null);
        }
        catch (Exception exception) when (exception is LdapException or OutOfReachException or SocketException or IOException or AuthenticationException or AsnContentException or CryptographicException)
        {
            return ([], PlainText.Line(exception.Message));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ([], ServerTexts.NoAnswer);
        }
    }

    private async Task<IReadOnlyList<(Guid Id, LdapSettings Settings)>> AllAsync(OrganisationId organisation, CancellationToken cancellationToken)
    {
        List<LdapDirectory> rows;
        await using (var db = await _database.ReadAsync(organisation, cancellationToken))
        {
            rows = await db.LdapDirectories.Where(one => one.OrganisationId == organisation).ToListAsync(cancellationToken);
        }

        if (rows.Count == 0)
        {
            return [];
        }

        using var key = await _keys.OfOrganisationAsync(organisation, cancellationToken);
        return rows.ConvertAll(one => (one.Id, one.Open(key)));
    }

    private static LdapSettings? Cleaned(LdapSettings settings)
    {
        var domains = settings.Domains.Where(one => !string.IsNullOrWhiteSpace(one)).Select(MailDomain.Normalised).Distinct().ToList();
        return settings.Host.Trim() is not { Length: > 0 and <= 255 } host || settings.Port is < 1 or > 65535 || domains.Count is 0 or > 50 || domains.Contains(null) || (settings.Tls == TlsMode.None && !string.IsNullOrWhiteSpace(settings.BindName))
            ? null
            : settings with { Host = host, Domains = domains.OfType<string>().ToList(), BindName = string.IsNullOrWhiteSpace(settings.BindName) ? null : settings.BindName.Trim(), BaseName = settings.BaseName.Trim() };
    }
}
