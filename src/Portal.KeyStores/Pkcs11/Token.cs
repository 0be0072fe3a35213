using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;
using Portal.Smime.Keys;

namespace Portal.KeyStores.Pkcs11;

/// <summary>One token: so many computations at once as it has sessions for, and a new connection when it was away.</summary>
internal sealed class Token(Pkcs11Options options, RefusedPin refusedPin, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan BetweenRenewals = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _free = new(options.Sessions);
    private readonly Lock _gate = new();
    private readonly TokenLibrary _library = TokenLibrary.At(options.Library);
    private TokenConnection? _connection;
    private KeyStoreException? _refused;
    private long? _renewedAt;

    public string Label => options.Token;

    /// <summary>The token computes on a thread of the pool. Whoever gives up leaves that behind, and its place is taken until it ends.</summary>
    /// <exception cref="KeyStoreException">The token does not answer, or not so.</exception>
    public async Task<TAnswer> RunAsync<TAnswer>(Func<TokenConnection, ISession, TAnswer> ask, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        var answer = Task.Run(
            () =>
            {
                try
                {
                    return Run(ask);
                }
                finally
                {
                    _free.Release();
                }
            },
            CancellationToken.None);
        return await answer.WaitAsync(cancellationToken);
    }

    public void Dispose()
    {
        _connection?.Dispose();
        _free.Dispose();
    }

    private TAnswer Run<TAnswer>(Func<TokenConnection, ISession, TAnswer> ask)
    {
        try
        {
            return RunTwice(ask);
        }
        catch (TokenMissingException missing)
        {
            throw new KeyStoreException(KeyStoreFailure.Unavailable, missing.Message, missing);
        }
        catch (Pkcs11Exception exception)
        {
            throw Pkcs11Failures.Of(exception, Label);
        }
    }

    // A token that was away is asked again: what it did not know how to answer, it did not do.
    private TAnswer RunTwice<TAnswer>(Func<TokenConnection, ISession, TAnswer> ask)
    {
        try
        {
            try
            {
                return RunOnce(ask);
            }
            catch (Exception exception) when (IsLost(exception))
            {
                return RunOnce(ask);
            }
        }
        catch (TokenMissingException)
        {
            // No filter: that would run while the library is still in use here.
            if (!MayRenew() || !_library.TryRenew())
            {
                throw;
            }

            return RunOnce(ask);
        }
    }

    private TAnswer RunOnce<TAnswer>(Func<TokenConnection, ISession, TAnswer> ask) => _library.Use(() =>
    {
        var connection = Connect();
        ISession? session = null;
        try
        {
            session = connection.Take();
            var answer = ask(connection, session);
            connection.Return(session);
            return answer;
        }
        catch (Exception exception)
        {
            // What a session was at when it failed is not worth knowing.
            if (session is not null)
            {
                connection.Close(session);
            }

            if (IsLost(exception))
            {
                Forget(connection);
            }

            throw;
        }
    });

    // Other tokens' sessions end with it: not for everybody who asks.
    private bool MayRenew()
    {
        lock (_gate)
        {
            if (_renewedAt is { } at && clock.GetElapsedTime(at) < BetweenRenewals)
            {
                return false;
            }

            _renewedAt = clock.GetTimestamp();
            return true;
        }
    }

    private static bool IsLost(Exception exception) =>
        exception is TokenLostException || (exception is Pkcs11Exception failure && Pkcs11Failures.IsLost(failure));

    private TokenConnection Connect()
    {
        lock (_gate)
        {
            if (_refused is { } refused)
            {
                throw new KeyStoreException(refused.Failure, refused.Message, refused);
            }

            if (_connection is { IsStale: true } stale)
            {
                Forget(stale);
            }

            try
            {
                return _connection ??= Open();
            }
            catch (Pkcs11Exception exception) when (Pkcs11Failures.IsAboutPin(exception))
            {
                refusedPin.Remember();
                _refused = new KeyStoreException(
                    KeyStoreFailure.Unavailable,
                    $"The token {Label} does not take the PIN that is set ({exception.RV}). It is not tried again, so that the token does not lock itself. {refusedPin.ToMend}",
                    exception);
                throw _refused;
            }
        }
    }

    private TokenConnection Open()
    {
        refusedPin.DemandNone(options);
        var connection = TokenConnection.Open(options);
        refusedPin.Forget();
        return connection;
    }

    private void Forget(TokenConnection connection)
    {
        lock (_gate)
        {
            if (_connection == connection)
            {
                _connection = null;
                connection.Dispose();
            }
        }
    }
}
