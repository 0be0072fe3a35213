namespace Portal.Cli;

internal static class ExitCodes
{
    public const int Fine = 0;

    /// <summary>What was asked about is not fine, or what was asked for was not done.</summary>
    public const int NotFine = 1;

    /// <summary>The command line cannot be understood.</summary>
    public const int Usage = 2;
}
