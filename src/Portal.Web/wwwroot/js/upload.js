// Files go by their own requests, straight to where they are sealed; the page hears of the progress.
import { send } from "./files.js";

const running = new Map();

let last = 0;

export function cancel(number) {
  running.get(number)?.abort();
}

export function attach(root, page) {
  const sendAll = async files => {
    const target = files.length > 0 ? await page.invokeMethodAsync("PrepareAsync").catch(() => null) : null;
    for (const file of files) {
      await upload(root, file, page, target);
    }
  };
  const input = root.querySelector("input[type=file]");
  const chosen = () => {
    const files = [...input.files];
    input.value = "";
    return sendAll(files);
  };
  input.addEventListener("change", chosen);
  // What was chosen before this script was here.
  chosen();
  const area = root.closest(".compose") ?? root;
  area.addEventListener("dragover", event => {
    if (event.dataTransfer.types.includes("Files")) {
      event.preventDefault();
      root.classList.add("over");
    }
  });
  area.addEventListener("dragleave", () => root.classList.remove("over"));
  area.addEventListener("paste", event => {
    if (event.clipboardData.files.length > 0) {
      event.preventDefault();
      sendAll([...event.clipboardData.files]);
    }
  });
  area.addEventListener("drop", event => {
    root.classList.remove("over");
    if (event.dataTransfer.files.length > 0) {
      event.preventDefault();
      sendAll([...event.dataTransfer.files]);
    }
  });
}

async function upload(root, file, page, target) {
  const number = ++last;
  const control = new AbortController();
  running.set(number, control);
  // A page that was left hears nothing any more.
  const tell = (...words) => page.invokeMethodAsync(...words).catch(() => control.abort());
  let told = "";
  const progress = (there, waits, place) => {
    const percent = file.size > 0 ? Math.floor(100 * there / file.size) : 0;
    const state = `${percent} ${waits} ${place}`;
    if (state !== told) {
      told = state;
      tell("ProgressAsync", number, file.name, percent, waits, place?.split("/").pop() ?? null);
    }
  };
  progress(0, false, null);
  const failure = target === null
    ? { status: 404, message: null }
    : await send(file, target, document.querySelector("meta[name=portal-form]").content, control.signal, progress);
  running.delete(number);
  await (failure === null
    ? tell("DoneAsync", number)
    : tell("FailedAsync", number, failure.message ?? (failure.status === 0 ? root.dataset.broken : root.dataset.failed)));
}
