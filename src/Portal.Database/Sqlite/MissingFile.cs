namespace Portal.Database.Sqlite;

/// <summary>What is said where the settings point at no database, by whoever meets it first.</summary>
internal static class MissingFile
{
    public const string Mend =
        "Portal:DataDirectory (in the environment Portal__DataDirectory) or Portal:Database:ConnectionString says where it is. "
        + "In a new installation `portal migrate` makes it, and so does the portal at its first start.";

    public static string What(string path) => $"There is no database at {path}.";
}
