using System.Text;

namespace Portal.Testing;

/// <summary>Somebody else's root, that openssl keeps, and what it signs.</summary>
public sealed class OutsideRoot : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("outside-root-");

    private OutsideRoot()
    {
    }

    /// <summary>Of the root's certificate.</summary>
    public string Pem { get; private set; } = string.Empty;

    public static async Task<OutsideRoot> MakeAsync()
    {
        var root = new OutsideRoot();
        (await OpenSsl.RunAsync(
            [], "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384", "-nodes", "-keyout", root.At("root.key"), "-out", root.At("root.pem"), "-subj", "/CN=Outside Root", "-days", "3650",
            "-addext", "keyUsage=critical,keyCertSign,cRLSign")).Demand();
        root.Pem = await File.ReadAllTextAsync(root.At("root.pem"));
        return root;
    }

    /// <param name="request">PKCS#10, PEM.</param>
    /// <param name="extensions">In openssl's words.</param>
    /// <param name="dates">Begin and end in openssl's form; none for a year from now.</param>
    /// <returns>PEM.</returns>
    public async Task<string> SignAsync(string request, string extensions, (string From, string To)? dates = null)
    {
        await File.WriteAllTextAsync(At("request.pem"), request);
        await File.WriteAllTextAsync(At("extensions"), extensions);
        if (dates is not { } given)
        {
            return Encoding.ASCII.GetString((await OpenSsl.RunAsync(
                [], "x509", "-req", "-in", At("request.pem"), "-CA", At("root.pem"), "-CAkey", At("root.key"), "-days", "365", "-extfile", At("extensions"))).Demand());
        }

        // openssl x509 of this version takes no dates, ca does.
        await File.WriteAllTextAsync(At("index"), string.Empty);
        await File.WriteAllTextAsync(At("serial"), "1000\n");
        await File.WriteAllTextAsync(At("ca.conf"), $"[ca]\ndefault_ca=it\n[it]\ndatabase={At("index")}\nserial={At("serial")}\nnew_certs_dir={_directory.FullName}\ndefault_md=sha256\npolicy=any\n[any]\ncommonName=supplied\n");
        return Encoding.ASCII.GetString((await OpenSsl.RunAsync(
            [], "ca", "-batch", "-notext", "-config", At("ca.conf"), "-in", At("request.pem"), "-cert", At("root.pem"), "-keyfile", At("root.key"), "-extfile", At("extensions"),
            "-startdate", given.From, "-enddate", given.To)).Demand());
    }

    /// <summary>A place for a file of a test's own.</summary>
    public string At(string name) => Path.Combine(_directory.FullName, name);

    public void Dispose() => _directory.Delete(recursive: true);
}
