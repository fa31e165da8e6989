// A page of ours in a frame on another site: says that it is there, takes what that site knows
// already, and asks to be closed. It speaks to listed sites alone and stores nothing.

const sites = (document.body.dataset.framed ?? "").split(" ").filter(Boolean);
const FACTS = { page: 500, title: 200, name: 100, email: 254, subject: 200, description: 20000 };
const FILLED = ["name", "email", "subject", "description"];
let site = "";

if (parent !== window) {
  addEventListener("message", hear);
  document.addEventListener("keydown", leave, true);
  document.addEventListener("click", lead);
}

function hear(event) {
  if (event.source !== parent) return;
  if (!sites.includes(event.origin)) return shut();
  const said = read(event.data);
  if (!said) return;
  site = event.origin;
  parent.postMessage({ kbportal: 1, type: "ready" }, site);
  fill(said.facts);
  if (said.focus) focusFirst();
}

/** The message as it must be, or nothing at all. */
function read(said) {
  if (typeof said !== "object" || said?.kbportal !== 1 || said.type !== "hello") return null;
  if (typeof said.focus !== "boolean" || typeof said.facts !== "object" || !said.facts) return null;
  for (const [name, value] of Object.entries(said.facts)) {
    if (!Object.hasOwn(FACTS, name) || typeof value !== "string" || value.length > FACTS[name]) return null;
  }
  return said;
}

// A browser that lets any site frame us shows that site nothing.
function shut() {
  document.body.replaceChildren();
}

function fill(facts) {
  const form = document.querySelector("[data-contact]");
  if (!form) return;
  for (const name of FILLED) {
    const field = form.elements[name];
    if (!field || field.value || !facts[name]) continue;
    field.value = facts[name];
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const box = form.querySelector("[data-page]");
  if (!box || !/^https?:/.test(facts.page) || form.elements.page_url.value) return;
  form.elements.page_url.value = facts.page;
  form.elements.page_title.value = facts.title ?? "";
  box.querySelector("[data-page-name]").textContent = facts.title || facts.page;
  box.hidden = false;
}

function focusFirst() {
  const field = matchMedia("(pointer: fine)").matches && document.querySelector("[data-search-key], [name=subject]");
  (field || document.getElementById("main")).focus({ preventScroll: true });
}

/** Esc closes what is open on the page first, then the frame. */
function leave(event) {
  if (event.key !== "Escape" || event.isComposing || !site) return;
  const searching = event.target.matches?.("[type=search]") && event.target.value;
  const open = document.querySelector("[data-menu][open], .suggestion-open[aria-expanded=true], [role=combobox][aria-expanded=true]");
  if (!searching && !open) parent.postMessage({ kbportal: 1, type: "close" }, site);
}

/** Links to other sites open beside this one; those to pages of ours stay in the frame. */
function lead(event) {
  const link = event.target.closest?.("a[href]");
  if (!link || link.target) return;
  if (link.origin !== location.origin) Object.assign(link, { target: "_blank", rel: "noopener" });
  else link.pathname = link.pathname.replace(/^\/([a-z]{2})\/(?!widget\/)/, "/$1/widget/");
}
