using System.Data.Common;

namespace Portal.Database;

/// <summary>The database does not answer now; nothing of the operation has happened.</summary>
public sealed class DatabaseUnavailableException(Exception innerException)
    : DbException("The database does not answer. Nothing was changed; try again later.", innerException);
