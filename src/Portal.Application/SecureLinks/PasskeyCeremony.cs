using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Portal.Application.SecureLinks;

/// <summary>WebAuthn (Level 3) with one reader at one address of the portal. Identity's handler verifies, as it does for accounts; it sees nothing besides.</summary>
internal sealed class PasskeyCeremony : IDisposable
{
    private readonly UserManager<Reader> _readers;
    private readonly PasskeyHandler<Reader> _handler;
    private readonly Reader _reader;

    private PasskeyCeremony(Reader reader, IReadOnlyList<ReaderPasskey> passkeys, Uri address)
    {
        var origin = address.GetLeftPart(UriPartial.Authority);
        _reader = reader;
        Passkeys = passkeys;
        _readers = new UserManager<Reader>(
            new PasskeysOfOne(reader, passkeys), null!, null!, null!, null!, null!, null!, null!, NullLogger<UserManager<Reader>>.Instance);
        _handler = new PasskeyHandler<Reader>(_readers, Options.Create(new IdentityPasskeyOptions
        {
            ServerDomain = HostOf(address),
            // It is the only thing that is asked, so its authenticator asks who is there.
            UserVerificationRequirement = "required",
            ResidentKeyRequirement = "preferred",
            ValidateOrigin = asked => ValueTask.FromResult(!asked.CrossOrigin && asked.Origin == origin),
        }));
    }

    /// <summary>Theirs at this address.</summary>
    public IReadOnlyList<ReaderPasskey> Passkeys { get; }

    public static string HostOf(Uri address) => address.IdnHost;

    /// <summary>Browsers keep passkeys for names, and on secure connections only.</summary>
    public static bool CanBeAt(Uri address) =>
        address.HostNameType == UriHostNameType.Dns && (address.Scheme == Uri.UriSchemeHttps || address.Host == "localhost");

    public static async Task<PasskeyCeremony> OfAsync(PortalDbContext db, Reader reader, Uri address, CancellationToken cancellationToken)
    {
        var host = HostOf(address);
        var passkeys = await db.ReaderPasskeys
            .Where(one => one.OrganisationId == reader.OrganisationId && one.ReaderId == reader.Id && one.Host == host)
            .OrderBy(one => one.CreatedAt)
            .ToListAsync(cancellationToken);
        return new PasskeyCeremony(reader, passkeys, address);
    }

    public async Task<(string Options, string Challenge)> AskForNewAsync(string name, string displayName)
    {
        var made = await _handler.MakeCreationOptionsAsync(
            new PasskeyUserEntity { Id = _reader.Id.Value.ToString(), Name = name, DisplayName = displayName }, new DefaultHttpContext());
        return (made.CreationOptionsJson, made.AttestationState!);
    }

    public async Task<(string Options, string Challenge)> AskAsync()
    {
        var made = await _handler.MakeRequestOptionsAsync(_reader, new DefaultHttpContext());
        return (made.RequestOptionsJson, made.AssertionState!);
    }

    /// <returns>Null for what does not answer what was asked.</returns>
    public async Task<UserPasskeyInfo?> VerifyNewAsync(string challenge, string credential)
    {
        var result = await _handler.PerformAttestationAsync(
            new PasskeyAttestationContext { HttpContext = new DefaultHttpContext(), CredentialJson = credential, AttestationState = challenge });
        return result.Succeeded && result.UserEntity.Id == _reader.Id.Value.ToString() ? result.Passkey : null;
    }

    /// <returns>Null for what does not answer what was asked.</returns>
    public async Task<UserPasskeyInfo?> VerifyAsync(string challenge, string credential)
    {
        var result = await _handler.PerformAssertionAsync(
            new PasskeyAssertionContext { HttpContext = new DefaultHttpContext(), CredentialJson = credential, AssertionState = challenge });
        return result.Succeeded && result.User.Id == _reader.Id ? result.Passkey : null;
    }

    public void Dispose() => _readers.Dispose();
}
