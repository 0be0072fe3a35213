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

const moving = new Set(["ArrowDown", "ArrowUp", "Home", "End"]);

// Arrow keys move the selection, not the list; whoever clicks a row goes on with keys from there.
export function keys(root) {
  root.addEventListener("keydown", event => {
    if (!event.target.closest(".rows") || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    if (moving.has(event.key)) {
      event.preventDefault();
    } else if (event.key === "Enter" && !event.target.matches("button, input")) {
      document.querySelector(".pane")?.focus();
    }
  });
  root.addEventListener("click", event => {
    if (event.target.closest(".rows a")) {
      event.target.closest(".rows").focus({ preventScroll: true });
    }
  });
}

// Rows that are far away are not drawn: their place follows from their number.
export function reveal(root, number, height) {
  const box = root.querySelector(".rows");
  const top = number * height;
  if (box && top < box.scrollTop) {
    box.scrollTop = top;
  } else if (box && top + height > box.scrollTop + box.clientHeight) {
    box.scrollTop = top + height - box.clientHeight;
  }
}
