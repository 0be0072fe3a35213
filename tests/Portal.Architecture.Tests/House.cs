using ArchUnitNET.Loader;

namespace Portal.Architecture.Tests;

/// <summary>The compiled house, method bodies included.</summary>
internal static class House
{
    private static readonly Lazy<ArchUnitNET.Domain.Architecture> Loaded = new(() => new ArchLoader()
        .LoadAssemblies(
            System.Reflection.Assembly.Load("Portal.Smime"),
            System.Reflection.Assembly.Load("Portal.KeyStores"),
            System.Reflection.Assembly.Load("Portal.Application"),
            System.Reflection.Assembly.Load("Portal.Database"),
            System.Reflection.Assembly.Load("Portal.Web"),
            System.Reflection.Assembly.Load("portal"))
        .Build());

    /// <summary>Every use of one type by another: from, to, both with namespace.</summary>
    public static IReadOnlyList<(string From, string To)> Uses { get; } = Loaded.Value.Types
        .SelectMany(type => type.Dependencies.Select(dependency => (From: type.FullName, To: dependency.Target.FullName)))
        .Distinct()
        .ToList();

    public static bool IsIn(string typeName, string space) => typeName.StartsWith(space + ".", StringComparison.Ordinal);
}
