// On every page: the language menu, "/" to search, closing the announcement, and times in the
// reader's own zone.

import { pageLanguage, tell } from "./events.js";

const menu = document.querySelector("[data-menu]");
const field = document.querySelector("[data-search-key]");

if (menu) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  menu.addEventListener("click", (event) => {
    const choice = event.target.closest("[data-language]");
    if (choice) remember(choice.dataset.language);
  });
}

if (field) {
  document.addEventListener("keydown", (event) => {
    const writing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || writing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
}

const announced = document.querySelector("[data-announcement]");
if (announced) {
  announced.querySelector("form").hidden = false;
  announced.addEventListener("submit", (event) => {
    event.preventDefault();
    keep("kb_closed", announced.dataset.announcement, 30);
    announced.remove();
    document.querySelector(".brand").focus();
  });
}

for (const moment of document.querySelectorAll("[data-moment]")) {
  const format = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  moment.textContent = format.format(new Date(moment.dateTime));
}

function remember(language) {
  keep("kb_lang", language, 365);
  if (language !== pageLanguage()) {
    const surface = document.querySelector("[data-contact]") ? "form" : "article";
    tell("language_switched", surface, { value: language });
  }
}

function keep(cookie, value, days) {
  // In a frame on another site nothing is stored.
  if ("framed" in document.body.dataset) return;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${cookie}=${value}; Path=/; Max-Age=${days * 86400}; SameSite=Lax${secure}`;
}
