// An article page: where one is in the contents list, copying, printing, voting, being read.

import { tell, whenLeaving } from "./events.js";
import { offerVote } from "./vote.js";

const SEEN_AFTER_MS = 5000;

const article = document.querySelector("[data-article]");
const prose = document.querySelector("[data-prose]");
const vote = document.querySelector("[data-vote]");

followContents();
offerCopies();
noteReading();
if (vote) offerVote(vote, article.dataset.article);

/** Marks the section on top of the screen in the contents list. */
function followContents() {
  const links = new Map();
  for (const link of document.querySelectorAll("[data-contents] a")) {
    links.set(decodeURIComponent(link.hash.slice(1)), link);
  }
  const headings = [...prose.querySelectorAll("[id]")].filter((one) => links.has(one.id));
  if (!headings.length) return;
  let due = false;
  const update = () => {
    const above = headings.filter((one) => one.getBoundingClientRect().top < 140);
    const here = above.at(-1) ?? headings[0];
    for (const [id, link] of links) {
      if (id === here.id) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  const soon = () => {
    if (due) return;
    due = true;
    requestAnimationFrame(() => {
      due = false;
      update();
    });
  };
  addEventListener("scroll", soon, { passive: true });
  update();
}

/** Buttons that copy code, the page's address and the address of a section. */
function offerCopies() {
  const { copyCode, copied, linkLabel } = article.dataset;
  const print = document.querySelector("[data-print]");
  print.hidden = false;
  print.addEventListener("click", () => window.print());
  if (!navigator.clipboard) return;

  const address = document.querySelector("[data-copy-address]");
  address.hidden = false;
  copies(address, address.querySelector("[data-word]"), () => location.href.split("#")[0]);

  for (const block of prose.querySelectorAll("pre")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button copy-code";
    button.textContent = copyCode;
    const text = block.textContent;
    block.append(button);
    copies(button, button, () => text);
  }
  for (const heading of prose.querySelectorAll("h2[id], h3[id]")) {
    const link = document.createElement("a");
    link.className = "heading-link";
    link.href = `#${heading.id}`;
    link.textContent = "#";
    link.setAttribute("aria-label", `${linkLabel}: ${heading.textContent}`);
    heading.append(link);
    link.addEventListener("click", () => navigator.clipboard.writeText(link.href).catch(() => {}));
  }

  function copies(button, word, text) {
    const before = word.textContent;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(text()).catch(() => {});
      word.textContent = copied;
      setTimeout(() => (word.textContent = before), 2000);
    });
  }
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
