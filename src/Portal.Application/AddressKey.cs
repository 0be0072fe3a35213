using Portal.Smime.Pkix;

namespace Portal.Application;

/// <summary>What an address is looked up by: mail servers that tell Bob from bob are not to be found any more.</summary>
internal static class AddressKey
{
    public static string Of(AddrSpec address) => address.ToString().ToLowerInvariant();
}
