using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;
using Portal.Smime.Keys;

namespace Portal.KeyStores.Pkcs11;

/// <summary>One token: so many computations at once as it has sessions for, and a new connection when it was away.</summary>
internal sealed class Token(Pkcs11Options options) : IDisposable
{
    private readonly SemaphoreSlim _free = new(options.Sessions);
    private readonly Lock _gate = new();
    private TokenConnection? _connection;
    private KeyStoreException? _refused;

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

    // A token that was away is asked again once: what it did not know how to answer, it did not do.
    private TAnswer Run<TAnswer>(Func<TokenConnection, ISession, TAnswer> ask)
    {
        try
        {
            return RunOnce(ask);
        }
        catch (Pkcs11Exception exception) when (Pkcs11Failures.IsLost(exception))
        {
            return RunAgain(ask);
        }
        catch (Pkcs11Exception exception)
        {
            throw Pkcs11Failures.Of(exception, Label);
        }
    }

    private TAnswer RunAgain<TAnswer>(Func<TokenConnection, ISession, TAnswer> ask)
    {
        try
        {
            return RunOnce(ask);
        }
        catch (Pkcs11Exception exception)
        {
            throw Pkcs11Failures.Of(exception, Label);
        }
    }

    private TAnswer RunOnce<TAnswer>(Func<TokenConnection, ISession, TAnswer> ask)
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
                TokenConnection.Close(session);
            }

            if (exception is Pkcs11Exception lost && Pkcs11Failures.IsLost(lost))
            {
                Forget(connection);
            }

            throw;
        }
    }

    private TokenConnection Connect()
    {
        lock (_gate)
        {
            if (_refused is { } refused)
            {
                throw new KeyStoreException(refused.Failure, refused.Message, refused);
            }

            try
            {
                return _connection ??= TokenConnection.Open(options);
            }
            catch (Pkcs11Exception exception) when (Pkcs11Failures.IsAboutPin(exception))
            {
                _refused = new KeyStoreException(
                    KeyStoreFailure.Unavailable,
                    $"The token {Label} does not take the PIN that is set ({exception.RV}). It is not tried again until the portal is started anew, so that the token does not lock itself.",
                    exception);
                throw _refused;
            }
        }
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
