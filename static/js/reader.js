// Reading an article inside a suggestion card, at the section that matched.

import { articleFragment } from "./trusted.js";

const fetched = new Map();

/** The article of a suggestion as nodes: anchors made its own, headings two ranks lower. */
export async function readArticle(address, suggestion) {
  const url = `${address}/${suggestion.lang}/${encodeURIComponent(suggestion.slug)}`;
  if (!fetched.has(url)) fetched.set(url, load(url));
  try {
    return fit(articleFragment((await fetched.get(url)).html), suggestion.slug);
  } catch (error) {
    fetched.delete(url);
    throw error;
  }
}

/** Scroll `box`, and only `box`, so that the section that matched is in sight. */
export function showSection(box, suggestion) {
  const here = suggestion.section && box.querySelector(`#${CSS.escape(anchor(suggestion))}`);
  if (!here) return;
  here.classList.add("suggestion-here");
  box.scrollTop = here.getBoundingClientRect().top - box.getBoundingClientRect().top - 16;
}

function anchor(suggestion) {
  return `${suggestion.slug}-${suggestion.section}`;
}

async function load(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

function fit(fragment, prefix) {
  for (const one of fragment.querySelectorAll("[id]")) one.id = `${prefix}-${one.id}`;
  for (const link of fragment.querySelectorAll("a[href]")) {
    const href = link.getAttribute("href");
    if (href.startsWith("#")) link.setAttribute("href", `#${prefix}-${href.slice(1)}`);
    // The form stays open behind whatever is followed from here.
    else Object.assign(link, { target: "_blank", rel: "noopener" });
  }
  for (const heading of fragment.querySelectorAll("h2, h3, h4")) {
    const lower = document.createElement(`h${Number(heading.localName[1]) + 2}`);
    lower.id = heading.id;
    lower.append(...heading.childNodes);
    heading.replaceWith(lower);
  }
  return fragment;
}
