namespace Portal.Application.Tests.Database;

/// <summary>A test in a database of its own; each contract is run on both kinds.</summary>
public abstract class DatabaseTest : IAsyncLifetime
{
    private protected TestDatabase Db { get; private set; } = null!;

    private protected abstract Task<TestDatabase> NewDatabaseAsync();

    private protected virtual Task PrepareAsync() => Task.CompletedTask;

    private protected virtual ValueTask EndAsync() => ValueTask.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        Db = await NewDatabaseAsync();
        await PrepareAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await EndAsync();
        if (Db is not null)
        {
            await Db.DisposeAsync();
        }
    }
}
