// The search field with instant results: an editable combobox as the ARIA authoring practices
// describe it. Without this file, or when search is not well, it is a plain form: Enter is never
// taken from it unless somebody chose a result by arrow key.

import { isEnough, suggester } from "./suggest.js";
import { markedNodes } from "./snippet.js";
import { watchTyping } from "./typing.js";

const PAUSE_MS = 200;
const MOST = "5";
const INTO_THE_TEXT = ["Home", "End", "ArrowLeft", "ArrowRight"];

for (const form of document.querySelectorAll("[data-combobox]")) offerResults(form);

function offerResults(form) {
  const field = form.elements.q;
  const words = form.dataset;
  const counts = words.counts.split("|");
  const list = make("div", { className: "search-results", id: `${field.id}-results`, role: "listbox", hidden: true });
  const status = make("p", { className: "only-read-aloud", role: "status" });
  let options = [];
  let active = -1;
  let late = null;
  let dismissed = false;

  list.setAttribute("aria-label", words.label);
  field.role = "combobox";
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-expanded", "false");
  form.append(list, status);

  const ask = suggester(words.combobox, document.body.dataset.lang, show, { limit: MOST, surface: "search" });
  watchTyping(field, PAUSE_MS, () => isHere() && ask(field.value));
  field.addEventListener("input", typed);
  field.addEventListener("keydown", pressed);
  field.addEventListener("click", () => options.length && open());
  // A press on a result must not take the focus, or the list is gone before the click arrives.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => event.ctrlKey || event.metaKey || event.shiftKey || setTimeout(close));
  form.addEventListener("focusout", (event) => form.contains(event.relatedTarget) || close());
  form.addEventListener("submit", close);
  addEventListener("pagehide", close);

  function show(found, text) {
    // Nobody's choice is taken from under the finger: a later list waits until it is given up.
    if (active >= 0) return void (late = [found, text]);
    options = found.map(result);
    if (found.length) options.push(everything(text));
    options.forEach((one, at) => (one.id = `${list.id}-${at}`));
    list.replaceChildren(...options);
    if (!found.length || !isHere() || dismissed) return close();
    status.textContent = counts[found.length - 1];
    open();
  }

  function typed() {
    dismissed = false;
    choose(-1);
    if (!isEnough(field.value.trim())) return show([]);
    if (options.length) options.at(-1).replaceWith((options[options.length - 1] = everything(field.value)));
  }

  function pressed(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") move(event);
    else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      options[active].click();
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      dismissed = true;
      close();
    } else if (event.key === "Tab") close();
    else if (INTO_THE_TEXT.includes(event.key)) choose(-1);
  }

  /** Past the last result comes the text again, and the other way round. */
  function move(event) {
    const step = event.key === "ArrowDown" ? 1 : -1;
    dismissed = false;
    if (!options.length) return ask(field.value);
    event.preventDefault();
    if (event.altKey) return step > 0 ? open() : close();
    open();
    const places = options.length + 1;
    choose(((active + 1 + step + places) % places) - 1);
  }

  function choose(at) {
    options[active]?.setAttribute("aria-selected", "false");
    active = at;
    if (at < 0) field.removeAttribute("aria-activedescendant");
    else {
      options[at].setAttribute("aria-selected", "true");
      options[at].scrollIntoView({ block: "nearest" });
      field.setAttribute("aria-activedescendant", options[at].id);
    }
    if (at < 0 && late) {
      const [found, text] = late;
      late = null;
      show(found, text);
    }
  }

  function open() {
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
  }

  /** What waited takes its place in the list, which the next arrow opens. */
  function close() {
    choose(-1);
    list.hidden = true;
    status.textContent = "";
    field.setAttribute("aria-expanded", "false");
  }

  function isHere() {
    return document.activeElement === field;
  }

  function result(one) {
    const title = make("span", { className: "search-result-title", textContent: one.title });
    const text = make("span", { className: "search-result-text" });
    text.append(...markedNodes(one.snippet ?? ""));
    const link = option(one.url, title, text);
    title.lang = text.lang = one.lang;
    if (one.lang !== document.body.dataset.lang) {
      const name = new Intl.DisplayNames([document.documentElement.lang], { type: "language" });
      link.prepend(make("span", { className: "tag", textContent: name.of(one.lang) }));
    }
    return link;
  }

  function everything(text) {
    const asked = text.replace(/\s+/g, " ").trim();
    const link = option(`${form.action}?${new URLSearchParams({ q: asked })}`, words.all.replace("{q}", () => asked));
    link.classList.add("search-result-all");
    link.id = `${list.id}-all`;
    return link;
  }
}

function option(href, ...content) {
  const link = make("a", { className: "search-result", role: "option", href, tabIndex: -1 });
  link.setAttribute("aria-selected", "false");
  link.append(...content);
  return link;
}

function make(name, facts) {
  return Object.assign(document.createElement(name), facts);
}
