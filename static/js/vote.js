// Was this helpful? Answered on the spot; without this file the links lead to a page that asks.

import { tell } from "./events.js";

/** Let the two links of `box` vote for an article; "no" asks for a reason, which may be left out. */
export function offerVote(box, article) {
  const ask = box.querySelector("[data-vote-ask]");
  const more = box.querySelector("[data-vote-more]");
  const thanks = box.querySelector("[data-vote-thanks]");
  let answered = false;

  ask.addEventListener("click", (event) => {
    const answer = event.target.closest("[data-vote-answer]")?.dataset.voteAnswer;
    if (!answer || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (answer === "yes") return finish("yes");
    ask.hidden = true;
    more.hidden = false;
    more.querySelector("input").focus();
  });
  more.addEventListener("submit", (event) => {
    event.preventDefault();
    finish("no", new FormData(more).get("reason"));
  });
  // Someone who said no and gave no reason has voted all the same.
  addEventListener("pagehide", () => more.hidden || send("no"));

  function finish(value, reason) {
    send(value, reason);
    ask.hidden = more.hidden = true;
    thanks.hidden = false;
    thanks.focus();
  }

  function send(value, reason) {
    if (answered) return;
    answered = true;
    tell("article_voted", "article", { article, value, reason });
  }
}
