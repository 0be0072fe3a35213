using System.Diagnostics;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Cms;
using Portal.Smime.Keys;
using Portal.Smime.Mime;
using Portal.Smime.Pkix;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Fuzzing;

/// <summary>Damaged mail ends in a verdict: no exception, no hang, no memory, and never a valid signature over other content.</summary>
[Collection(nameof(Alone))]
public sealed class FuzzTests
{
    private const int Inputs = 20_000;
    private const int NightlyInputs = 1_000_000;
    private const int KeyFiles = 2_000;
    private const int NightlyKeyFiles = 50_000;
    private const long MostMemory = 64L * 1024 * 1024;
    private const int Reported = 40_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PatienceWithPasswords = TimeSpan.FromMinutes(1);
    private static readonly bool IsNightly = Environment.GetEnvironmentVariable("PORTAL_TEST_NIGHTLY") == "1";

    [Fact]
    public async Task Nothing_gets_out_of_any_parser()
    {
        var corpus = await Corpus.GatherAsync();
        var valid = 0;
        var opened = 0;
        var memory = await LiveMemory.PeakAsync(async () =>
        {
            var parsers = new Parsers(corpus, new Xorshift(IsNightly ? BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)) | 1 : 0x9e3779b97f4a7c15));
            for (var count = IsNightly ? NightlyInputs : Inputs; count > 0; count--)
            {
                var (input, parse) = parsers.Next();
                var began = Stopwatch.GetTimestamp();
                try
                {
                    var result = await parse();
                    valid += result == Outcome.Valid ? 1 : 0;
                    opened += result == Outcome.Opened ? 1 : 0;
                }
                catch (Exception exception) when (exception is not Xunit.Sdk.XunitException)
                {
                    throw new InvalidOperationException($"Thrown at: {Text(input)}", exception);
                }

                Assert.True(Stopwatch.GetElapsedTime(began) < Patience, $"It took {Stopwatch.GetElapsedTime(began)}: {Text(input)}");
            }
        });

        // Mutants that all die at the first byte would prove nothing.
        Assert.True(valid > 50, $"Only {valid} were still valid.");
        Assert.True(opened > 1000, $"Only {opened} were opened.");
        Assert.InRange(memory, 0, MostMemory);
    }

    /// <summary>A key file is read by whoever gives it: what it costs to try its password is bounded, and little else counts.</summary>
    [Fact]
    public async Task Damaged_key_files_are_refused_in_words()
    {
        var generator = new Xorshift(IsNightly ? BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)) | 1 : 0x9e3779b97f4a7c15);
        var files = new StructureMutator(await Corpus.KeyFilesAsync(), generator);
        var (read, refused) = (0, 0);
        for (var count = IsNightly ? NightlyKeyFiles : KeyFiles; count > 0; count--)
        {
            var file = files.Next();
            var began = Stopwatch.GetTimestamp();
            try
            {
                foreach (var entry in Pkcs12File.Read(file, "secret"))
                {
                    entry.Key.Dispose();
                }

                read++;
            }
            catch (CryptographicException exception) when (exception.Message == "It is no PKCS#12 file, or the password is wrong.")
            {
                refused++;
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Thrown at: {Text(file)}", exception);
            }

            Assert.True(Stopwatch.GetElapsedTime(began) < PatienceWithPasswords, $"It took {Stopwatch.GetElapsedTime(began)}: {Text(file)}");
        }

        Assert.True(read > 50, $"Only {read} could be read.");
        Assert.True(refused > 50, $"Only {refused} were refused.");
    }

    private static string Text(byte[] input) => Convert.ToBase64String(input.AsSpan(0, Math.Min(input.Length, Reported)));

    private enum Outcome
    {
        Refused,
        Opened,
        Valid,
    }

    private sealed class Parsers(Corpus corpus, Xorshift generator)
    {
        private static readonly OpeningContext Context = Opened.Context(keys: TestKeys.Of(Pki.Bob, Curves.P256));
        private readonly StructureMutator _structures = new(corpus.Structures, generator);
        private readonly MessageMutator _messages = new(corpus.Messages, generator);
        private readonly StructureMutator _certificates = new(corpus.Certificates, generator);
        private readonly StructureMutator _lists = new(corpus.RevocationLists, generator);
        private readonly StructureMutator _responses = new(corpus.OcspResponses, generator);
        private readonly StructureMutator _ocspRequests = new(corpus.OcspRequests, generator);
        private readonly StructureMutator _requests = new(corpus.Requests, generator);

        public (byte[] Input, Func<Task<Outcome>> Parse) Next()
        {
            switch (generator.Below(20))
            {
                case < 8:
                    var structure = _structures.Next();
                    var message = Mail.Message(generator.Below(3) > 0 ? Mail.Pkcs7Mime(structure) : Mail.MultipartSigned(Mail.Text, structure));
                    return (message, () => OpenAsync(message));
                case < 14:
                    var mail = _messages.Next();
                    return (mail, () => OpenAsync(mail));
                case < 16:
                    var certificate = _certificates.Next();
                    return (certificate, () => Task.FromResult(Validate(certificate)));
                case 16:
                    var list = _lists.Next();
                    return (list, () => Task.FromResult(RevocationList.TryParse(list, out var read) ? Signed(read.IsSignedBy(Pki.Issuing.Certificate), list, corpus.RevocationLists) : Outcome.Refused));
                case 17:
                    var response = _responses.Next();
                    return (response, () => Task.FromResult(Answer(response)));
                case 18:
                    var request = _requests.Next();
                    return (request, () => Task.FromResult(CertificationRequest.Read(request) is CertificationRequestReading.Proven ? Outcome.Opened : Outcome.Refused));
                default:
                    var ocsp = _ocspRequests.Next();
                    return (ocsp, () => Task.FromResult(OcspRequest.TryParse(ocsp, out _) ? Outcome.Opened : Outcome.Refused));
            }
        }

        private static async Task<Outcome> OpenAsync(byte[] message)
        {
            var opened = await Opened.FromAsync(message, Context);
            _ = OpeningSteps.Of(opened.Message);
            if (opened.Verdict != Verdict.SignedValid)
            {
                return opened.Payload is null ? Outcome.Refused : Outcome.Opened;
            }

            if (opened.Message.Receipt is null)
            {
                Assert.Contains("The patient is well.", Mail.String(opened.Payload!), StringComparison.Ordinal);
            }

            Assert.All(opened.Summary.Signers, signer => Assert.Contains(signer.Certificate, new[] { Pki.Alice.Certificate, Pki.Bob.Certificate, Pki.Carol.Certificate }));
            return Outcome.Valid;
        }

        private Outcome Validate(byte[] bytes)
        {
            X509Certificate2 certificate;
            try
            {
                certificate = X509CertificateLoader.LoadCertificate(bytes);
            }
            catch (CryptographicException)
            {
                return Outcome.Refused;
            }

            using (certificate)
            {
                _ = MailAddresses.Of(certificate);
                _ = RecipientIdentifier.AllOf(certificate);
                return PathValidator.Validate(certificate, Pki.Trust, [Pki.Issuing.Certificate], Pki.Now) is PathValidation.Valid
                    ? Signed(true, bytes, corpus.Certificates)
                    : Outcome.Opened;
            }
        }

        private static Outcome Answer(byte[] response)
        {
            if (!OcspResponse.TryParse(response, out var read))
            {
                return Outcome.Refused;
            }

            var trust = new TrustStore([new TrustAnchor(Pki.Root.Certificate, RevocationPolicy.Required)], [], []) { OcspResponses = [read] };
            _ = PathValidator.Validate(Pki.Alice.Certificate, trust, [Pki.Issuing.Certificate], Pki.Now);
            return Outcome.Opened;
        }

        // Of what is signed and still holds, only what the signature does not cover may have changed.
        private static Outcome Signed(bool holds, byte[] bytes, IReadOnlyList<byte[]> originals)
        {
            if (!holds)
            {
                return Outcome.Opened;
            }

            var signed = ToBeSigned(bytes);
            Assert.True(originals.Any(original => ToBeSigned(original).AsSpan().SequenceEqual(signed)), $"Changed, and valid: {Text(bytes)}");
            return Outcome.Valid;
        }

        private static byte[] ToBeSigned(byte[] bytes) => new AsnReader(bytes, AsnEncodingRules.BER).ReadSequence().ReadEncodedValue().ToArray();
    }
}
