// The page of a ticket: a link to an article for the answer, marked as sent by an agent.

const SHOWN_MS = 2000;

if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copy-link]")) {
    const word = button.querySelector("[data-word]");
    const usual = word.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(button.dataset.copyLink);
      } catch {
        return;
      }
      word.textContent = button.dataset.done;
      setTimeout(() => (word.textContent = usual), SHOWN_MS);
    });
  }
}
