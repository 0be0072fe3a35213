using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;
using Portal.Smime.Keys;

namespace Portal.KeyStores.Pkcs11;

/// <summary>
/// A maker's library: initialised once in a process (PKCS#11 v2.40, C_Initialize), whichever stores use it. Some see only the
/// tokens that were there at that moment, so that it is ended and begun anew to find one that was put back.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "There as long as the process is.")]
internal sealed class TokenLibrary
{
    private static readonly ConcurrentDictionary<string, TokenLibrary> All = new(StringComparer.Ordinal);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly string _path;
    private readonly ReaderWriterLockSlim _calls = new();
    private readonly Lock _loading = new();
    private IPkcs11Library? _library;

    // Pkcs11Interop asks for "libdl", a name that only machines with a C compiler's files have (since glibc 2.34).
    static TokenLibrary() => NativeLibrary.SetDllImportResolver(typeof(Pkcs11InteropFactories).Assembly, (name, _, _) =>
        name == "libdl" && NativeLibrary.TryLoad("libdl.so.2", out var library) ? library : IntPtr.Zero);

    private TokenLibrary(string path) => _path = path;

    /// <summary>How often it has begun anew: what was opened before means nothing any more, and may mean something else.</summary>
    public int Generation { get; private set; }

    public static TokenLibrary At(string path) => All.GetOrAdd(path, one => new TokenLibrary(one));

    /// <summary>While this runs, it is not ended.</summary>
    public TAnswer Use<TAnswer>(Func<TAnswer> calls)
    {
        _calls.EnterReadLock();
        try
        {
            return calls();
        }
        finally
        {
            _calls.ExitReadLock();
        }
    }

    /// <exception cref="KeyStoreException">It cannot be loaded.</exception>
    public IReadOnlyList<ISlot> SlotsWithTokens()
    {
        lock (_loading)
        {
            try
            {
                _library ??= TokenConnection.Factories.Pkcs11LibraryFactory.LoadPkcs11Library(TokenConnection.Factories, _path, AppType.MultiThreaded);
            }
            catch (Exception exception) when (exception is LibraryArchitectureException or UnmanagedException or DllNotFoundException)
            {
                throw new KeyStoreException(KeyStoreFailure.Unavailable, $"The library {_path} cannot be loaded: is it there, and made for this machine?", exception);
            }
        }

        return _library.GetSlotList(SlotsType.WithTokenPresent);
    }

    /// <summary>Not while anybody computes: other tokens' sessions end with it.</summary>
    /// <returns>False when it is as it was.</returns>
    public bool TryRenew()
    {
        if (!_calls.TryEnterWriteLock(Patience))
        {
            return false;
        }

        try
        {
            Generation++;
            _library?.Dispose();
            _library = null;
            return true;
        }
        catch (Pkcs11Exception)
        {
            _library = null;
            return true;
        }
        finally
        {
            _calls.ExitWriteLock();
        }
    }
}
