import { take } from "./kept.js";

// The text of a message stays here until the page asks for it; the page hears only that something was typed.
const allowed = new Set(["A", "B", "BLOCKQUOTE", "BR", "CODE", "DIV", "EM", "H1", "H2", "H3", "I", "LI", "OL", "P", "PRE", "S", "SPAN", "STRONG", "U", "UL"]);
const emptied = new Set(["SCRIPT", "STYLE", "TITLE", "TEMPLATE", "NOSCRIPT", "TEXTAREA", "SELECT", "SVG", "MATH", "IFRAME", "OBJECT"]);
const address = /^(https?:|mailto:)/i;

// An allow-list here too: what the server keeps is decided there, but this page shows drafts before.
function clean(node) {
  for (const child of [...node.children]) {
    clean(child);
    const name = child.tagName.toUpperCase();
    if (emptied.has(name)) {
      child.remove();
    } else if (!allowed.has(name)) {
      child.replaceWith(...child.childNodes);
    } else {
      for (const { name: attribute } of [...child.attributes]) {
        if (name !== "A" || attribute !== "href" || !address.test(child.getAttribute("href"))) {
          child.removeAttribute(attribute);
        }
      }
    }
  }
  return [...node.childNodes];
}

export function attach(element, page, written) {
  const isRich = element.tagName === "DIV";
  let told = 0;
  let waiting = null;
  const tell = what => page.invokeMethodAsync(what).catch(() => {});
  const touched = () => {
    waiting ??= setTimeout(() => {
      waiting = null;
      told = Date.now();
      tell("Touched");
    }, Math.max(0, told + 250 - Date.now()));
  };
  element.addEventListener("input", touched);
  const left = () => {
    if (!element.isConnected) {
      removeEventListener("blur", left);
      removeEventListener("visibilitychange", left);
    } else {
      tell("Left");
    }
  };
  addEventListener("blur", left);
  addEventListener("visibilitychange", left);
  const kept = take("Body");
  if (isRich) {
    // Parsed apart from this document: nothing in it runs or loads.
    element.replaceChildren(...clean(new DOMParser().parseFromString(kept ?? written, "text/html").body));
    element.contentEditable = "true";
    format(element, touched);
    element.focus();
  } else if (kept !== null) {
    const caret = element.selectionStart;
    element.value = kept;
    element.setSelectionRange(caret, caret);
  }
  const isTyped = !isRich && element.value.replaceAll("\r\n", "\n") !== written.replaceAll("\r\n", "\n");
  if (kept !== null || isTyped) {
    touched();
  }
}

function format(element, touched) {
  element.addEventListener("paste", event => {
    event.preventDefault();
    document.execCommand("insertText", false, event.clipboardData.getData("text/plain"));
  });
  const tools = element.parentElement.querySelector(".tools");
  const link = tools.querySelector("form");
  let range = null;
  tools.addEventListener("mousedown", event => {
    if (event.target.closest("[data-command]")) {
      event.preventDefault();
    }
  });
  tools.addEventListener("click", event => {
    const command = event.target.closest("[data-command]")?.dataset.command;
    if (command === "createLink") {
      const selection = getSelection();
      range = selection.rangeCount > 0 && element.contains(selection.anchorNode) ? selection.getRangeAt(0) : null;
      link.hidden = !link.hidden;
      link.elements[0].focus();
    } else if (command) {
      document.execCommand(command, false, null);
      touched();
    }
  });
  link.addEventListener("submit", event => {
    event.preventDefault();
    const target = link.elements[0].value.trim();
    element.focus();
    if (range) {
      getSelection().removeAllRanges();
      getSelection().addRange(range);
    }
    if (address.test(target)) {
      document.execCommand(getSelection().isCollapsed ? "insertText" : "createLink", false, target);
      touched();
    }
    link.reset();
    link.hidden = true;
  });
}

// A stream may not be empty: the first byte is not part of the text.
const bytes = words => new TextEncoder().encode(`.${words}`);

export const read = element => bytes(element.value ?? element.innerHTML);

export const text = element => bytes(element.value ?? element.innerText);
