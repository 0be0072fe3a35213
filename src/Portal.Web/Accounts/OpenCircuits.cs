using System.Collections.Concurrent;
using Portal.Application;

namespace Portal.Web.Accounts;

/// <summary>The open pages of every person, so that signing out closes all of them.</summary>
internal sealed class OpenCircuits
{
    private readonly ConcurrentDictionary<CircuitSession, AccountId> open = new();

    /// <summary>In front of somebody: what a lost connection has left behind waits for its page, and is bounded by itself.</summary>
    public int CountOf(AccountId account) => open.Count(other => other.Value == account && other.Key.IsConnected);

    public void Add(CircuitSession circuit, AccountId account) => open[circuit] = account;

    public void Remove(CircuitSession circuit) => open.TryRemove(circuit, out _);

    /// <summary>All pages of one session, at once; on other nodes they find out by themselves.</summary>
    public void SignOut(SessionId session)
    {
        foreach (var circuit in open.Keys)
        {
            if (circuit.Session == session)
            {
                circuit.SignOut();
            }
        }
    }

    /// <summary>All pages of one person: disabled, or with other roles than a moment ago.</summary>
    public void End(AccountId account)
    {
        foreach (var (circuit, owner) in open)
        {
            if (owner == account)
            {
                circuit.End();
            }
        }
    }
}
