// Suggestions beside the ticket form: when they come, when they wait, and when they go.

import { makeCard } from "./cards.js";
import { whenLeaving } from "./events.js";
import { steady } from "./steady.js";
import { suggester } from "./suggest.js";
import { watchTyping } from "./typing.js";

const SUBJECT_PAUSE_MS = 350;
const DESCRIPTION_PAUSE_MS = 700;
const DESCRIPTION_LENGTH = 200;
// The question travels while the writer may still go on; what comes back is shown after the pause.
// In the description it need not: there nothing moves, however late it comes.
const AHEAD_MS = 150;

/** Offer articles in `box` for what is written in `form`. */
export function offerSuggestions(form, box) {
  const { subject, description, category } = form.elements;
  const list = box.querySelector("[data-suggestion-list]");
  const template = form.querySelector("[data-suggestion-template]");
  const status = form.querySelector("[data-suggestions-status]");
  const title = box.querySelector("[data-suggestions-title]");
  const usualTitle = title.textContent;
  const submit = form.querySelector("[data-send]");
  const peek = form.querySelector("[data-suggestions-peek]");
  const words = form.dataset;
  const gone = new Set();
  let cards = [];
  let asked = "";
  let waiting = null;
  let field = subject;
  let isPause = true;

  form.elements.enhanced.value = "1";
  const ask = suggester(form.dataset.suggest, document.body.dataset.lang, offer);
  const place = steady(form, box, showWaiting);
  const askNow = () => {
    isPause = true;
    ask(text());
    // Where the focus goes is known when this event is over.
    setTimeout(showWaiting);
  };
  const askAhead = () => {
    isPause = false;
    ask(text());
  };
  for (const [one, pause] of [[subject, SUBJECT_PAUSE_MS], [description, DESCRIPTION_PAUSE_MS]]) {
    watchTyping(one, pause, askNow, one === subject ? { ahead: askAhead, aheadMs: AHEAD_MS } : {});
    one.addEventListener("focus", () => (field = one));
  }
  category?.addEventListener("change", askNow);
  // A press leaves the focus where it was: with the cards one goes on writing.
  peek.addEventListener("mousedown", (event) => event.preventDefault());
  peek.addEventListener("click", comeUp);
  box.addEventListener("focusout", () => setTimeout(showWaiting));
  submit.addEventListener("pointerleave", showWaiting);
  submit.addEventListener("blur", showWaiting);
  form.addEventListener("keydown", collapse);
  peek.addEventListener("blur", () => setTimeout(showWaiting));
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
      submit.matches(":hover") || [submit, peek].includes(document.activeElement);
  }

  function offer(suggestions, query) {
    waiting = { suggestions, query };
    showWaiting();
  }

  function showWaiting() {
    if (!waiting || !isPause || isBusy()) return;
    const { query } = waiting;
    const suggestions = waiting.suggestions.filter((one) => !gone.has(one.id));
    const before = cards.map((card) => card.suggestion.id).join();
    if (before === suggestions.map((one) => one.id).join()) {
      waiting = null;
      asked = query;
      peek.hidden = true;
      return;
    }
    const grows = suggestions.length > 0;
    if (!place.change(() => show(suggestions, query), { grows }) && box.hidden) announce(suggestions.length);
  }

  function show(suggestions, query) {
    waiting = null;
    asked = query;
    cards = suggestions.map(card);
    box.classList.remove("suggestions-solved");
    list.replaceChildren(...cards.map((one) => one.element));
    const elsewhere = suggestions.some((one) => one.lang !== document.body.dataset.lang);
    title.textContent = elsewhere ? title.dataset.elsewhere : usualTitle;
    appear(cards.length > 0);
    status.textContent = count(cards.length);
  }

  /** Too late to come up by themselves: one line, in a place kept for it, says that they are there. */
  function announce(n) {
    peek.querySelector("[data-count]").textContent = status.textContent = count(n);
    peek.hidden = false;
  }

  function comeUp() {
    const byKey = document.activeElement === peek;
    place.answer();
    isPause = true;
    if (byKey) field.focus();
    showWaiting();
    if (byKey) cards[0]?.focus();
  }

  function card(suggestion) {
    return makeCard(template, suggestion, { address: words.articles, words, query: () => asked, told });
  }

  function appear(visible) {
    box.classList.toggle("suggestions-appear", visible && box.hidden);
    box.hidden = !visible;
    peek.hidden = true;
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
    if (box.contains(document.activeElement) || document.activeElement === peek) field.focus();
    box.hidden = peek.hidden = true;
    status.textContent = "";
  }
}
