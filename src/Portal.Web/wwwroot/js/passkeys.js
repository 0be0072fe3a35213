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

export async function add(token, name, password) {
  try {
    const options = PublicKeyCredential.parseCreationOptionsFromJSON(await post("/account/passkeys/options", token, { password }));
    const credential = await navigator.credentials.create({ publicKey: options });
    await post("/account/passkeys", token, { credential: JSON.stringify(credential), name });
    return "added";
  } catch (error) {
    return { NotAllowedError: "cancelled", SecurityError: "address" }[error.name] ?? (error.message === "403" ? "refused" : "failed");
  }
}

const place = document.querySelector("[data-passkey-sign-in]");
if (place && supported) {
  place.hidden = false;
  const refused = place.querySelector("[data-refused]");
  place.querySelector("button").addEventListener("click", async () => {
    refused.hidden = true;
    const token = place.querySelector("[data-token] input").value;
    try {
      const options = PublicKeyCredential.parseRequestOptionsFromJSON(await post("/sign-in/passkey/options", token));
      const credential = await navigator.credentials.get({ publicKey: options });
      await post("/sign-in/passkey", token, { credential: JSON.stringify(credential) });
      location.assign(place.dataset.return);
    } catch (error) {
      refused.hidden = error.name === "NotAllowedError";
    }
  });
}
