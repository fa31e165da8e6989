// Telling the portal what happened: sent and forgotten, nothing ever waits for it.

const ADDRESS = "/api/v1/events";

/** Send one event of the catalogue; fields without a value are left out. */
export function tell(type, surface, facts = {}) {
  const event = { type, surface, locale: pageLanguage(), ...facts };
  for (const name of Object.keys(event)) {
    if (event[name] === undefined || event[name] === null || event[name] === "") delete event[name];
  }
  try {
    fetch(ADDRESS, {
      method: "POST",
      keepalive: true,
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(event),
    }).catch(() => {});
  } catch {
    // An event that cannot be sent is not worth a word.
  }
}

export function pageLanguage() {
  return document.body.dataset.lang;
}

/** Call once when the page goes away, however it goes. */
export function whenLeaving(act) {
  addEventListener("pagehide", act);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") act();
  });
}
