using Microsoft.AspNetCore.Authorization;
using Portal.Application;

namespace Portal.Web.Accounts;

/// <summary>A page or endpoint for whoever has a permission; to everybody else it is not there.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class RequiresAttribute : AuthorizeAttribute
{
    public RequiresAttribute(Permission permission)
        : base(permission.ToString()) => Permission = permission;

    public Permission Permission { get; }
}
