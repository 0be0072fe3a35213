using System.Security.Cryptography.X509Certificates;
using Portal.Application.Certificates;
using Portal.Smime;
using Portal.Smime.Cms;
using Portal.Smime.Pkix;

namespace Portal.Application.Trust;

/// <param name="Name">Of its holder.</param>
/// <param name="Issuer">Name of its authority.</param>
/// <param name="SerialNumber">Hexadecimal.</param>
/// <param name="NotAfter">End of validity.</param>
/// <param name="Source">Where it is from.</param>
/// <param name="Since">Since when it is known.</param>
/// <param name="Key">Kind and size.</param>
/// <param name="Capabilities">What its holder's software has said that it reads, best first.</param>
/// <param name="Suitability">Whether mail can be encrypted for it now.</param>
/// <param name="IsChosen">The next message is encrypted for this one.</param>
public sealed record ContactCertificate(
    string Name,
    string Issuer,
    string SerialNumber,
    DateTimeOffset NotAfter,
    CertificateSource Source,
    DateTimeOffset Since,
    string Key,
    IReadOnlyList<string> Capabilities,
    CertificateSuitability Suitability,
    bool IsChosen);

/// <param name="Address">Normalised.</param>
/// <param name="Inside">A mailbox of this portal.</param>
/// <param name="Certificates">In the order of choice: the first that is suitable is used.</param>
public sealed record ContactView(string Address, bool Inside, IReadOnlyList<ContactCertificate> Certificates);

public enum ContactUpload
{
    Kept,

    /// <summary>Not a certificate in PEM, DER or PKCS #7.</summary>
    NoCertificate,

    /// <summary>None in the file vouches for the address.</summary>
    OtherAddress,

    /// <summary>Nobody can encrypt for it: its usage, key or age.</summary>
    Unfit,

    /// <summary>Its authority is not trusted by the organisation for this.</summary>
    NotTrusted,

    /// <summary>The address is a mailbox of this portal: nobody else speaks for it.</summary>
    Inside,
}

/// <summary>Other people's certificates, and which of them is used for the next message.</summary>
public sealed class Contacts
{
    private readonly RecipientCertificates _recipients;
    private readonly CorrespondentKeeping _keeping;
    private readonly IDirectory _directory;

    internal Contacts(RecipientCertificates recipients, CorrespondentKeeping keeping, IDirectory directory) =>
        (_recipients, _keeping, _directory) = (recipients, keeping, directory);

    /// <returns>Null for what is no mail address.</returns>
    public async Task<ContactView?> FindAsync(Actor.Person actor, string address, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.UseMail);
        if (!AddrSpec.TryParse(address.Trim(), out var parsed))
        {
            return null;
        }

        var found = await _recipients.CandidatesAsync(actor.Organisation, parsed, cancellationToken);
        return new ContactView(AddressKey.Of(parsed), found.Inside, found.Candidates.Select(one => View(one, one == found.Chosen)).ToList());
    }

    public async Task<ContactUpload> UploadAsync(Actor.Person actor, string address, byte[] file, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.UseMail);
        if (!AddrSpec.TryParse(address.Trim(), out var parsed))
        {
            return ContactUpload.OtherAddress;
        }

        if (await _directory.FindMailboxAsync(AddressKey.Of(parsed), actor.Organisation, cancellationToken) is not null)
        {
            return ContactUpload.Inside;
        }

        var certificates = await CertificateFiles.ReadAsync(file, cancellationToken);
        var outcome = certificates.Count == 0 ? ContactUpload.NoCertificate : ContactUpload.OtherAddress;
        foreach (var certificate in certificates)
        {
            switch (await _keeping.KeepAsync(
                actor.Organisation, parsed, certificate, certificates.Where(one => one != certificate).ToList(), CertificateSource.Upload, cancellationToken, actor: actor))
            {
                case KeptCorrespondent.Kept:
                    return ContactUpload.Kept;
                case KeptCorrespondent.Unfit:
                    outcome = ContactUpload.Unfit;
                    break;
                case KeptCorrespondent.NotTrusted:
                    outcome = ContactUpload.NotTrusted;
                    break;
            }
        }

        return outcome;
    }

    private static ContactCertificate View(RecipientCandidate candidate, bool isChosen)
    {
        var (row, certificate) = (candidate.Row, candidate.Certificate);
        return new ContactCertificate(
            PlainText.Line(certificate.DisplayName()) is { Length: > 0 } name ? name : row.Address ?? row.SerialNumber,
            PlainText.Line(certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: true)),
            row.SerialNumber,
            row.NotAfter,
            row.Source,
            row.CreatedAt,
            KeyNames.Of(certificate.PublicKey),
            row.Capabilities?.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(AlgorithmNames.Of).ToList() ?? [],
            candidate.Suitability,
            isChosen);
    }
}
