// What was typed survives a reload (this tab), and seven days after "This solved it" (this device).

const KEY = "kb:contact";
const STARTED = "kb:started";
const KEPT_MS = 7 * 24 * 3600 * 1000;
const SESSION_MS = 30 * 60 * 1000;
const FIELDS = ["subject", "description", "name", "email", "category"];
const NOT_ON_DISK = ["name", "email"];

/** Put back what was typed, unless the page came with a text of its own. */
export function restore(form) {
  const typed = read("sessionStorage", KEY) ?? unexpired(read("localStorage", KEY));
  if (!typed || FIELDS.some((name) => form.elements[name]?.value)) return;
  for (const name of FIELDS) {
    if (form.elements[name] && typed[name]) form.elements[name].value = typed[name];
  }
}

export function keepForReload(form) {
  write("sessionStorage", KEY, values(form));
}

/** Keep the words, but not who wrote them, for a week. */
export function keepForAWeek(form) {
  const words = values(form);
  NOT_ON_DISK.forEach((name) => delete words[name]);
  write("localStorage", KEY, { ...words, until: Date.now() + KEPT_MS });
}

/** Whether this tab has told within the last half hour that a form was begun. */
export function wasStarted() {
  return Date.now() - (read("sessionStorage", STARTED) ?? 0) < SESSION_MS;
}

export function noteStarted() {
  write("sessionStorage", STARTED, Date.now());
}

/** The request has arrived. */
export function forget() {
  drop("sessionStorage", KEY);
  drop("sessionStorage", STARTED);
  drop("localStorage", KEY);
}

function values(form) {
  return Object.fromEntries(FIELDS.map((name) => [name, form.elements[name]?.value ?? ""]));
}

function unexpired(typed) {
  return typed && typed.until > Date.now() ? typed : null;
}

// A browser that keeps nothing, or forbids even to ask, loses nothing but comfort.

function read(store, key) {
  try {
    return JSON.parse(window[store].getItem(key));
  } catch {
    return null;
  }
}

function write(store, key, value) {
  try {
    window[store].setItem(key, JSON.stringify(value));
  } catch {
    // Not kept.
  }
}

function drop(store, key) {
  try {
    window[store].removeItem(key);
  } catch {
    // Never kept.
  }
}
