using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Accounts;
using Portal.Smime.Pkix;

namespace Portal.Application.Setup;

/// <param name="Code">As it stands on the console.</param>
/// <param name="Organisation">Its name.</param>
/// <param name="Domain">The mail domain that it answers for.</param>
/// <param name="DisplayName">Of the first administrator.</param>
/// <param name="Email">Of the first administrator, within the domain.</param>
/// <param name="Password">At least 12 characters.</param>
public sealed record SetupRequest(string Code, string Organisation, string Domain, string DisplayName, string Email, string Password)
{
    public override string ToString() => nameof(SetupRequest);
}

public abstract record SetupOutcome
{
    public sealed record Done : SetupOutcome;

    public sealed record WrongCode : SetupOutcome;

    public sealed record AlreadyDone : SetupOutcome;

    public sealed record Invalid(IReadOnlyList<SetupProblem> Problems) : SetupOutcome;
}

public enum SetupProblem
{
    OrganisationMissing,
    DomainMalformed,
    NameMissing,
    AddressMalformed,
    AddressOutsideDomain,
    PasswordTooShort,
    PasswordTooCommon,
}

/// <summary>Makes the first organisation and its first administrator, for whoever can read the console.</summary>
public sealed class InstallationSetup : IDisposable
{
    private readonly PortalDatabase _database;
    private readonly IDirectory _directory;
    private readonly Founding _founding;
    private readonly Enrolment _enrolment;
    private readonly SemaphoreSlim _once = new(1, 1);
    private bool _isDone;

    internal InstallationSetup(PortalDatabase database, IDirectory directory, Founding founding, Enrolment enrolment) =>
        (_database, _directory, _founding, _enrolment) = (database, directory, founding, enrolment);

    /// <summary>New at each start; 80 bits in groups of four.</summary>
    public string Code { get; } = string.Join('-', RandomNumberGenerator.GetString("ABCDEFGHJKLMNPQRSTUVWXYZ23456789", 16).Chunk(4).Select(group => new string(group)));

    public async Task<bool> IsDoneAsync(CancellationToken cancellationToken)
    {
        if (!_isDone)
        {
            _isDone = await FindBegunAsync(cancellationToken) is { HasPeople: true };
        }

        return _isDone;
    }

    public async Task<SetupOutcome> RunAsync(SetupRequest request, CancellationToken cancellationToken)
    {
        if (await IsDoneAsync(cancellationToken))
        {
            return new SetupOutcome.AlreadyDone();
        }

        if (!IsCode(request.Code))
        {
            return new SetupOutcome.WrongCode();
        }

        var (problems, address, domain) = Check(request);
        if (problems.Count > 0)
        {
            return new SetupOutcome.Invalid(problems);
        }

        await _once.WaitAsync(cancellationToken);
        try
        {
            if (await IsDoneAsync(cancellationToken))
            {
                return new SetupOutcome.AlreadyDone();
            }

            var begun = (await FindBegunAsync(cancellationToken))?.Organisation;
            var organisation = await _founding.FoundAsync(PlainText.Name(request.Organisation)!, domain, begun, cancellationToken);
            await _enrolment.AddAsync(
                organisation, address!, PlainText.Name(request.DisplayName)!, Roles.User | Roles.Administrator, request.Password, cancellationToken);
            return new SetupOutcome.Done();
        }
        finally
        {
            _once.Release();
        }
    }

    public void Dispose() => _once.Dispose();

    private async Task<(OrganisationId Organisation, bool HasPeople)?> FindBegunAsync(CancellationToken cancellationToken)
    {
        foreach (var organisation in await _directory.ListOrganisationsAsync(cancellationToken))
        {
            await using var db = await _database.ReadAsync(organisation, cancellationToken);
            return (organisation, await db.Accounts.AnyAsync(one => one.OrganisationId == organisation, cancellationToken));
        }

        return null;
    }

    private bool IsCode(string code)
    {
        var typed = code.Replace("-", string.Empty, StringComparison.Ordinal).Replace(" ", string.Empty, StringComparison.Ordinal).ToUpperInvariant();
        var expected = Code.Replace("-", string.Empty, StringComparison.Ordinal);
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(typed), Encoding.UTF8.GetBytes(expected));
    }

    private static (List<SetupProblem> Problems, AddrSpec? Address, string Domain) Check(SetupRequest request)
    {
        var problems = new List<SetupProblem>();
        if (PlainText.Name(request.Organisation) is null)
        {
            problems.Add(SetupProblem.OrganisationMissing);
        }

        var domain = MailDomain.Normalised(request.Domain);
        if (domain is null)
        {
            problems.Add(SetupProblem.DomainMalformed);
        }

        if (PlainText.Name(request.DisplayName) is null)
        {
            problems.Add(SetupProblem.NameMissing);
        }

        if (!AddrSpec.TryParse(request.Email.Trim(), out var address))
        {
            problems.Add(SetupProblem.AddressMalformed);
        }
        else if (domain is not null && address.Domain != domain)
        {
            problems.Add(SetupProblem.AddressOutsideDomain);
        }

        if (PasswordRule.ProblemOf(request.Password, request.Email, request.DisplayName, request.Organisation) is { } problem)
        {
            problems.Add(problem == PasswordProblem.TooShort ? SetupProblem.PasswordTooShort : SetupProblem.PasswordTooCommon);
        }

        return (problems, address, domain ?? string.Empty);
    }
}
