using System.Collections.Concurrent;
using System.Text;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;
using Portal.Smime.Keys;

namespace Portal.KeyStores.Pkcs11;

/// <summary>A token that was found by its label and logged in to, with sessions to spare; thrown away when it is lost.</summary>
internal sealed class TokenConnection : IDisposable
{
    private readonly TokenLibrary _library;
    private readonly int _generation;
    private readonly ISlot _slot;
    private readonly ISession _login;
    private readonly ConcurrentBag<ISession> _sessions = [];

    private TokenConnection(TokenLibrary library, ISlot slot, ISession login)
    {
        (_library, _generation) = (library, library.Generation);
        _slot = slot;
        _login = login;
        Mechanisms = slot.GetMechanismList().ToHashSet();
    }

    public static Pkcs11InteropFactories Factories { get; } = new();

    public IReadOnlySet<CKM> Mechanisms { get; }

    /// <summary>Handles are as long-lived as the connection.</summary>
    public ConcurrentDictionary<KeyReference, TokenKey> Keys { get; } = new();

    /// <summary>Its library has begun anew: its handles are nobody's, or another's.</summary>
    public bool IsStale => _generation != _library.Generation;

    /// <summary>Whether a key was ever found through it.</summary>
    public bool HasSeenKeys { get; set; }

    /// <summary>A token that was pulled out may go on answering, and show nothing.</summary>
    public bool ShowsNoKeysAnyMore(ISession session)
    {
        if (!HasSeenKeys)
        {
            return false;
        }

        session.FindObjectsInit([Factories.ObjectAttributeFactory.Create(CKA.CKA_CLASS, CKO.CKO_PRIVATE_KEY)]);
        try
        {
            return session.FindObjects(1).Count == 0;
        }
        finally
        {
            session.FindObjectsFinal();
        }
    }

    /// <exception cref="KeyStoreException">No library, no token, or a token that wants no further attempt with this PIN.</exception>
    /// <exception cref="Pkcs11Exception">The token does not let us in.</exception>
    public static TokenConnection Open(Pkcs11Options options)
    {
        var library = TokenLibrary.At(options.Library);
        var slot = Find(library, options);
        var flags = slot.GetTokenInfo().TokenFlags;
        if (flags.UserPinLocked || flags.UserPinFinalTry)
        {
            throw new KeyStoreException(
                KeyStoreFailure.Unavailable,
                $"The token {options.Token} {(flags.UserPinLocked ? "has locked its PIN" : "locks its PIN at the next wrong one")}: log in with the maker's own tool first.");
        }

        var login = slot.OpenSession(SessionType.ReadWrite);
        try
        {
            login.Login(CKU.CKU_USER, Encoding.UTF8.GetBytes(Pin(options)));
        }
        catch (Pkcs11Exception exception) when (exception.RV == CKR.CKR_USER_ALREADY_LOGGED_IN)
        {
            // By another store on the same token: a login is the whole process's.
        }
        catch
        {
            login.Dispose();
            throw;
        }

        return new TokenConnection(library, slot, login);
    }

    public ISession Take() => _sessions.TryTake(out var session) ? session : _slot.OpenSession(SessionType.ReadWrite);

    public void Return(ISession session) => _sessions.Add(session);

    public void Dispose()
    {
        foreach (var session in _sessions.Append(_login))
        {
            Close(session);
        }
    }

    /// <summary>A session that may be gone already.</summary>
    public void Close(ISession session)
    {
        // Its handle may be another session's by now; what is not disposed closes nothing.
        if (IsStale)
        {
            return;
        }

        try
        {
            session.Dispose();
        }
        catch (Pkcs11Exception)
        {
            // There is nothing to close.
        }
    }

    private static ISlot Find(TokenLibrary library, Pkcs11Options options)
    {
        var slots = library.SlotsWithTokens().Where(slot => LabelOf(slot) == options.Token).ToList();
        return slots switch
        {
            [var only] => only,
            [] => throw new TokenMissingException($"There is no token {options.Token} in any slot of {options.Library}."),
            _ => throw new KeyStoreException(KeyStoreFailure.Unavailable, $"Several tokens of {options.Library} are called {options.Token}."),
        };
    }

    // A slot that does not answer is not ours, or not now.
    private static string? LabelOf(ISlot slot)
    {
        try
        {
            return slot.GetTokenInfo().Label.TrimEnd();
        }
        catch (Pkcs11Exception)
        {
            return null;
        }
    }

    private static string Pin(Pkcs11Options options)
    {
        if (options.Pin is { Length: > 0 } pin)
        {
            return pin;
        }

        try
        {
            return options.PinFile is { Length: > 0 } file
                ? File.ReadLines(file).FirstOrDefault(string.Empty)
                : throw new KeyStoreException(KeyStoreFailure.Unavailable, $"The token {options.Token} has no PIN set: Pin, or PinFile.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new KeyStoreException(KeyStoreFailure.Unavailable, $"The file with the PIN of the token {options.Token} cannot be read.", exception);
        }
    }
}
