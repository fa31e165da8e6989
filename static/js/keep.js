// What was typed survives a reload of this tab, whatever the network does; see draft.js for more.
// In a frame on another site nothing is kept in the browser.

const KEY = "kb:contact";
const STARTED = "kb:started";
const SESSION_MS = 30 * 60 * 1000;
const IS_FRAMED = "framed" in document.body.dataset;
const NOT_TYPED = /^(csrf_token|opened|enhanced|website|asked|files)$/;

/**
 * Put back what this tab typed, unless the server gave the form back or was asked for an empty one.
 *
 * A tab has one name as a writer of drafts. It is away while the page is open, so that a copy of
 * the tab, which gets a copy of this memory, becomes a writer of its own.
 */
export function restore(form) {
  const { state } = form.dataset;
  const typed = state === "fresh" ? null : read(KEY);
  const other = typed && typed.draft !== form.elements.draft.value;
  if (typed && state !== "typed" && !(state === "blank" && form.elements.subject.value)) put(form, typed);
  form.elements.writer.value = typed?.writer || form.elements.writer.value || crypto.getRandomValues(new Uint32Array(2)).join("-");
  keepForReload(form);
  return Boolean(other);
}

/** Note what the form holds; with `leaving`, who wrote it as well. */
export function keepForReload(form, leaving = false) {
  const values = {};
  for (const field of form.elements) {
    if (field.name && field.type !== "submit" && !NOT_TYPED.test(field.name)) values[field.name] = field.value;
  }
  if (!leaving) delete values.writer;
  write(KEY, values);
}

/** Whether this tab holds what was typed. */
export function isKept() {
  return read(KEY) !== null;
}

/** Whether this tab has told within the last half hour that a form was begun. */
export function wasStarted() {
  return Date.now() - (read(STARTED) ?? 0) < SESSION_MS;
}

export function noteStarted() {
  write(STARTED, Date.now());
}

/** The request has arrived. */
export function forget() {
  drop(KEY);
  drop(STARTED);
}

function put(form, typed) {
  for (const [name, value] of Object.entries(typed)) {
    const field = form.elements[name];
    if (field && "value" in field) field.value = value;
  }
}

// In a frame on another site nothing is stored at all.
function memory() {
  return "framed" in document.body.dataset ? null : sessionStorage;
}

// A browser that keeps nothing, or forbids even to ask, loses nothing but comfort.

function read(key) {
  if (IS_FRAMED) return null;
  try {
    return JSON.parse(memory()?.getItem(key) ?? null);
  } catch {
    return null;
  }
}

function write(key, value) {
  if (IS_FRAMED) return;
  try {
    memory()?.setItem(key, JSON.stringify(value));
  } catch {
    // Not kept.
  }
}

function drop(key) {
  try {
    memory()?.removeItem(key);
  } catch {
    // Never kept.
  }
}
