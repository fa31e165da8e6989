// Files of the form: taken at once, so that nothing that goes wrong later loses them.

import { hold } from "./held.js";
import { post } from "./post.js";

const PICTURE = /^image\/(png|jpeg|webp|gif)$/;

/** Returns what can be done: send the files in the field, remove one, show the list. */
export function takeFiles(form) {
  const box = form.querySelector("[data-files]");
  const list = box.querySelector("[data-file-list]");
  const template = box.querySelector("[data-file-template]");
  const problem = box.querySelector("[data-files-problem]");
  const field = form.elements.files;
  let turn = Promise.resolve();

  return { send, remove, show };

  function send() {
    const waiting = [...field.files];
    tell("");
    turn = turn.then(() => waiting.reduce((before, one) => before.then(() => upload(one)), Promise.resolve()));
    return turn;
  }

  async function upload(file) {
    if (![...field.files].includes(file)) return;
    if (file.size > Number(box.dataset.most)) return refuse(file, box.dataset.tooLarge);
    box.classList.add("files-busy");
    try {
      const { problems } = await ask({ files: file });
      drop(file);
      problems.forEach(tellMore);
    } catch (error) {
      // What is too large for the portal, or for a server before it, would be so with the form.
      if (error.message === "413") refuse(file, box.dataset.tooMuch);
      else tellMore(box.dataset.failed);
    } finally {
      box.classList.remove("files-busy");
    }
  }

  /** In its turn: the answer about an earlier file would list this one again. */
  function remove(button) {
    turn = turn.then(() => takeBack(button));
    return turn;
  }

  /** It must not hinder the form from being sent. */
  function refuse(file, words) {
    drop(file);
    tellMore(words.replace("{name}", () => file.name));
  }

  function drop(file) {
    hold(field, [...field.files].filter((one) => one !== file));
  }

  async function takeBack(button) {
    try {
      await ask({ remove: button.value });
      field.focus();
    } catch {
      tell(box.dataset.failed);
    }
  }

  async function ask(what, again = true) {
    const data = new FormData();
    for (const name of ["csrf_token", "draft"]) data.set(name, form.elements[name].value);
    if (what.files) data.set("files", what.files, nameOf(what.files));
    if (what.remove) data.set("remove", what.remove);
    const response = await post(box.dataset.files, data);
    if (response.status === 413) throw new Error("413");
    const answer = await response.json();
    if (answer.csrf_token && again) {
      form.elements.csrf_token.value = answer.csrf_token;
      return ask(what, false);
    }
    if (!response.ok) throw new Error(String(response.status));
    show(answer.files);
    return answer;
  }

  function show(rows) {
    list.replaceChildren(...rows.map(item));
  }

  function item(row) {
    const made = template.content.firstElementChild.cloneNode(true);
    made.dataset.file = row.id;
    for (const part of ["name", "size"]) made.querySelector(`[data-part="${part}"]`).textContent = row[part];
    made.querySelector("[name=remove]").value = row.id;
    return made;
  }

  function tell(words) {
    problem.textContent = words;
    problem.hidden = !words;
  }

  /** What was wrong with one file of a choice stands beside what is wrong with the next. */
  function tellMore(words) {
    if (!problem.textContent.includes(words)) tell(`${problem.textContent} ${words}`.trim());
  }

  /** A pasted picture is always called "image.png": tell several of them apart. */
  function nameOf(file) {
    if (!PICTURE.test(file.type) || !/^image\.\w+$/.test(file.name)) return file.name;
    const time = new Date().toISOString().slice(0, 19).replace(/\D/g, "-");
    return `screenshot-${time}.${file.type.slice(6)}`;
  }
}
