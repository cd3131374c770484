/*
 * Passkeys: the one thing of the team's pages that a browser does by script alone. The page brings
 * a form with a challenge (its token) and all words; this asks the authenticator, writes the answer
 * into the form's fields and sends it as any form is sent.
 */
(() => {
  "use strict";

  const bytesOfHex = (hex) => Uint8Array.from(hex.match(/../g), (two) => parseInt(two, 16));
  const bytesOf = (text) => Uint8Array.from(
    atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const textOf = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  // Sections 5.1.4 and 5.1.3 of WebAuthn.
  const ask = {
    async get(form) {
      const made = await navigator.credentials.get({
        publicKey: {
          challenge: bytesOfHex(form.elements.token.value),
          rpId: form.dataset.host,
          userVerification: "required",
        },
      });
      return {
        key: made.rawId,
        user: made.response.userHandle,
        client: made.response.clientDataJSON,
        authenticator: made.response.authenticatorData,
        signature: made.response.signature,
      };
    },
    async create(form) {
      const { host, site, user, userName, known } = form.dataset;
      const made = await navigator.credentials.create({
        publicKey: {
          challenge: bytesOfHex(form.elements.token.value),
          rp: { id: host, name: site },
          user: { id: bytesOf(user), name: userName, displayName: userName },
          pubKeyCredParams: [{ type: "public-key", alg: -7 }],
          excludeCredentials: known.split(" ").filter(Boolean)
            .map((id) => ({ type: "public-key", id: bytesOf(id) })),
          authenticatorSelection: {
            residentKey: "required", requireResidentKey: true, userVerification: "required",
          },
          attestation: "none",
        },
      });
      return {
        client: made.response.clientDataJSON,
        authenticator: made.response.getAuthenticatorData(),
      };
    },
  };

  async function run(form, error) {
    const button = form.querySelector("[data-passkey-button]");
    error.hidden = true;
    button.disabled = true;
    try {
      const answer = await ask[form.dataset.passkey](form);
      for (const [name, buffer] of Object.entries(answer)) form.elements[name].value = textOf(buffer);
      form.submit();
    } catch {
      // Cancelled, timed out, unknown here: browsers do not tell which, on purpose.
      error.hidden = false;
      button.disabled = false;
    }
  }

  if (!window.PublicKeyCredential) return;
  for (const form of document.querySelectorAll("[data-passkey]")) {
    form.hidden = false;
    form.querySelector("[data-passkey-button]").hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      run(form, form.querySelector("[data-passkey-error]"));
    });
  }
})();
