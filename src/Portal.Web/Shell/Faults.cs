using System.Security.Cryptography;

namespace Portal.Web.Shell;

/// <summary>Failures that a person is told of stand in the log under the number that they are shown.</summary>
internal sealed partial class Faults(ILogger<Faults> logger)
{
    // Without letters and digits that are taken for one another on the telephone.
    private const string Signs = "ABCDEFGHKLMNPRSTUVWXYZ23456789";

    public string Record(Exception exception)
    {
        var number = $"{RandomNumberGenerator.GetString(Signs, 4)}-{RandomNumberGenerator.GetString(Signs, 4)}";
        LogFault(exception, number);
        return number;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "What somebody was doing failed; they were shown the reference {Reference}.")]
    private partial void LogFault(Exception exception, string reference);
}
