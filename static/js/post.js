// Asking the portal to take something.

/** POST to the portal, asking for JSON. */
export function post(address, data, options = {}) {
  return fetch(address, { method: "POST", headers: { Accept: "application/json" }, body: data, ...options });
}
