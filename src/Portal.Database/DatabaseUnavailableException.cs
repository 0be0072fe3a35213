using System.Data.Common;

namespace Portal.Database;

/// <summary>The database does not answer now; nothing of the operation has happened.</summary>
public sealed class DatabaseUnavailableException : DbException
{
    public DatabaseUnavailableException(Exception innerException)
        : this("The database does not answer. Nothing was changed; try again later.", innerException)
    {
    }

    /// <param name="message">Where it is known what to do.</param>
    /// <param name="innerException">What happened.</param>
    public DatabaseUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
