// What components hand to scripts that post by themselves.
globalThis.portalForm = () => document.querySelector("meta[name=portal-form]").content;

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

// A menu closes when one clicks elsewhere or presses Escape.
const closeMenus = except => document.querySelectorAll("details[name][open]").forEach(menu => {
  if (!menu.contains(except)) {
    menu.open = false;
  }
});
document.addEventListener("click", event => closeMenus(event.target));
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

// After the circuit is lost, reload once the portal answers; drafts are on the server.
const modal = document.getElementById("components-reconnect-modal");
let waiting = false;
async function reloadWhenBack() {
  if (waiting) {
    return;
  }
  waiting = true;
  for (;;) {
    try {
      const answer = await fetch("/health/live", { cache: "no-store" });
      if (answer.ok) {
        location.reload();
        return;
      }
    } catch { /* still away */ }
    await new Promise(resolve => setTimeout(resolve, 2000));
  }
}
modal.addEventListener("components-reconnect-state-changed", event => {
  const state = event.detail.state;
  if (state === "hide") {
    modal.close();
    return;
  }
  if (!modal.open) {
    modal.showModal();
  }
  modal.dataset.state = state === "failed" || state === "rejected" ? "lost" : "trying";
  if (modal.dataset.state === "lost") {
    reloadWhenBack();
  }
});
