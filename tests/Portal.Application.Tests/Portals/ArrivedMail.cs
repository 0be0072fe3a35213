using System.Security.Cryptography;
using System.Text;
using Portal.Testing;

namespace Portal.Application.Tests.Portals;

/// <summary>What stands in a real Dovecot's mail directories, without what mail servers wrote above it on its way.</summary>
internal static class ArrivedMail
{
    // RFC 5321 §4.4, and where an address was delivered to.
    private static readonly string[] Trace = ["Return-Path:", "Received:", "Delivered-To:", "X-Original-To:"];

    /// <returns>SHA-256 in hexadecimal of each message's bytes, with as many entries as there are copies.</returns>
    public static IReadOnlyList<string> Of(string address)
    {
        var inbox = Path.Combine(Path.GetDirectoryName(TestServers.Get("PORTAL_TEST_MAIL_USERS"))!, "mail", address, "new");
        return !Directory.Exists(inbox)
            ? []
            : Directory.GetFiles(inbox).Select(file => Convert.ToHexString(SHA256.HashData(WithoutTrace(File.ReadAllBytes(file))))).ToList();
    }

    private static byte[] WithoutTrace(byte[] stored)
    {
        // Dovecot keeps lines as Unix does.
        var lines = Encoding.Latin1.GetString(stored).Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        var own = 0;
        while (Trace.Any(name => lines[own].StartsWith(name, StringComparison.OrdinalIgnoreCase)))
        {
            do
            {
                own++;
            }
            while (lines[own].StartsWith(' ') || lines[own].StartsWith('\t'));
        }

        return Encoding.Latin1.GetBytes(string.Join("\r\n", lines[own..]));
    }
}
