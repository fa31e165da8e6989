// A copy of what is typed on the server, for a week: quietly, and never in the way of anything.

import { post } from "./post.js";

const PAUSE_MS = 1500;
const LONGEST_MS = 6000;
const REST_MS = 60000;
const NOT_KEPT = ["name", "email", "files", "website", "enhanced"];

/**
 * Saves the form while it is typed, from now on; `saved(answer)` hears what the portal knows.
 * Returns save(), which does it at once.
 */
export function keepDraft(form, note, saved) {
  const { draft, version } = form.elements;
  let pause = null;
  let longest = null;
  let last = "";
  let underway = null;
  let isOver = false;

  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    isOver = true;
    underway?.abort();
  });
  addEventListener("pageshow", () => (isOver = false));
  addEventListener("online", () => save());
  addEventListener("pagehide", () => save({ keepalive: true }));
  later();
  return save;

  function later() {
    clearTimeout(pause);
    pause = setTimeout(save, PAUSE_MS);
    longest ??= setTimeout(save, LONGEST_MS);
  }

  async function save({ keepalive = false, again = true, always = false } = {}) {
    clearTimeout(pause);
    clearTimeout(longest);
    pause = longest = null;
    const now = words(form);
    if (isOver || (underway && !keepalive) || (now === last && !always)) return;
    const control = (underway = new AbortController());
    let retry = null;
    try {
      const response = await post(form.dataset.drafts, body(form), { keepalive, signal: control.signal });
      const answer = await response.json();
      if (response.ok) {
        last = now;
        version.value = answer.version;
        saved(answer);
      } else if (answer.draft) {
        // Another tab has written since: each goes on with a draft of its own.
        draft.value = answer.draft;
        version.value = 0;
        note.textContent = form.dataset.two;
        retry = { again: false };
      } else if (answer.csrf_token && again) {
        form.elements.csrf_token.value = answer.csrf_token;
        retry = { again: false };
      } else throw new Error(String(response.status));
    } catch {
      if (!control.signal.aborted) pause = setTimeout(save, REST_MS);
    } finally {
      underway = null;
    }
    if (retry) return save(retry);
    if (words(form) !== last && !pause && !isOver) later();
  }
}

function body(form) {
  const data = new URLSearchParams(new FormData(form));
  NOT_KEPT.forEach((name) => data.delete(name));
  return data;
}

function words(form) {
  const data = body(form);
  ["version", "draft", "csrf_token", "writer", "opened"].forEach((name) => data.delete(name));
  return String(data);
}
