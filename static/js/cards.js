// Suggestion cards: built from the page's template, opened in place, answered with one press.

import { tell } from "./events.js";
import { readArticle, showSection } from "./reader.js";
import { markedNodes } from "./snippet.js";

/**
 * A card for one suggestion.
 *
 * `told` is called with "open", "closed", "solved", "undone" or "rejected"; `query()` gives the
 * text that was being written. The returned card can be closed and can note that it was read.
 */
export function makeCard(template, suggestion, { address, words, query, told }) {
  const element = template.content.firstElementChild.cloneNode(true);
  const part = (name) => element.querySelector(`[data-part="${name}"]`);
  const toggle = element.querySelector(".suggestion-open");
  const body = part("body");
  const facts = { article: suggestion.id, section: suggestion.section };
  let openedAt = null;
  let asked = false;
  let placed = false;

  const fetching = part("wait").textContent;
  fill();
  toggle.addEventListener("click", () => (body.hidden ? open() : close()));
  part("page").addEventListener("click", () => say("suggest_opened"));
  part("solved").addEventListener("click", solve);
  part("rejected").addEventListener("click", reject);
  part("undo").addEventListener("click", undo);
  return { element, suggestion, close, noteReading, focus: () => toggle.focus(), isOpen: () => !body.hidden };

  function fill() {
    part("title").textContent = suggestion.title;
    part("snippet").append(...markedNodes(suggestion.snippet ?? ""));
    part("category").textContent = suggestion.category ?? "";
    part("updated").textContent = updatedWords();
    part("page").href = suggestion.url;
    if (suggestion.lang !== document.body.dataset.lang) markLanguage();
    body.id = `suggestion-${suggestion.id.replace(/\W+/g, "-")}`;
    toggle.setAttribute("aria-controls", body.id);
    part("about").id = `${body.id}-about`;
    toggle.setAttribute("aria-describedby", part("about").id);
    part("scroll").setAttribute("aria-label", suggestion.title);
  }

  function markLanguage() {
    const name = new Intl.DisplayNames([document.documentElement.lang], { type: "language" });
    part("lang").className = "tag";
    part("lang").textContent = name.of(suggestion.lang);
    for (const one of ["title", "snippet", "category", "prose"]) part(one).lang = suggestion.lang;
  }

  function updatedWords() {
    if (!suggestion.updated) return "";
    const format = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeZone: "UTC" });
    return words.updated.replace("{day}", format.format(new Date(suggestion.updated)));
  }

  async function open() {
    body.hidden = false;
    toggle.setAttribute("aria-expanded", "true");
    openedAt = performance.now();
    told("open", suggestion);
    if (!asked) await fetchText();
    place();
  }

  async function fetchText() {
    asked = true;
    part("wait").textContent = fetching;
    try {
      part("prose").append(await readArticle(address, suggestion));
      part("wait").hidden = true;
    } catch {
      asked = false;
      part("wait").textContent = words.failed;
    }
  }

  /** The section that matched comes into sight once: when its text is there and can be seen. */
  function place() {
    if (placed || body.hidden || !part("wait").hidden) return;
    placed = true;
    showSection(part("scroll"), suggestion);
  }

  function close() {
    if (body.hidden) return;
    noteReading();
    body.hidden = true;
    toggle.setAttribute("aria-expanded", "false");
    told("closed", suggestion);
  }

  /** What was read is told once per opening, with the time it was in view. */
  function noteReading() {
    if (openedAt === null) return;
    say("suggest_expanded", { dwell_ms: Math.round(performance.now() - openedAt) });
    openedAt = null;
  }

  function solve() {
    close();
    say("form_solved");
    part("head").hidden = true;
    part("done").hidden = false;
    element.classList.add("suggestion-solved");
    told("solved", suggestion);
    part("done").focus();
  }

  function undo() {
    say("suggest_rejected", { reason: "undone" });
    part("done").hidden = true;
    element.classList.remove("suggestion-solved");
    part("head").hidden = false;
    told("undone", suggestion);
    toggle.focus();
  }

  function reject() {
    close();
    say("suggest_rejected", { reason: "still_need_help" });
    told("rejected", suggestion);
  }

  function say(type, more = {}) {
    tell(type, "form", { ...facts, query_norm: query(), ...more });
  }
}
