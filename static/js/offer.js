// Suggestions beside the ticket form: when they come, when they wait, and when they go.

import { makeCard } from "./cards.js";
import { whenLeaving } from "./events.js";
import { suggester } from "./suggest.js";
import { watchTyping } from "./typing.js";

const SUBJECT_PAUSE_MS = 350;
const DESCRIPTION_PAUSE_MS = 700;
const DESCRIPTION_LENGTH = 200;

/** Offer articles in `box` for what is written in `form`. */
export function offerSuggestions(form, box) {
  const { subject, description, category } = form.elements;
  const list = box.querySelector("[data-suggestion-list]");
  const template = form.querySelector("[data-suggestion-template]");
  const status = form.querySelector("[data-suggestions-status]");
  const title = box.querySelector("[data-suggestions-title]");
  const usualTitle = title.textContent;
  const submit = form.querySelector("[data-send]");
  const words = form.dataset;
  const gone = new Set();
  let cards = [];
  let asked = "";
  let waiting = null;
  let field = subject;

  form.elements.enhanced.value = "1";
  const ask = suggester(form.dataset.suggest, document.body.dataset.lang, offer);
  const askNow = () => ask(text());
  for (const [one, pause] of [[subject, SUBJECT_PAUSE_MS], [description, DESCRIPTION_PAUSE_MS]]) {
    watchTyping(one, pause, askNow);
    one.addEventListener("focus", () => (field = one));
  }
  category?.addEventListener("change", askNow);
  box.addEventListener("focusout", () => setTimeout(showWaiting));
  submit.addEventListener("pointerleave", showWaiting);
  submit.addEventListener("blur", showWaiting);
  form.addEventListener("keydown", collapse);
  form.addEventListener("submit", () => cards.forEach((card) => card.noteReading()));
  whenLeaving(() => cards.forEach((card) => card.noteReading()));
  if (text()) askNow();

  function text() {
    const topic = category?.selectedOptions[0]?.value ? category.selectedOptions[0].text : "";
    const said = `${subject.value} ${description.value.slice(0, DESCRIPTION_LENGTH)}`.trim();
    return said && `${said} ${topic}`.trim();
  }

  /** Nothing moves while a card is being read or the pointer is about to send. */
  function isBusy() {
    return box.contains(document.activeElement) || cards.some((card) => card.isOpen()) ||
      submit.matches(":hover") || document.activeElement === submit;
  }

  function offer(suggestions, query) {
    waiting = { suggestions, query };
    showWaiting();
  }

  function showWaiting() {
    if (!waiting || isBusy()) return;
    const { query } = waiting;
    const suggestions = waiting.suggestions.filter((one) => !gone.has(one.id));
    waiting = null;
    asked = query;
    const before = cards.map((card) => card.suggestion.id).join();
    if (before === suggestions.map((one) => one.id).join()) return;
    cards = suggestions.map(card);
    box.classList.remove("suggestions-solved");
    list.replaceChildren(...cards.map((one) => one.element));
    const elsewhere = suggestions.some((one) => one.lang !== document.body.dataset.lang);
    title.textContent = elsewhere ? title.dataset.elsewhere : usualTitle;
    appear(cards.length > 0);
    status.textContent = count(cards.length);
  }

  function card(suggestion) {
    return makeCard(template, suggestion, { address: words.articles, words, query: () => asked, told });
  }

  function appear(visible) {
    box.classList.toggle("suggestions-appear", visible && box.hidden);
    box.hidden = !visible;
  }

  function count(n) {
    if (!n) return "";
    return n === 1 ? words.countOne : words.countMany.replace("{n}", n);
  }

  function told(what, suggestion) {
    if (what === "open") cards.forEach((one) => one.suggestion.id !== suggestion.id && one.close());
    box.classList.toggle("suggestions-solved", what === "solved");
    if (what === "solved") form.dispatchEvent(new Event("kb:solved"));
    if (what === "undone") form.dispatchEvent(new Event("kb:undone"));
    if (what === "rejected") remove(suggestion);
  }

  /** A rejected card does not come back while this page is open. */
  function remove(suggestion) {
    gone.add(suggestion.id);
    field.focus();
    cards = cards.filter((one) => one.suggestion.id !== suggestion.id || one.element.remove());
    appear(cards.length > 0);
    status.textContent = words.rejected;
  }

  function collapse(event) {
    if (event.key !== "Escape" || event.isComposing) return;
    const open = cards.find((one) => one.isOpen());
    if (!open) return putAway();
    const inside = open.element.contains(document.activeElement);
    open.close();
    if (inside) open.focus();
  }

  function putAway() {
    waiting = null;
    if (box.contains(document.activeElement)) field.focus();
    box.hidden = true;
    status.textContent = "";
  }
}
