// The widget's loader: one script tag on another site. It makes a button and, once that is pressed,
// a dialog with a frame of ours. Served at /widget.js, with KIT filled in and comments taken out.
(function () {
  "use strict";
  const tag = document.currentScript;
  if (!tag || window.kbportal) return;
  const KIT = {};
  const home = new URL(tag.src).origin;
  const given = tag.dataset;
  const lang = language();
  const words = KIT.words[lang];
  const small = matchMedia("(max-width: 30rem), (max-height: 26rem)");
  const SLOW_MS = 20000;
  const DEAF_MS = 4000;
  const ROLE = { role: "button", "aria-haspopup": "dialog", "aria-expanded": "false" };

  let person = {};
  let launcher, host, dialog, frame, waiting;
  let ready = false;
  let broken = false;
  let eager = false;

  window.kbportal = Object.freeze({ open, close, prefill, destroy });
  if (document.body) start();
  else addEventListener("DOMContentLoaded", start);

  function language() {
    const wanted = [given.lang, document.documentElement.lang, ...navigator.languages, KIT.lang];
    for (const one of wanted) {
      for (const code of [one, String(one).split("-")[0]]) if (Object.hasOwn(KIT.words, String(code).toLowerCase())) return code.toLowerCase();
    }
  }

  function start() {
    person = { name: given.name, email: given.email };
    host = make("div", { lang, dir: KIT.rtl.includes(lang) ? "rtl" : "ltr" });
    const root = host.attachShadow({ mode: "open" });
    const look = new CSSStyleSheet();
    look.replaceSync(KIT.css);
    root.adoptedStyleSheets = [look];
    const accent = /^#[0-9a-f]{6}$/i.test(given.accent) ? given.accent : KIT.accent;
    host.style.setProperty("--kb", accent);
    host.style.setProperty("--kb-on", isLight(accent) ? "#111" : "#fff");
    dialog = make("dialog", { className: given.position === "start" ? "start" : "" });
    dialog.setAttribute("aria-label", words.title);
    const shut = make("button", { type: "button", className: "shut", onclick: close }, icon("M6 6l12 12M18 6 6 18"));
    shut.setAttribute("aria-label", words.close);
    dialog.append(shut);
    dialog.addEventListener("cancel", (event) => (event.preventDefault(), close()));
    root.addEventListener("keydown", (event) => event.key === "Escape" && close());
    small.addEventListener("change", refit);
    addEventListener("message", heard);
    try {
      launcher = given.launcher && document.querySelector(given.launcher);
    } catch {
      // A selector that is none.
    }
    if (!launcher) {
      launcher = make("a", { href: `${home}/${lang}/`, target: "_blank", rel: "noopener", className: "launcher" }, icon("M4 5h16v11H9l-5 4z"), given.label || words.help);
      if (given.position === "start") launcher.classList.add("start");
      root.append(launcher);
    }
    root.append(dialog);
    for (const name in ROLE) launcher.setAttribute(name, ROLE[name]);
    launcher.addEventListener("click", pressed);
    launcher.addEventListener("keydown", spaced);
    document.body.append(host);
  }

  function pressed(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (dialog.open) close();
    else open();
  }

  function spaced(event) {
    if (event.key === " ") pressed(event);
  }

  /** Show the help, at a page of it if one is named: "contact", "articles/reset-password". */
  function open(page) {
    if (!dialog) return;
    if (typeof page === "string" && frame) show(page);
    if (!dialog.open) unfold();
    if (broken) return;
    launcher.setAttribute("aria-expanded", "true");
    eager = true;
    if (!frame) {
      frame = make("iframe", { title: words.title, allow: "clipboard-write", referrerPolicy: "no-referrer" });
      frame.sandbox = "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-downloads";
      frame.addEventListener("load", loaded);
      show(typeof page === "string" ? page : given.page);
      dialog.append(frame);
    } else if (ready) greet();
  }

  function close() {
    if (!dialog || !dialog.open) return;
    eager = false;
    dialog.close();
    if (!broken) launcher.setAttribute("aria-expanded", "false");
    launcher.focus();
  }

  /** What is known already: name, email, subject, description. Whatever was typed is kept. */
  function prefill(facts) {
    Object.assign(person, facts);
    if (ready) greet();
  }

  function destroy() {
    removeEventListener("message", heard);
    removeEventListener("DOMContentLoaded", start);
    small.removeEventListener("change", refit);
    clearTimeout(waiting);
    if (dialog) unbind();
    if (host) host.remove();
    delete window.kbportal;
  }

  function unbind() {
    launcher.removeEventListener("click", pressed);
    launcher.removeEventListener("keydown", spaced);
    for (const name in ROLE) launcher.removeAttribute(name);
  }

  function show(page) {
    const path = /^[\w/-]{1,200}$/.test(page || "") ? page : "";
    ready = false;
    wait(SLOW_MS);
    frame.src = `${home}/${lang}/widget/${path}`;
  }

  function unfold() {
    if (small.matches) dialog.showModal();
    else dialog.show();
  }

  function refit() {
    if (!dialog.open) return;
    dialog.close();
    unfold();
  }

  function loaded() {
    wait(DEAF_MS);
    greet();
  }

  // The focus goes into the frame when it is opened, and stays where it is when a page follows.
  function greet() {
    const facts = { page: location.origin + location.pathname, title: document.title };
    for (const name of ["name", "email", "subject", "description"]) facts[name] = String(person[name] || "");
    if (eager) frame.focus();
    frame.contentWindow.postMessage({ kbportal: 1, type: "hello", focus: eager, facts }, home);
  }

  function heard(event) {
    if (!frame || event.source !== frame.contentWindow || event.origin !== home) return;
    const said = event.data;
    if (!said || said.kbportal !== 1) return;
    if (said.type === "ready") {
      ready = true;
      clearTimeout(waiting);
      frame.className = "on";
      eager = false;
    } else if (said.type === "close") close();
  }

  function wait(ms) {
    clearTimeout(waiting);
    waiting = setTimeout(fail, ms);
  }

  // Ours is down, or this site is not on its list: what remains is a plain link.
  function fail() {
    broken = true;
    frame.remove();
    unbind();
    const link = make("a", { href: `${home}/${lang}/`, target: "_blank", rel: "noopener" }, words.link);
    dialog.append(make("p", {}, words.failed), link);
    if (dialog.open) link.focus();
  }

  function make(name, facts, ...content) {
    const one = Object.assign(document.createElement(name), facts);
    one.append(...content);
    return one;
  }

  function icon(d) {
    const [picture, path] = ["svg", "path"].map((name) => document.createElementNS("http://www.w3.org/2000/svg", name));
    picture.setAttribute("viewBox", "0 0 24 24");
    picture.setAttribute("aria-hidden", "true");
    path.setAttribute("d", d);
    picture.append(path);
    return picture;
  }

  function isLight(colour) {
    const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255).map((v) => v ** 2.2);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18;
  }
})();
