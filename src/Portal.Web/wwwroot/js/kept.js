// What was typed and where one was, over a reload that nobody asked for: kept by this tab for the person who typed it, and taken out when it is read.
const prefix = "portal-kept:";
const name = path => prefix + path;
const person = document.body.dataset.person;

function read() {
  // Somebody else has signed in here meanwhile: nothing of it is theirs.
  for (const key of Object.keys(sessionStorage).filter(key => key.startsWith(prefix))) {
    if (JSON.parse(sessionStorage.getItem(key)).person !== person) {
      sessionStorage.removeItem(key);
    }
  }
  const kept = sessionStorage.getItem(name(location.pathname));
  sessionStorage.removeItem(name(location.pathname));
  return kept ? JSON.parse(kept) : { typed: {}, scrolled: {}, focus: null };
}

const { typed, scrolled, focus } = read();
const boxes = [".rows", ".scroll", ".page", ".compose"];

export function keep() {
  const focused = document.activeElement?.closest("[data-kept]");
  const now = { person, typed: {}, scrolled: {}, focus: focused ? { field: focused.dataset.kept, at: focused.selectionStart ?? null } : null };
  for (const field of document.querySelectorAll("[data-kept]")) {
    now.typed[field.dataset.kept] = field.value ?? field.innerHTML;
  }
  for (const box of boxes) {
    now.scrolled[box] = document.querySelector(box)?.scrollTop ?? 0;
  }
  sessionStorage.setItem(name(location.pathname), JSON.stringify(now));
}

/** Once; null where nothing was kept. */
export function take(field) {
  const words = typed[field] ?? null;
  delete typed[field];
  return words;
}

// Fields come when the page is drawn; those that hold formatted text ask for theirs.
function restore() {
  for (const input of document.querySelectorAll("input[data-kept]")) {
    const words = take(input.dataset.kept);
    if (words !== null && words !== input.value) {
      input.value = words;
      setTimeout(() => input.dispatchEvent(new Event("input", { bubbles: true })));
    }
  }
  if (typed.Cc || typed.Bcc) {
    document.querySelector("[data-more]")?.click();
  }
  for (const box of boxes.filter(box => scrolled[box] > 0)) {
    const found = document.querySelector(box);
    if (found) {
      found.scrollTop = scrolled[box];
      if (Math.abs(found.scrollTop - scrolled[box]) < 2) {
        delete scrolled[box];
      }
    }
  }
}

// The page draws its fields more than once before it rests: the caret is where it was when it has stayed for a second, or somebody took it elsewhere.
function returnTo({ field, at }) {
  let stayed = 0;
  const end = () => clearInterval(timer);
  const timer = setInterval(() => {
    const element = document.querySelector(`[data-kept="${field}"]`);
    if (element !== null && element === document.activeElement) {
      stayed += 1;
      if (stayed === 10) {
        end();
      }
    } else if (element !== null && (at === null || element.value.length >= at)) {
      stayed = 0;
      element.focus();
      if (at === null) {
        getSelection().selectAllChildren(element);
        getSelection().collapseToEnd();
      } else {
        element.setSelectionRange(at, at);
      }
    }
  }, 100);
  addEventListener("pointerdown", end, { once: true });
  setTimeout(end, 15_000);
}

if (focus) {
  returnTo(focus);
}

if (Object.keys(typed).length + Object.values(scrolled).filter(top => top > 0).length > 0) {
  const watcher = new MutationObserver(restore);
  watcher.observe(document.body, { childList: true, subtree: true });
  setTimeout(() => watcher.disconnect(), 15_000);
}
