// A small editor for formatted text. The server keeps only what its allow-list knows.
export function attach(element, editor, html) {
  // Parsed apart from this document: nothing in it runs or loads.
  const parsed = new DOMParser().parseFromString(html, "text/html");
  parsed.querySelectorAll("script, style, iframe, object, link, img").forEach(node => node.remove());
  parsed.querySelectorAll("*").forEach(node => [...node.attributes].forEach(attribute => {
    if (attribute.name.startsWith("on") || attribute.name === "style" || /^\s*javascript:/i.test(attribute.value)) {
      node.removeAttribute(attribute.name);
    }
  }));
  element.replaceChildren(...parsed.body.childNodes);

  let waiting;
  const tell = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => editor.invokeMethodAsync("TypedAsync", element.innerHTML), 200);
  };
  element.addEventListener("input", tell);
  element.addEventListener("paste", event => {
    event.preventDefault();
    document.execCommand("insertText", false, event.clipboardData.getData("text/plain"));
  });
  element.parentElement.querySelectorAll("[data-command]").forEach(button => {
    button.addEventListener("mousedown", event => event.preventDefault());
    button.addEventListener("click", () => {
      const command = button.dataset.command;
      const address = command === "createLink" ? prompt("Address of the link", "https://") : null;
      if (command !== "createLink" || /^(https?:|mailto:)/i.test(address ?? "")) {
        document.execCommand(command, false, address);
        tell();
      }
    });
  });
  element.focus();
}

export const text = element => element.innerText;
