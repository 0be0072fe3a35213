namespace Portal.Web.Setup;

/// <summary>How far the demo's people and mail are; where there is no demo, nothing is waited for.</summary>
internal sealed class DemoProgress(bool isReady)
{
    private volatile bool _isReady = isReady;
    private volatile int _step;

    public bool IsReady => _isReady;

    /// <summary>Of <see cref="Application.Setup.Demo.DemoSeeding.Steps"/>.</summary>
    public int Step => _step;

    public void Reach(int step) => _step = step;

    public void Complete() => _isReady = true;
}
