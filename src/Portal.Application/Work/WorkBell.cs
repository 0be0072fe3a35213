namespace Portal.Application.Work;

/// <summary>Rings in every node's worker when somebody has put work on the list, so that none of it waits for the next look.</summary>
public sealed class WorkBell
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done when it rings next: taken before looking at the list, nothing is missed.</summary>
    internal Task NextRing => Volatile.Read(ref _next).Task;

    internal void Ring() => Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
