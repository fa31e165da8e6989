// The ticket form: keeps what is typed and shows suggestions. Sending is never touched by it.

import { tell } from "./events.js";
import { hold } from "./held.js";
import { isKept, keepForReload, noteStarted, restore, wasStarted } from "./keep.js";
import { offerSuggestions } from "./offer.js";
import { isEnough } from "./suggest.js";

const form = document.querySelector("[data-contact]");
const { subject, description, category } = form.elements;
const box = form.querySelector("[data-suggestions]");
const filing = once(() => import("./files.js").then((module) => module.takeFiles(form)));

const isOther = restore(form);
form.addEventListener("input", () => keepForReload(form));
category?.addEventListener("change", askFurther);
askFurther();
noteForm();
keepAll();
if (form.dataset.suggest && box) offerSuggestions(form, box);

/** Drafts and files: what does this is fetched when the first key is pressed, the first file comes. */
function keepAll() {
  const note = form.querySelector("[data-draft-note]");
  const saved = async (answer) => {
    keepForReload(form);
    if (isOther || filing.isAsked()) (await filing()).show(answer.files);
  };
  const drafting = once(() => import("./draft.js").then((module) => module.keepDraft(form, note, saved)));
  const draft = () => drafting().catch(() => null);
  form.addEventListener("input", draft);
  form.addEventListener("change", draft);
  form.addEventListener("kb:solved", async () => (await draft())?.());
  if (isOther) draft().then((save) => save?.({ always: true }));
  let wasKept = false;
  let isSent = false;
  addEventListener("pagehide", () => {
    if (isSent) return;
    keepForReload(form, true);
    wasKept = isKept();
  });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    // Sent meanwhile, and so forgotten: what this page still shows must not be kept anew.
    isSent = wasKept && !isKept();
    if (!isSent) return void restore(form);
    event.stopImmediatePropagation();
    location.replace(location.pathname + location.search);
  });
  form.elements.files.addEventListener("change", sendFiles);
  form.querySelector("[data-file-list]").addEventListener("click", remove);
  form.addEventListener("paste", (event) => bring(event, event.clipboardData));
  form.addEventListener("dragover", (event) => event.dataTransfer.types.includes("Files") && event.preventDefault());
  form.addEventListener("drop", (event) => bring(event, event.dataTransfer));
}

async function remove(event) {
  const button = event.target.closest("[name=remove]");
  if (!button) return;
  event.preventDefault();
  const filed = await filing().catch(() => null);
  if (filed) filed.remove(button);
  else form.requestSubmit(button);
}

/** Without the script, what is in the field goes along when the form is sent. */
function sendFiles() {
  filing().then((one) => one.send(), () => {});
}

function bring(event, from) {
  const given = [...(from?.files ?? [])];
  if (!given.length || from.types.includes("text/plain")) return;
  event.preventDefault();
  hold(form.elements.files, [...form.elements.files.files, ...given]);
  sendFiles();
}

/** What is fetched once, and again if it did not arrive. */
function once(load) {
  let loaded = null;
  const get = () => (loaded ??= load().catch((error) => {
    loaded = null;
    throw error;
  }));
  return Object.assign(get, { isAsked: () => loaded !== null });
}

/** Shows the questions of the chosen topic. */
function askFurther() {
  for (const one of form.querySelectorAll("[data-topics]")) {
    const topics = one.dataset.topics.split(" ");
    one.hidden = one.disabled = Boolean(one.dataset.topics) && !topics.includes(category?.value);
  }
}

/** Tells the start of the form (a few words, not merely a look) and leaving it unsent. */
function noteForm() {
  let started = wasStarted();
  let finished = false;
  let quitted = false;
  form.addEventListener("input", () => {
    quitted = false;
    if (started || !(isEnough(subject.value.trim()) || isEnough(description.value.trim()))) return;
    started = true;
    noteStarted();
    tell("form_started", "form");
  });
  form.addEventListener("submit", () => (finished = true));
  form.addEventListener("kb:solved", () => (finished = true));
  form.addEventListener("kb:undone", () => (finished = false));
  addEventListener("pagehide", () => {
    if (!started || finished || quitted) return;
    quitted = true;
    tell("form_quit", "form");
  });
}
