// Asking the portal for suggestions: one question at a time, each asked once, late answers dropped.

const PATIENCE_MS = 800;
const REST_MS = 15000;
const MANY_SIGNS = 3;
const FEW_SIGNS = 2;
const DENSE_SCRIPT = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/;

/** Whether there is enough text to ask about. */
export function isEnough(text) {
  return text.length >= (DENSE_SCRIPT.test(text) ? FEW_SIGNS : MANY_SIGNS);
}

/**
 * Returns ask(text): shows what the portal suggests by calling `show(suggestions, text)`.
 * Where the writer's language has no answer, one article in another language is all there is.
 * Silence, slowness and failure are all the same to the writer: nothing is shown.
 * `more` holds further parameters of the question.
 */
export function suggester(address, language, show, more = {}) {
  const known = new Map();
  let number = 0;
  let underway = null;
  let current = "";
  let restUntil = 0;

  return function ask(raw) {
    const text = raw.replace(/\s+/g, " ").trim();
    if (text === current) return;
    current = text;
    number += 1;
    underway?.abort();
    if (!isEnough(text)) return show([], text);
    if (known.has(text)) return show(known.get(text), text);
    if (performance.now() >= restUntil) fetchFor(text, number);
    else current = "";
  };

  async function fetchFor(text, mine) {
    const control = (underway = new AbortController());
    const timer = setTimeout(() => control.abort(), PATIENCE_MS);
    try {
      const query = new URLSearchParams({ q: text, lang: language, limit: "3", ...more });
      const response = await fetch(`${address}?${query}`, { signal: control.signal });
      if (!response.ok) throw new Error(String(response.status));
      const { suggestions, fallback = [] } = await response.json();
      const found = suggestions.length ? suggestions : fallback.slice(0, 1);
      known.set(text, found);
      if (mine === number) show(found, text);
    } catch {
      // A newer question replaced this one, or the search is not well. What is slow may be asked
      // the next thing at once; what fails rests, so that nobody waits for nothing all the time.
      if (mine !== number) return;
      current = "";
      if (!control.signal.aborted) restUntil = performance.now() + REST_MS;
    } finally {
      clearTimeout(timer);
    }
  }
}
