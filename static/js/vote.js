// Was this helpful? Answered on the spot; without this file the links lead to a page that asks.

import { tell } from "./events.js";

const TOKEN = /name="csrf_token" value="([^"]+)"/;

/** Let the two links of `box` vote for an article; "no" asks for a reason, which may be left out. */
export function offerVote(box, article) {
  const ask = box.querySelector("[data-vote-ask]");
  const more = box.querySelector("[data-vote-more]");
  const failed = box.querySelector("[data-vote-failed]");
  const thanks = box.querySelector("[data-vote-thanks]");
  let answered = false;

  ask.addEventListener("click", (event) => {
    const answer = event.target.closest("[data-vote-answer]")?.dataset.voteAnswer;
    if (!answer || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (answer === "yes") return finish("yes");
    ask.hidden = true;
    more.hidden = false;
    more.querySelector("input[type=radio]").focus();
  });
  more.addEventListener("submit", async (event) => {
    event.preventDefault();
    const given = new FormData(more);
    if (!given.get("comment").trim()) return finish("no", given.get("reason"));
    const button = event.submitter ?? more.querySelector("[type=submit]");
    failed.hidden = true;
    button.disabled = true;
    const sent = await post(given);
    button.disabled = false;
    if (sent) {
      answered = true;
      sayThanks();
    } else {
      failed.hidden = false;
    }
  });
  // Someone who said no and gave no reason has voted all the same.
  addEventListener("pagehide", () => more.hidden || send("no"));
  // Whoever comes back to the page as it was has answered; a reason would come too late.
  addEventListener("pageshow", () => answered && showThanks());

  function finish(value, reason) {
    send(value, reason);
    sayThanks();
  }

  function sayThanks() {
    showThanks();
    thanks.focus();
  }

  function showThanks() {
    ask.hidden = more.hidden = true;
    thanks.hidden = false;
  }

  function send(value, reason) {
    if (answered) return;
    answered = true;
    tell("article_voted", "article", { article, value, reason });
  }

  /** Written text goes by the form of the page that asks, whose token it needs. */
  async function post(given) {
    try {
      const token = TOKEN.exec(await (await fetch(more.action)).text());
      if (token) given.set("csrf_token", token[1]);
      return (await fetch(more.action, { method: "POST", body: new URLSearchParams(given) })).ok;
    } catch {
      return false;
    }
  }
}
