// Sends a file a part at a time (tus 1.0), and goes on where a lost connection left it.

// Whole rows of the server: of a part that breaks off, less than a row is sent again.
const part = 16 * 15 * 64 * 1024;

// Seconds between one try and the next, as long as nothing gets through.
const pauses = [1, 2, 4, 8, 15, 30, 30, 60, 60, 60];

/**
 * @param file what was chosen
 * @param target where files are announced
 * @param token of our own form
 * @param signal ends it, once it is known where the file goes: somebody may have to take away what was announced
 * @param tell is told how many bytes are there, whether it waits for the connection, and where they go
 * @returns null when all is there, or else the last answer: {status, message}
 */
export async function send(file, target, token, signal, tell) {
  let place = null;
  let offset = 0;
  let tries = 0;
  while (!signal.aborted) {
    const answer = place === null ? await announce() : await go();
    if (answer.offset !== null && (answer.status === 201 || answer.status === 204)) {
      tries = answer.offset > offset ? 0 : tries;
      [place, offset] = [place ?? answer.place, answer.offset];
      tell(offset, false, place);
      if (answer.complete) {
        return null;
      }
      continue;
    }
    const mayPass = answer.status === 0 || answer.status === 409 || answer.status === 429 || (answer.status >= 500 && answer.status !== 507);
    if (signal.aborted || !mayPass || tries >= pauses.length) {
      return answer;
    }
    tell(offset, true, place);
    await pause(pauses[tries++], signal);
    if (place !== null) {
      const { status, offset: there } = await ask("HEAD", place, {}, null, signal);
      if (status === 404 || status === 410) {
        return { status, message: null };
      }
      if (there !== null && there !== offset) {
        [offset, tries] = [there, 0];
      }
    }
  }
  return { status: 0, message: null };

  function announce() {
    const never = new AbortController().signal;
    return ask("POST", target, {
      "X-Portal-Form": token,
      "Upload-Length": `${file.size}`,
      "Upload-Metadata": `filename ${encoded(file.name)},filetype ${encoded(file.type)},mark ${encoded(`${file.lastModified}`)}`,
    }, null, never);
  }

  function go() {
    const from = offset;
    return ask("PATCH", place, {
      "X-Portal-Form": token,
      "Upload-Offset": `${from}`,
      "Content-Type": "application/offset+octet-stream",
    }, file.slice(from, from + part), signal, loaded => tell(from + loaded, false, place));
  }
}

function ask(method, address, headers, body, signal, progress) {
  return new Promise(resolve => {
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    signal.addEventListener("abort", stop);
    if (progress) {
      request.upload.addEventListener("progress", event => progress(event.loaded));
    }
    request.addEventListener("loadend", () => {
      signal.removeEventListener("abort", stop);
      const header = name => request.status === 0 ? null : request.getResponseHeader(name);
      resolve({
        status: request.status,
        offset: header("Upload-Offset") === null ? null : Number(header("Upload-Offset")),
        complete: header("Upload-Complete") === "?1",
        place: header("Location"),
        message: words(request),
      });
    });
    request.open(method, address);
    for (const [name, value] of Object.entries({ "Tus-Resumable": "1.0.0", ...headers })) {
      request.setRequestHeader(name, value);
    }
    request.send(body);
  });
}

function words(request) {
  try {
    return JSON.parse(request.responseText).message;
  } catch {
    return null;
  }
}

function encoded(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

// Until then, or until the connection is back.
function pause(seconds, signal) {
  return new Promise(resolve => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener("online", end);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, 1000 * seconds);
    addEventListener("online", end);
    signal.addEventListener("abort", end);
  });
}
