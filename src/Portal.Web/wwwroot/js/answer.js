// Where there is a script, the files of an answer go a part at a time and show how far they are; without one they go with the form.
import { send } from "./files.js";

const form = document.querySelector("form[data-answer]");
const input = form.querySelector("input[type=file]");

input.addEventListener("change", async () => {
  const files = [...input.files];
  input.value = "";
  const buttons = [...form.querySelectorAll("button")];
  buttons.forEach(button => button.disabled = true);
  const list = document.createElement("ul");
  list.className = "rows";
  input.closest("label").before(list);
  const draft = await keep();
  let failed = draft === null;
  for (const file of files) {
    const row = list.appendChild(document.createElement("li"));
    row.append(`${file.name} `);
    const state = row.appendChild(document.createElement("small"));
    state.setAttribute("role", "status");
    if (draft === null) {
      state.textContent = form.dataset.failed;
      continue;
    }
    const token = form.elements.__RequestVerificationToken.value;
    const failure = await send(file, `${draft}/files`, token, new AbortController().signal, (there, waits) => {
      state.textContent = waits ? form.dataset.waits : `${file.size > 0 ? Math.floor(100 * there / file.size) : 0} %`;
    });
    if (failure !== null) {
      failed = true;
      state.textContent = failure.message ?? (failure.status === 0 ? form.dataset.broken : form.dataset.failed);
      state.setAttribute("role", "alert");
    }
  }
  if (!failed && await keep() !== null) {
    location.assign(draft);
    return;
  }
  buttons.forEach(button => button.disabled = false);
});

// What is typed, so that there is a draft; its address, or null.
async function keep() {
  const typed = new FormData(form);
  typed.delete("files");
  typed.set("act", "save");
  try {
    const { ok, url } = await fetch(form.action, { method: "POST", body: typed });
    const path = new URL(url).pathname;
    if (!ok || !path.startsWith("/read/drafts/")) {
      return null;
    }
    form.elements.draft.value = path.split("/").pop();
    return path;
  } catch {
    return null;
  }
}
