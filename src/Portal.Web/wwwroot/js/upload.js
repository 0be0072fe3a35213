// Files go by their own request, straight to where they are sealed; the page hears of the progress.
const running = new Map();

let last = 0;

export function cancel(number) {
  running.get(number)?.abort();
}

export function attach(root, page) {
  const send = async files => {
    const target = files.length > 0 ? await page.invokeMethodAsync("PrepareAsync").catch(() => null) : null;
    for (const file of files) {
      await upload(root, file, page, target);
    }
  };
  const input = root.querySelector("input[type=file]");
  const chosen = () => {
    const files = [...input.files];
    input.value = "";
    return send(files);
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
      send([...event.clipboardData.files]);
    }
  });
  area.addEventListener("drop", event => {
    root.classList.remove("over");
    if (event.dataTransfer.files.length > 0) {
      event.preventDefault();
      send([...event.dataTransfer.files]);
    }
  });
}

function upload(root, file, page, target) {
  return new Promise(resolve => {
    const request = new XMLHttpRequest();
    const number = ++last;
    running.set(number, request);
    // A page that was left hears nothing any more.
    const tell = (...words) => page.invokeMethodAsync(...words).catch(() => request.abort());
    const form = new FormData();
    form.append("file", file, file.name);
    let told = -1;
    request.upload.addEventListener("progress", event => {
      const percent = event.total > 0 ? Math.floor(100 * event.loaded / event.total) : 0;
      if (percent >= told + 5) {
        told = percent;
        tell("Progress", number, file.name, percent);
      }
    });
    request.addEventListener("loadend", async () => {
      running.delete(number);
      await (request.status === 200 ? tell("DoneAsync", number) : tell("Failed", number, reason(root, request)));
      resolve();
    });
    tell("Progress", number, file.name, 0);
    if (target === null) {
      running.delete(number);
      tell("Failed", number, root.dataset.failed).then(resolve);
      return;
    }
    request.open("POST", target);
    request.setRequestHeader("X-Portal-Form", document.querySelector("meta[name=portal-form]").content);
    request.send(form);
  });
}

function reason(root, request) {
  try {
    return JSON.parse(request.responseText).message;
  } catch {
    return request.status === 0 ? root.dataset.broken : root.dataset.failed;
  }
}
