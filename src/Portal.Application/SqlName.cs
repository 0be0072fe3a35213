using System.Text;

namespace Portal.Application;

internal static class SqlName
{
    /// <summary>OrganisationDomain → organisation_domain, IX_Account_Email → ix_account_email.</summary>
    public static string Of(string name)
    {
        var sql = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            var startsWord = char.IsUpper(name[i]) && i > 0 && name[i - 1] != '_' && !char.IsUpper(name[i - 1]);
            if (startsWord)
            {
                sql.Append('_');
            }

            sql.Append(char.ToLowerInvariant(name[i]));
        }

        return sql.ToString();
    }
}
