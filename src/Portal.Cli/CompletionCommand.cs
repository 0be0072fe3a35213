using System.CommandLine;

namespace Portal.Cli;

/// <summary>Scripts that ask the portal itself what can follow, so that they never grow old.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        _portal() {
            local IFS=$'\n' word="${COMP_WORDS[COMP_CWORD]}"
            COMPREPLY=($(compgen -W "$(portal "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2> /dev/null | grep -v '^/\|^-?$')" -- "$word"))
            [[ ${#COMPREPLY[@]} -gt 0 ]] || COMPREPLY=($(compgen -f -- "$word"))
        }
        complete -F _portal portal
        """;

    private const string Zsh = """
        #compdef portal
        _portal() {
            local -a found
            found=("${(@f)$(portal "[suggest:${CURSOR}]" "${BUFFER}" 2> /dev/null | grep -v '^/\|^-?$')}")
            if [[ -n "${found[1]}" ]]; then compadd -a found; else _files; fi
        }
        compdef _portal portal
        """;

    private const string Fish = """
        function __portal_complete
            set -l line (commandline -cp)
            set -l found (portal "[suggest:"(string length -- "$line")"]" "$line" 2> /dev/null | string match -v -r '^/|^-\?$')
            if test (count $found) -gt 0
                printf '%s\n' $found
            else
                __fish_complete_path (commandline -ct)
            end
        end
        complete -c portal -f -a '(__portal_complete)'
        """;

    public static Command Make()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish.", CustomParser = Typed.OneOf("bash", "zsh", "fish") };
        shell.CompletionSources.Add("bash", "zsh", "fish");
        var completion = new Verb(
            "completion",
            "Prints a script that lets a shell complete commands and options.",
            "source <(portal completion bash)",
            "portal completion fish > ~/.config/fish/completions/portal.fish")
        {
            shell,
        };
        completion.SetAction(async (parsed, _) =>
        {
            await parsed.InvocationConfiguration.Output.WriteLineAsync(parsed.GetRequiredValue(shell) switch { "bash" => Bash, "zsh" => Zsh, _ => Fish });
            return ExitCodes.Fine;
        });
        return completion;
    }
}
