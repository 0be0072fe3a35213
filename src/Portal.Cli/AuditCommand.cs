using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Portal.Application;
using Portal.Application.Audit;
using Portal.Application.Checkpoints;
using Portal.Application.Organisations;

namespace Portal.Cli;

internal static class AuditCommand
{
    public static Command Make() => new("audit", "The record of who did what: one chain for each organisation.") { Verify(), Export(), Checkpoint() };

    private static Verb Verify()
    {
        var domain = ChosenOrganisation.OptionForOneOfAll();
        var file = new Option<FileInfo?>("--checkpoints") { HelpName = "FILE", CustomParser = Typed.File, Description = "A file of checkpoints; otherwise the one of Portal:Audit:CheckpointTarget." };
        var key = new Option<string?>("--key") { HelpName = "SHA-256", Description = "SHA-256 of the public key that alone is believed, as you noted it; otherwise the key store has to prove its keys." };
        var verify = new Verb(
            "verify",
            "Walks the chains and holds them against their checkpoints; names the first bad entry.",
            "portal audit verify",
            "portal audit verify --domain example.org --checkpoints /mnt/auditor/checkpoints.jsonl")
        {
            domain,
            file,
            key,
        };
        verify.SetAction((parsed, cancellationToken) => Node.RunAsync(parsed, async (provider, voice) =>
        {
            if (await ChosenOrganisation.FindAllAsync(provider, voice, parsed.GetValue(domain), cancellationToken) is not { } organisations)
            {
                return ExitCodes.NotFine;
            }

            var examination = provider.GetRequiredService<ChainExamination>();
            var verdicts = new List<(OrganisationName Organisation, ChainVerdict Verdict)>();
            foreach (var organisation in organisations)
            {
                verdicts.Add((organisation, await examination.VerifyAsync(organisation.Id, parsed.GetValue(file)?.FullName, parsed.GetValue(key), cancellationToken)));
            }

            var answer = verdicts.Select(one => VerdictWords.View(one.Organisation, one.Verdict));
            var lines = verdicts.SelectMany(one => VerdictWords.Lines(one.Organisation, one.Verdict));
            return verdicts.All(one => one.Verdict.IsFine) ? await voice.TellAsync(answer, lines) : await voice.WarnAsync(answer, lines);
        }));
        return verify;
    }

    private static Verb Export()
    {
        var domain = ChosenOrganisation.Option();
        var from = new Option<DateTimeOffset?>("--from") { HelpName = "TIME", CustomParser = Typed.Moment, Description = "Entries of that moment and later, ISO 8601; UTC where no offset is given." };
        var until = new Option<DateTimeOffset?>("--until") { HelpName = "TIME", CustomParser = Typed.Moment, Description = "Entries before that moment." };
        var output = new Option<FileInfo?>("--output") { HelpName = "FILE", CustomParser = Typed.File, Description = "A new file; otherwise standard output." };
        var export = new Verb(
            "export",
            "Writes a chain as JSON lines, with hashes; that it was exported is on record.",
            "portal audit export --from 2026-01-01 --until 2026-02-01 --output january.jsonl")
        {
            domain,
            from,
            until,
            output,
        };
        export.SetAction((parsed, cancellationToken) => ChosenOrganisation.RunAsync(parsed, domain, async (provider, voice, organisation) =>
        {
            var actor = new Actor.Portal(organisation.Id, "command-line");
            var service = provider.GetRequiredService<AuditExport>();
            if (parsed.GetValue(output) is not { } file)
            {
                await using var standard = Console.OpenStandardOutput();
                await service.WriteAsync(actor, parsed.GetValue(from), parsed.GetValue(until), standard, cancellationToken);
                return ExitCodes.Fine;
            }

            await using var target = new FileStream(NamedFile.ToWrite(file).FullName, FileMode.CreateNew, FileAccess.Write);
            var count = await service.WriteAsync(actor, parsed.GetValue(from), parsed.GetValue(until), target, cancellationToken);
            return await voice.TellAsync(new { entries = count, file = file.FullName }, $"{count} entries are in {file.FullName}.");
        }, cancellationToken));
        return export;
    }

    private static Verb Checkpoint()
    {
        var domain = ChosenOrganisation.OptionForOneOfAll();
        var checkpoint = new Verb("checkpoint", "Writes a signed checkpoint of each chain to Portal:Audit:CheckpointTarget now.", "portal audit checkpoint") { domain };
        checkpoint.SetAction((parsed, cancellationToken) => Node.RunAsync(parsed, async (provider, voice) =>
        {
            if (await ChosenOrganisation.FindAllAsync(provider, voice, parsed.GetValue(domain), cancellationToken) is not { } organisations)
            {
                return ExitCodes.NotFine;
            }

            var checkpoints = provider.GetRequiredService<AuditCheckpoints>();
            var outcomes = new List<(string Name, CheckpointOutcome Outcome)>();
            foreach (var organisation in organisations)
            {
                outcomes.Add((organisation.Name, await checkpoints.WriteAsync(organisation.Id, cancellationToken)));
            }

            var answer = outcomes.Select(one => new
            {
                organisation = one.Name,
                (one.Outcome as CheckpointOutcome.Written)?.Sequence,
                (one.Outcome as CheckpointOutcome.Written)?.Key,
                problem = one.Outcome is CheckpointOutcome.Written ? null : Words(one.Outcome),
            });
            var lines = outcomes.Select(one => $"{one.Name}: {Words(one.Outcome)}");
            return outcomes.All(one => one.Outcome is CheckpointOutcome.Written) ? await voice.TellAsync(answer, lines) : await voice.WarnAsync(answer, lines);
        }));
        return checkpoint;
    }

    private static string Words(CheckpointOutcome outcome) => outcome switch
    {
        CheckpointOutcome.Written written => $"fixed up to entry {written.Sequence}, signed by key {written.Key}.",
        CheckpointOutcome.NoTarget => "there is no second place: set Portal:Audit:CheckpointTarget.",
        CheckpointOutcome.Failed failed => failed.Problem,
        _ => throw new InvalidOperationException("There are three outcomes."),
    };
}
