import { keep } from "./kept.js";

// What components hand to scripts that post by themselves.
globalThis.portalForm = () => document.querySelector("meta[name=portal-form]").content;

// A double click is one click: what the first began, the second neither begins again nor confirms.
document.addEventListener("click", event => {
  if (event.detail > 1 && event.target.closest("button, fluent-button")) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}, true);

// Forms that end a session carry the page's token.
document.addEventListener("submit", event => {
  const form = event.target;
  if (!form.matches("form[data-with-token]") || form.elements.__RequestVerificationToken) {
    return;
  }
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = "__RequestVerificationToken";
  field.value = globalThis.portalForm();
  form.append(field);
});

// A menu closes when one has chosen from it, clicks elsewhere or presses Escape.
const closeMenus = except => document.querySelectorAll("details[name][open]").forEach(menu => {
  if (!menu.contains(except)) {
    menu.open = false;
  }
});
document.addEventListener("click", event => closeMenus(event.target.closest("details[name] .menu :is(a, button)") ? null : event.target));
document.addEventListener("keydown", event => event.key === "Escape" && closeMenus(null));

// The session's cookie slides with requests; while someone types into an open page there are none.
let active = false;
for (const kind of ["pointerdown", "keydown"]) {
  addEventListener(kind, () => { active = true; }, { passive: true });
}
setInterval(() => {
  if (active) {
    active = false;
    fetch("/account/still-here", { redirect: "manual" }).catch(() => {});
  }
}, 60_000);

// The system's colours, or those chosen in this browser; the server draws them from the first byte on.
globalThis.portalTheme = chosen => {
  if (chosen) {
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `portal-theme=${chosen}; path=/; max-age=31536000; samesite=lax${secure}`;
    document.documentElement.dataset.theme = document.body.dataset.theme = chosen;
    document.querySelector("link[data-dark]").media = { light: "not all", dark: "all" }[chosen] ?? "(prefers-color-scheme: dark)";
  }
  return document.documentElement.dataset.theme;
};

// A sheet is opened by whatever names it.
document.addEventListener("click", event => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    closeMenus(null);
    document.getElementById(opener.dataset.opens).showModal();
  }
});

// Where a button vanishes with what it is in, one goes on in the page.
document.addEventListener("click", event => {
  if (event.target.closest(".toast button")) {
    (document.querySelector(".rows") ?? document.getElementById("content"))?.focus({ preventScroll: true });
  }
});

const typing = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true], fluent-text-input";
const ofList = new Set(["j", "k", "r", "e", "u", "z", "Delete"]);
document.addEventListener("keydown", event => {
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && event.target.closest(".compose")) {
    document.querySelector("[data-testid=compose-send]")?.click();
    return;
  }
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.target.closest(typing) || document.querySelector("dialog[open]")) {
    return;
  }
  const rows = document.querySelector(".rows");
  if (event.key === "?") {
    document.getElementById("shortcuts")?.showModal();
  } else if (event.key === "c") {
    document.querySelector("a[href='/compose']")?.click();
  } else if (event.isTrusted && ofList.has(event.key) && rows && !rows.contains(event.target)) {
    rows.dispatchEvent(new KeyboardEvent("keydown", { key: event.key, bubbles: true }));
  }
});

// While the connection is away one goes on writing; what was typed meanwhile is told again when it is back.
const banner = document.getElementById("components-reconnect-modal");
let isWaiting = false;

function back() {
  delete banner.dataset.state;
  for (const field of document.querySelectorAll("[data-kept]")) {
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

const isStillThere = async () => {
  try {
    return await Blazor.reconnect();
  } catch {
    return false;
  }
};

// The page as it is, if the portal still has it; else a new one, with what was typed.
async function whenItAnswers(isRejected) {
  if (isWaiting) {
    return;
  }
  isWaiting = true;
  for (;;) {
    try {
      const answer = await fetch("/health/live", { cache: "no-store" });
      if (answer.ok) {
        if (isRejected || !await isStillThere()) {
          location.reload();
        }
        isWaiting = false;
        return;
      }
    } catch { /* still away */ }
    await new Promise(resolve => setTimeout(resolve, 2000));
  }
}

// Whose session has ended meanwhile is led to sign-in; the framework would go on trying.
let isWatched = false;
async function whileItIsAway() {
  if (isWatched) {
    return;
  }
  isWatched = true;
  while (banner.dataset.state) {
    await new Promise(resolve => setTimeout(resolve, 3000));
    try {
      const answer = banner.dataset.state && await fetch("/account/still-here", { redirect: "manual", cache: "no-store" });
      if (answer?.type === "opaqueredirect") {
        location.reload();
        return;
      }
    } catch { /* still away */ }
  }
  isWatched = false;
}

banner.addEventListener("components-reconnect-state-changed", event => {
  const state = event.detail.state;
  if (state === "hide") {
    back();
  } else if (state === "failed" || state === "rejected") {
    banner.dataset.state = "lost";
    whenItAnswers(state === "rejected");
  } else {
    banner.dataset.state = "trying";
    whileItIsAway();
  }
});
addEventListener("pagehide", () => banner.dataset.state && keep());
