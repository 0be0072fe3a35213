// Passkeys (WebAuthn): asks our endpoints for options, the browser for a credential, and hands its answer back as JSON.
const supported = typeof PublicKeyCredential === "function" && "parseRequestOptionsFromJSON" in PublicKeyCredential;

async function post(address, token, body) {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "X-Portal-Form": token, "Content-Type": "application/json" },
    body: JSON.stringify(body ?? {}),
  });
  if (!answer.ok) {
    throw new Error(`${answer.status}`);
  }
  return answer.status === 204 ? null : answer.json();
}

export const known = () => supported;

async function create(address, token, asking, name) {
  const options = PublicKeyCredential.parseCreationOptionsFromJSON(await post(`${address}/options`, token, asking));
  const credential = await navigator.credentials.create({ publicKey: options });
  await post(address, token, { credential: JSON.stringify(credential), name });
}

async function use(address, token) {
  const options = PublicKeyCredential.parseRequestOptionsFromJSON(await post(`${address}/options`, token));
  const credential = await navigator.credentials.get({ publicKey: options });
  await post(address, token, { credential: JSON.stringify(credential) });
}

export async function add(token, name, password) {
  try {
    await create("/account/passkeys", token, { password }, name);
    return "added";
  } catch (error) {
    return { NotAllowedError: "cancelled", SecurityError: "address" }[error.name] ?? (error.message === "403" ? "refused" : "failed");
  }
}

// On pages without a circuit. Whoever cancels is told nothing.
function offer(place, trigger, kind, deed) {
  const refused = place.querySelector("[data-refused]");
  trigger.addEventListener(kind, async event => {
    event.preventDefault();
    refused.hidden = true;
    try {
      await deed(place.querySelector("input[name=__RequestVerificationToken]").value);
      location.assign(place.dataset.return);
    } catch (error) {
      refused.hidden = error.name === "NotAllowedError";
    }
  });
}

if (supported) {
  for (const place of document.querySelectorAll("[data-passkeys], [data-passkey-sign-in]")) {
    place.hidden = false;
  }
  for (const place of document.querySelectorAll("[data-passkey-sign-in]")) {
    offer(place, place.querySelector("button"), "click", token => use(place.dataset.passkeySignIn, token));
  }
  for (const form of document.querySelectorAll("[data-passkey-add]")) {
    offer(form, form, "submit", token => create(form.dataset.passkeyAdd, token, {}, form.elements.name.value));
  }
}
