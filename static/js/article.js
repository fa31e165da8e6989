// An article page: where one is in the contents list, copying, printing, voting, being read.

import { followContents } from "./contents.js";
import { offerCopies } from "./copies.js";
import { tell, whenLeaving } from "./events.js";
import { offerVote } from "./vote.js";

const SEEN_AFTER_MS = 5000;

const article = document.querySelector("[data-article]");
const prose = article.querySelector("[data-prose]");
const contents = document.querySelector("[data-contents]");
const vote = document.querySelector("[data-vote]");

if (contents) followContents(contents, prose);
offerCopies(article);
offerPrint();
noteReading();
if (vote) offerVote(vote, article.dataset.article);

/** Paper cannot be pressed: what is folded is printed open. */
function offerPrint() {
  const print = article.querySelector("[data-print]");
  print.hidden = false;
  print.addEventListener("click", () => window.print());
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...prose.querySelectorAll("details:not([open])")];
    for (const box of opened) box.open = true;
  });
  addEventListener("afterprint", () => {
    for (const box of opened) box.open = false;
  });
}

/** A view counts after five seconds in sight, or once scrolled; told when the reader leaves. */
function noteReading() {
  let since = document.visibilityState === "visible" ? performance.now() : null;
  let seenMs = 0;
  let scrolled = false;
  let told = false;
  const inSight = () => seenMs + (since === null ? 0 : performance.now() - since);

  addEventListener("scroll", () => (scrolled ||= window.scrollY > 200), { passive: true });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") since = performance.now();
  });
  whenLeaving(() => {
    const dwell = Math.round(inSight());
    if (!told && (scrolled || dwell >= SEEN_AFTER_MS)) {
      told = true;
      tell("article_viewed", "article", {
        article: article.dataset.article,
        dwell_ms: dwell,
        value: scrolled ? "scrolled" : undefined,
      });
    }
    seenMs = inSight();
    since = null;
  });
}
