using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Portal.Application;
using Portal.Application.Organisations;
using Portal.Smime.Keys;

namespace Portal.Cli;

internal static class PolicyCommand
{
    public static Command Make()
    {
        var keys = Choice("--signing-keys", "Of new signing pairs; those that people have stay as they are.", nameof(KeyAlgorithm.P256), nameof(KeyAlgorithm.Rsa3072), nameof(KeyAlgorithm.Rsa4096));
        var encryption = Choice("--encryption-keys", "Of new pairs that open mail: Rsa3072, which every software encrypts for, or P256, which a store has to agree on keys with.", nameof(KeyAlgorithm.Rsa3072), nameof(KeyAlgorithm.P256));
        var signedOnly = Choice("--signed-only", "May mail go out signed but readable, when a recipient has no certificate?", "true", "false");
        var unprotected = Choice("--unprotected", "May mail go out neither signed nor encrypted?", "true", "false");
        var export = Choice("--key-export", "May people have a copy of the keys that open their mail, when a second person agrees?", "true", "false");
        var published = Choice("--publish-certificates", "May everybody look up by address whom to encrypt for? Otherwise only the organisation's own people.", "true", "false");
        var unknown = new Option<UnknownSoftware?>("--unknown-software") { CustomParser = Typed.OneOf<UnknownSoftware>, Description = "Encryption where the recipient's software is unknown: Compatible (AES-CBC) or Modern (AES-GCM)." };
        var factor = new Option<SecondFactorDemand?>("--second-factor") { CustomParser = Typed.OneOf<SecondFactorDemand>, Description = "Who signs in with more than a password: Administrators, Everybody or Nobody." };
        var days = new Option<int?>("--certificate-days")
        {
            HelpName = "DAYS",
            CustomParser = typed => Typed.Number(typed, OrganisationPolicy.ShortestCertificate, OrganisationPolicy.LongestCertificate),
            Description = $"How long new certificates of people are valid, {OrganisationPolicy.ShortestCertificate} to {OrganisationPolicy.LongestCertificate}; they are renewed thirty days before their end.",
        };
        var outsiders = new Option<OutsiderDelivery?>("--outsiders") { CustomParser = Typed.OneOf<OutsiderDelivery>, Description = "How mail reaches people outside: CertificateThenLink (by a link whoever has no certificate), Link, or Certificate (nobody by a link)." };
        var linkDays = new Option<int?>("--link-days")
        {
            HelpName = "DAYS",
            CustomParser = typed => Typed.Number(typed, 1, ReaderPolicy.LongestLink),
            Description = $"How long people outside can read what they are sent a link to, 1 to {ReaderPolicy.LongestLink}.",
        };
        var reach = new Option<ReaderReach?>("--readers-write-to") { CustomParser = Typed.OneOf<ReaderReach>, Description = "Whom people outside can write to where they read: Correspondents, Organisation or Anybody." };
        var originals = Choice("--originals", "Can people outside have a message as it was signed, to show to others?", "true", "false");
        var ownProof = Choice("--own-proof", "Does whoever outside has a passkey or an app here have to show it for every message by a link?", "true", "false");
        var phrase = Choice("--pass-phrase", "Does every message by a link need a phrase that its sender told the reader another way?", "true", "false");
        var devices = new Option<int?>("--device-days")
        {
            HelpName = "DAYS",
            CustomParser = typed => Typed.Number(typed, 0, ReaderPolicy.LongestDevice),
            Description = $"How long a browser outside is recognised after a code, 0 (never) to {ReaderPolicy.LongestDevice}.",
        };
        var reminder = new Option<int?>("--remind-after")
        {
            HelpName = "DAYS",
            CustomParser = typed => Typed.Number(typed, 0, ReaderPolicy.LatestReminder),
            Description = $"After how many days whoever has not opened a message by a link is reminded, 0 (never) to {ReaderPolicy.LatestReminder}.",
        };
        var domain = ChosenOrganisation.Option();
        var policy = new Verb("policy", "Shows what an organisation allows and chooses; with options, changes it.", "portal policy --signed-only true")
        {
            keys, encryption, signedOnly, unprotected, export, published, unknown, factor, days, outsiders, linkDays, reach, originals, phrase, ownProof, devices, reminder, domain,
        };
        policy.SetAction((parsed, cancellationToken) => ChosenOrganisation.RunAsync(parsed, domain, async (provider, voice, organisation) =>
        {
            var policies = provider.GetRequiredService<OrganisationPolicies>();
            var before = await policies.ReadAsync(organisation.Id, cancellationToken);
            var after = new OrganisationPolicy(
                parsed.GetValue(keys) is { } chosen ? Enum.Parse<KeyAlgorithm>(chosen) : before.SigningKeys,
                parsed.GetValue(encryption) is { } opening ? Enum.Parse<KeyAlgorithm>(opening) : before.EncryptionKeys,
                Answer(parsed.GetValue(signedOnly)) ?? before.AllowsSignedOnly,
                Answer(parsed.GetValue(unprotected)) ?? before.AllowsUnprotected,
                parsed.GetValue(unknown) ?? before.UnknownSoftware,
                parsed.GetValue(factor) ?? before.SecondFactor,
                parsed.GetValue(days) ?? before.CertificateDays,
                Answer(parsed.GetValue(export)) ?? before.AllowsKeyExport,
                Answer(parsed.GetValue(published)) ?? before.PublishesCertificates,
                parsed.GetValue(outsiders) ?? before.Outsiders,
                new ReaderPolicy(
                    parsed.GetValue(linkDays) ?? before.Readers.LinkDays,
                    parsed.GetValue(reach) ?? before.Readers.Reach,
                    Answer(parsed.GetValue(originals)) ?? before.Readers.GivesOriginals,
                    Answer(parsed.GetValue(phrase)) ?? before.Readers.DemandsPassPhrase,
                    parsed.GetValue(devices) ?? before.Readers.DeviceDays,
                    parsed.GetValue(reminder) ?? before.Readers.ReminderDays,
                    Answer(parsed.GetValue(ownProof)) ?? before.Readers.DemandsOwnProof));
            if (after != before)
            {
                await policies.ChangeAsync(new Actor.Portal(organisation.Id, "command-line"), after, cancellationToken);
            }

            return await voice.TellAsync(
                new
                {
                    organisation = organisation.Name,
                    policy = new
                    {
                        after.SigningKeys,
                        after.EncryptionKeys,
                        after.AllowsSignedOnly,
                        after.AllowsUnprotected,
                        after.UnknownSoftware,
                        after.SecondFactor,
                        after.CertificateDays,
                        after.AllowsKeyExport,
                        after.PublishesCertificates,
                        after.Outsiders,
                        after.Readers,
                    },
                },
                organisation.Name,
                $"signing keys      {after.SigningKeys}",
                $"encryption keys   {after.EncryptionKeys}",
                $"signed only       {(after.AllowsSignedOnly ? "allowed" : "not allowed")}",
                $"unprotected       {(after.AllowsUnprotected ? "allowed" : "not allowed")}",
                $"key export        {(after.AllowsKeyExport ? "allowed" : "not allowed")}",
                $"directory         {(after.PublishesCertificates ? "for everybody" : "for the organisation's people")}",
                $"unknown software  {after.UnknownSoftware}",
                $"second factor     {after.SecondFactor}",
                $"certificates      valid for {after.CertificateDays} days",
                $"people outside    {Words(after.Outsiders)}",
                $"links             last {after.Readers.LinkDays} days",
                $"readers           write to {Words(after.Readers.Reach)}",
                $"originals         {(after.Readers.GivesOriginals ? "for readers too" : "stay here")}",
                $"pass phrase       {(after.Readers.DemandsPassPhrase ? "with every link" : "where the sender chooses one")}",
                $"passkey or app    {(after.Readers.DemandsOwnProof ? "shown by whoever has one" : "where the sender asks for it")}",
                $"devices           {(after.Readers.DeviceDays > 0 ? $"recognised for {after.Readers.DeviceDays} days" : "not recognised")}",
                $"reminders         {(after.Readers.ReminderDays > 0 ? $"after {after.Readers.ReminderDays} {(after.Readers.ReminderDays == 1 ? "day" : "days")}" : "by hand only")}");
        }, cancellationToken));
        return policy;
    }

    private static string Words(OutsiderDelivery delivery) => delivery switch
    {
        OutsiderDelivery.CertificateThenLink => "by certificate, or else by a link",
        OutsiderDelivery.Link => "by a link",
        OutsiderDelivery.Certificate => "by certificate only",
    };

    private static string Words(ReaderReach reach) => reach switch
    {
        ReaderReach.Correspondents => "whoever wrote to them",
        ReaderReach.Organisation => "everybody here",
        ReaderReach.Anybody => "anybody",
    };

    // The library would leave another word than true or false to whatever follows, if these were bool.
    private static bool? Answer(string? word) => word is null ? null : bool.Parse(word);

    private static Option<string?> Choice(string name, string description, params string[] words)
    {
        var option = new Option<string?>(name) { Description = description, CustomParser = Typed.OneOf(words) };
        option.CompletionSources.Add(words);
        return option;
    }
}
