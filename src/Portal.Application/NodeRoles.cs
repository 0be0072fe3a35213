using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Portal.Application;

/// <summary>What one process of the portal does.</summary>
[Flags]
public enum NodeRoles
{
    None = 0,
    Web = 1,
    Worker = 2,
}

public static class NodeRolesSetting
{
    /// <summary>Both, where nothing is said.</summary>
    /// <exception cref="OptionsValidationException">Something else is said than Web, Worker or both.</exception>
    public static NodeRoles NodeRoles(this IConfiguration configuration)
    {
        var setting = NodeOptions.Read(configuration).Roles;
        if (string.IsNullOrWhiteSpace(setting))
        {
            return Application.NodeRoles.Web | Application.NodeRoles.Worker;
        }

        // Names only: the numbers behind them are nobody's business.
        return Enum.TryParse<NodeRoles>(setting, ignoreCase: true, out var roles) && roles != Application.NodeRoles.None && !setting.Any(char.IsDigit)
            ? roles
            : throw new OptionsValidationException(
                nameof(NodeOptions),
                typeof(NodeOptions),
                [$"{NodeOptions.Section}:{nameof(NodeOptions.Roles)} is \"{setting}\"; it has to be Web, Worker or Web,Worker."]);
    }
}
