using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;
using Portal.Smime.Keys;

namespace Portal.KeyStores.Pkcs11;

/// <summary>A token that was found by its label and logged in to, with sessions to spare; thrown away when it is lost.</summary>
internal sealed class TokenConnection : IDisposable
{
    /// <summary>One library is initialised once in a process (PKCS#11 v2.40, C_Initialize), and never ended: others may use it.</summary>
    private static readonly ConcurrentDictionary<string, Lazy<IPkcs11Library>> Libraries = new(StringComparer.Ordinal);

    private readonly ISlot _slot;
    private readonly ISession _login;
    private readonly ConcurrentBag<ISession> _sessions = [];

    // Pkcs11Interop asks for "libdl", a name that only machines with a C compiler's files have (since glibc 2.34).
    static TokenConnection() => NativeLibrary.SetDllImportResolver(typeof(Pkcs11InteropFactories).Assembly, (name, _, _) =>
        name == "libdl" && NativeLibrary.TryLoad("libdl.so.2", out var library) ? library : IntPtr.Zero);

    private TokenConnection(ISlot slot, ISession login)
    {
        _slot = slot;
        _login = login;
        Mechanisms = slot.GetMechanismList().ToHashSet();
    }

    public static Pkcs11InteropFactories Factories { get; } = new();

    public IReadOnlySet<CKM> Mechanisms { get; }

    /// <summary>Handles are as long-lived as the connection.</summary>
    public ConcurrentDictionary<KeyReference, TokenKey> Keys { get; } = new();

    /// <exception cref="KeyStoreException">No library, no token, or a token that wants no further attempt with this PIN.</exception>
    /// <exception cref="Pkcs11Exception">The token does not let us in.</exception>
    public static TokenConnection Open(Pkcs11Options options)
    {
        var slot = Find(options);
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

        return new TokenConnection(slot, login);
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
    public static void Close(ISession session)
    {
        try
        {
            session.Dispose();
        }
        catch (Pkcs11Exception)
        {
            // There is nothing to close.
        }
    }

    private static ISlot Find(Pkcs11Options options)
    {
        var slots = Library(options.Library).GetSlotList(SlotsType.WithTokenPresent).Where(slot => LabelOf(slot) == options.Token).ToList();
        return slots switch
        {
            [var only] => only,
            [] => throw new KeyStoreException(KeyStoreFailure.Unavailable, $"There is no token {options.Token} in any slot of {options.Library}."),
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

    private static IPkcs11Library Library(string path)
    {
        try
        {
            return Libraries.GetOrAdd(path, one => new Lazy<IPkcs11Library>(() => Factories.Pkcs11LibraryFactory.LoadPkcs11Library(Factories, one, AppType.MultiThreaded))).Value;
        }
        catch (Exception exception) when (exception is LibraryArchitectureException or UnmanagedException or DllNotFoundException)
        {
            Libraries.TryRemove(path, out _);
            throw new KeyStoreException(KeyStoreFailure.Unavailable, $"The library {path} cannot be loaded: is it there, and made for this machine?", exception);
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
