using Npgsql;

namespace Portal.Database.Postgres;

/// <summary>The first thing that is asked of a connection.</summary>
internal static class Asking
{
    /// <summary>A second time where a pooled connection shows only now that the server has closed it: nothing has happened yet.</summary>
    /// <exception cref="DatabaseUnavailableException">It does not answer, or does not let the portal in.</exception>
    public static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            try
            {
                return await ask();
            }
            catch (NpgsqlException exception) when (exception.IsTransient)
            {
                return await ask();
            }
        }
        catch (NpgsqlException exception) when (exception is PostgresException refused && Refusal.Is(refused))
        {
            throw new DatabaseUnavailableException($"{Refusal.What(refused)} {Refusal.Mend}", exception);
        }
        catch (NpgsqlException exception) when (exception is not PostgresException || exception.IsTransient)
        {
            throw new DatabaseUnavailableException(exception);
        }
    }
}
