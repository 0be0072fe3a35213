using System.Security.Cryptography;
using Portal.Smime.Mime;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Mime;

/// <summary>What can be broken today is called so, whether it opens here or not.</summary>
public sealed class WeakLayerTests : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("-aes-256-cbc", 2048, false)]
    [InlineData("-aes-256-cbc", 1024, true)]
    [InlineData("-des3", 2048, true)]
    [InlineData("-des", 2048, true)]
    public async Task A_layer_says_whether_it_is_weak(string cipher, int modulus, bool weak)
    {
        using var key = RSA.Create(modulus);
        var reader = Person.With("bob@example.org", key);
        string[] provider = cipher == "-des" ? ["-provider", "legacy", "-provider", "default"] : [];
        var message = await _bench.RunAsync(["cms", "-encrypt", .. provider, cipher, "-in", _bench.Write("text", Mail.Bytes(Mail.Text)), _bench.CertificateOf(reader)]);

        var opened = await Opened.FromAsync(Mail.Message(message), Opened.Context(keys: TestKeys.Of(reader)));

        Assert.Equal(cipher == "-des", opened.Payload is null);
        Assert.Equal(weak, Assert.Single(opened.Message.Layers).IsWeak);
        Assert.Equal(weak, OpeningSteps.Of(opened.Message).Single(step => step.Kind == OpeningStepKind.Layer).Details.Contains(OpeningStep.Weak));
    }

    // Whoever breaks one reader's key has the content.
    [Fact]
    public async Task One_weak_reader_makes_it_weak_for_all()
    {
        using var key = RSA.Create(1024);
        var text = _bench.Write("text", Mail.Bytes(Mail.Text));
        var message = await _bench.RunAsync(
            "cms", "-encrypt", "-aes-256-cbc", "-in", text, _bench.CertificateOf(Pki.Bob), _bench.CertificateOf(Person.With("dave@example.org", key)));

        var opened = await Opened.FromAsync(Mail.Message(message));

        Assert.NotNull(opened.Payload);
        Assert.True(Assert.Single(opened.Message.Layers).IsWeak);
        Assert.Equal([false, true], opened.Message.Layers[0].Recipients.Select(recipient => recipient.IsWeak).Order());
    }
}
