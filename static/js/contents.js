// Where one is on the page, in the contents list beside it.

const TOP = 140;

/** Mark the section on top of the screen; at the very end of the text its last section. */
export function followContents(list, prose) {
  const links = new Map();
  for (const link of list.querySelectorAll("a")) links.set(decodeURIComponent(link.hash.slice(1)), link);
  const headings = [...prose.querySelectorAll("[id]")].filter((one) => links.has(one.id));
  if (!headings.length) return;
  let due = false;
  const soon = () => {
    if (!due) requestAnimationFrame(update);
    due = true;
  };
  addEventListener("scroll", soon, { passive: true });
  addEventListener("resize", soon, { passive: true });
  update();

  function update() {
    due = false;
    const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
    const above = headings.filter((one) => one.getBoundingClientRect().top < TOP);
    const here = (atEnd ? headings.at(-1) : above.at(-1)) ?? headings[0];
    for (const [id, link] of links) {
      if (id !== here.id) link.removeAttribute("aria-current");
      else if (!link.hasAttribute("aria-current")) show(link);
    }
  }

  /** A list longer than the screen scrolls along, without moving the page. */
  function show(link) {
    link.setAttribute("aria-current", "true");
    const [box, inner] = [list.getBoundingClientRect(), link.getBoundingClientRect()];
    if (inner.top < box.top || inner.bottom > box.bottom) {
      list.scrollTop += inner.top - box.top - box.height / 2;
    }
  }
}
