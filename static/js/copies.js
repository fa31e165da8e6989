// Copying: code, the page's address, the address of a section. Says so aloud; never says it falsely.

const SHOWN_MS = 2000;

/** Give `article` its buttons; without a clipboard, as on plain http, only links to sections. */
export function offerCopies(article) {
  const prose = article.querySelector("[data-prose]");
  const said = article.querySelector("[data-said]");
  const { copied, linkLabel } = article.dataset;
  // From within the widget's frame, too, what is passed on is the page's own address.
  const here = document.querySelector("link[rel=canonical]").href;

  for (const heading of prose.querySelectorAll(":is(h2, h3)[id]")) {
    const link = fromTemplate("[data-heading-link]");
    const title = heading.textContent;
    link.href = `#${heading.id}`;
    link.title = linkLabel;
    link.setAttribute("aria-label", `${linkLabel}: ${title}`);
    heading.setAttribute("aria-label", title);
    heading.append(link);
    link.addEventListener("click", () => copy(link, here + link.hash));
  }
  if (!navigator.clipboard) return;

  const address = article.querySelector("[data-copy-address]");
  const word = address.querySelector("[data-word]");
  const usual = word.textContent;
  address.hidden = false;
  address.addEventListener("click", () => copy(address, here, (said) => (word.textContent = said ?? usual)));
  for (const block of prose.querySelectorAll(".code")) {
    const code = block.querySelector("pre");
    const button = fromTemplate("[data-copy-button]");
    block.append(button);
    button.addEventListener("click", async () => {
      if (!(await copy(button, code.textContent))) getSelection().selectAllChildren(code);
    });
  }

  function fromTemplate(name) {
    return article.querySelector(name).content.firstElementChild.cloneNode(true);
  }

  async function copy(button, text, show) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      return false;
    }
    show?.(copied);
    said.textContent = copied;
    button.dataset.done = "";
    setTimeout(() => {
      show?.();
      said.textContent = "";
      delete button.dataset.done;
    }, SHOWN_MS);
    return true;
  }
}
