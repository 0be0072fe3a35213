// The end of a window comes into sight: the next one is fetched.
let watcher;

export function whenSeen(element, list) {
  watcher?.disconnect();
  if (!element?.isConnected) {
    return;
  }
  watcher = new IntersectionObserver(entries => {
    if (entries.some(entry => entry.isIntersecting)) {
      watcher.disconnect();
      list.invokeMethodAsync("OlderAsync");
    }
  }, { rootMargin: "400px" });
  watcher.observe(element);
}
