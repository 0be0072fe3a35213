using Portal.KeyStores.Local;
using Portal.Smime.Keys;

namespace Portal.KeyStores.Tests.Local;

public sealed class MasterKeyTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("portal-master-");

    private string KeyPath => Path.Combine(_directory.FullName, "master.key");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void A_missing_file_is_made_once_for_its_owner_only()
    {
        using var first = MasterKey.FromFile(KeyPath);
        var bytes = File.ReadAllBytes(KeyPath);
        using var second = MasterKey.FromFile(KeyPath);

        Assert.Equal(MasterKey.Length, bytes.Length);
        Assert.Equal(bytes, File.ReadAllBytes(KeyPath));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, Mode());
        Assert.Equal(first.Derive("anything"), second.Derive("anything"));
        Assert.Equal(["master.key", "master.key.lock"], _directory.GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Processes_that_start_together_get_one_key()
    {
        var derived = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() =>
        {
            using var master = MasterKey.FromFile(KeyPath);
            return Convert.ToHexString(master.Derive("anything"));
        })));

        Assert.Single(derived.Distinct());
        Assert.Equal(["master.key", "master.key.lock"], _directory.GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void A_file_that_others_can_reach_is_refused_in_clear_words(UnixFileMode others)
    {
        MasterKey.FromFile(KeyPath).Dispose();
        SetMode(Mode() | others);

        var exception = Assert.Throws<KeyStoreException>(() => MasterKey.FromFile(KeyPath));

        Assert.Equal(KeyStoreFailure.Refused, exception.Failure);
        Assert.Contains("0600", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void A_file_of_another_length_is_refused_and_left_alone(int length)
    {
        File.WriteAllBytes(KeyPath, new byte[length]);
        SetMode(UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Assert.Throws<KeyStoreException>(() => MasterKey.FromFile(KeyPath));
        Assert.Equal(length, new FileInfo(KeyPath).Length);
    }

    [Fact]
    public void A_directory_that_is_not_there_makes_the_key_unavailable()
    {
        var exception = Assert.Throws<KeyStoreException>(() => MasterKey.FromFile(Path.Combine(_directory.FullName, "nowhere", "master.key")));

        Assert.Equal(KeyStoreFailure.Unavailable, exception.Failure);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no base64")]
    [InlineData("AAECAwQFBgcICQoLDA0ODw==")]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISI=")]
    public void A_secret_that_is_not_32_bytes_is_refused(string secret) =>
        Assert.Throws<KeyStoreException>(() => MasterKey.FromSecret(secret));

    [Fact]
    public void Different_purposes_give_different_keys()
    {
        using var master = MasterKey.FromSecret(Convert.ToBase64String(new byte[MasterKey.Length]));

        Assert.Equal(master.Derive("one"), master.Derive("one"));
        Assert.NotEqual(master.Derive("one"), master.Derive("other"));
    }

    private UnixFileMode Mode() =>
        OperatingSystem.IsWindows() ? throw new PlatformNotSupportedException() : File.GetUnixFileMode(KeyPath);

    private void SetMode(UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(KeyPath, mode);
        }
    }
}
