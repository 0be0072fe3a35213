using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Portal.Application.Certificates;

namespace Portal.Application.Tests.Portals;

/// <summary>What a search looks at comes from certificates of strangers.</summary>
public sealed class CertificateNamesTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Endless_names_are_cut_between_characters_and_the_issuer_s_stays(int shift)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        var name = new string('A', shift) + string.Concat(Enumerable.Repeat("\U0001F600", 400));
        using var certificate = new CertificateRequest(new X500DistinguishedName($"CN={name}"), key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));

        var names = Certificate.OfCorrespondent(OrganisationId.New(), "a@b.test", certificate, CertificateSource.Upload, now).Names;

        Assert.True(names.Length <= Certificate.LongestNames);
        Assert.NotEmpty(new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(names));
        Assert.Equal(2, names.Split('\n').Count(one => one.Contains("\U0001F600", StringComparison.Ordinal)));
    }
}
