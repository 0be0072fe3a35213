using System.CommandLine;

namespace Portal.Cli;

/// <summary>A command with examples for its help, each a line that can be typed.</summary>
internal sealed class Verb(string name, string description, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples => examples;
}
