namespace Portal.Web.Setup;

/// <summary>Whether the demo's people and mail are there; where there is no demo, nothing is waited for.</summary>
internal sealed class DemoProgress(bool isReady)
{
    private volatile bool _isReady = isReady;

    public bool IsReady => _isReady;

    public void Complete() => _isReady = true;
}
