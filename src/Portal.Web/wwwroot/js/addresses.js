// What is typed into an address field is handed over whole, a moment after the last key.
export function attach(root, page, written) {
  const waiting = new Map();
  const tell = input => {
    waiting.delete(input);
    // A stream may not be empty: the first byte is not part of the text.
    const bytes = new TextEncoder().encode(`.${input.value}`);
    page.invokeMethodAsync("TypedAsync", input.dataset.field, DotNet.createJSStreamReference(bytes)).catch(() => {});
  };
  root.addEventListener("input", event => {
    clearTimeout(waiting.get(event.target));
    waiting.set(event.target, setTimeout(tell, 100, event.target));
  });
  // What was typed before this script was here.
  for (const input of root.querySelectorAll("[data-field]")) {
    if (input.value !== written[input.dataset.field]) {
      tell(input);
    }
  }
  root.addEventListener("focusout", event => {
    if (waiting.has(event.target)) {
      clearTimeout(waiting.get(event.target));
      tell(event.target);
    }
  });
}
