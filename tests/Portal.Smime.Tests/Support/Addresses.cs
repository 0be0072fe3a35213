using Portal.Smime.Pkix;

namespace Portal.Smime.Tests.Support;

internal static class Addresses
{
    public static AddrSpec Of(string text) => AddrSpec.TryParse(text, out var address) ? address : throw new ArgumentException(text);
}
