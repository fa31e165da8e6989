// What was typed survives a reload (this tab), and seven days after "This solved it" (this device).

const KEY = "kb:contact";
const KEPT_MS = 7 * 24 * 3600 * 1000;
const FIELDS = ["subject", "description", "name", "email", "category"];
const NOT_ON_DISK = ["name", "email"];

/** Put back what was typed, unless the page came with a text of its own. */
export function restore(form) {
  const typed = read(sessionStorage) ?? unexpired(read(localStorage));
  if (!typed || FIELDS.some((name) => form.elements[name]?.value)) return;
  for (const name of FIELDS) {
    if (form.elements[name] && typed[name]) form.elements[name].value = typed[name];
  }
}

export function keepForReload(form) {
  write(sessionStorage, values(form));
}

/** Keep the words, but not who wrote them, for a week. */
export function keepForAWeek(form) {
  const words = values(form);
  NOT_ON_DISK.forEach((name) => delete words[name]);
  write(localStorage, { ...words, until: Date.now() + KEPT_MS });
}

export function forget() {
  for (const store of stores()) store.removeItem(KEY);
}

function values(form) {
  return Object.fromEntries(FIELDS.map((name) => [name, form.elements[name]?.value ?? ""]));
}

function unexpired(typed) {
  return typed && typed.until > Date.now() ? typed : null;
}

function stores() {
  try {
    return [sessionStorage, localStorage];
  } catch {
    return [];
  }
}

function read(store) {
  try {
    return JSON.parse(store.getItem(KEY));
  } catch {
    return null;
  }
}

function write(store, typed) {
  try {
    store.setItem(KEY, JSON.stringify(typed));
  } catch {
    // A browser that keeps nothing loses nothing but comfort.
  }
}
