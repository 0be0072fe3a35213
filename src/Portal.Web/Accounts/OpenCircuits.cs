using System.Collections.Concurrent;
using Portal.Application;

namespace Portal.Web.Accounts;

/// <summary>The open pages of every person, so that signing out closes all of them.</summary>
internal sealed class OpenCircuits
{
    private readonly ConcurrentDictionary<CircuitSession, AccountId> open = new();

    public int CountOf(AccountId account) => open.Values.Count(other => other == account);

    public void Add(CircuitSession circuit, AccountId account) => open[circuit] = account;

    public void Remove(CircuitSession circuit) => open.TryRemove(circuit, out _);

    public void SignOut(AccountId account)
    {
        foreach (var (circuit, owner) in open)
        {
            if (owner == account)
            {
                circuit.SignOut();
            }
        }
    }
}
