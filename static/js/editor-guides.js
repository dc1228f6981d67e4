// Guides are found by the readers' own search: for the related ones, for the replacement, for a link in the text.
import { insert, selected } from "./editor-caret.js";

const PAUSE = 250;
const form = document.querySelector("[data-editor]");
const address = form.dataset.guidesAddress;

const make = (tag, values = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), values);
  element.append(...children);
  return element;
};

// A search field with its results below; `choose` is told which guide was taken.
function searchBox(id, label, choose, hint = "Escribe para buscar.") {
  const input = make("input", { type: "search", id, autocomplete: "off", spellcheck: false });
  const state = make("p", { className: "meta", textContent: hint });
  const list = make("ul", { className: "found" });
  const box = make("div", { className: "guide-search" }, make("label", { htmlFor: id, textContent: label }), input, state, list);
  state.setAttribute("role", "status");
  let timer, asked = 0;

  async function look() {
    const number = ++asked;
    const query = input.value.trim();
    if (!query) return show([], hint);
    try {
      const answer = await fetch(`${address}?q=${encodeURIComponent(query)}`, { redirect: "manual" });
      const { guides = [], error } = await answer.json();
      if (number !== asked) return;
      const count = guides.length === 1 ? "1 guía" : `${guides.length} guías`;
      show(guides, error ?? (guides.length ? count : "Ninguna guía coincide."));
    } catch {
      if (number === asked) show([], "El buscador no responde ahora.");
    }
  }

  function show(guides, said) {
    state.textContent = said;
    list.replaceChildren(...guides.map((guide) => {
      const button = make("button", { type: "button" }, guide.title, make("span", { className: "meta", textContent: guide.topic }));
      button.addEventListener("click", () => {
        choose(guide);
        input.value = "";
        show([], hint);
      });
      return make("li", {}, button);
    }));
  }

  input.addEventListener("input", (event) => {
    event.stopPropagation(); // searching is no change of the article
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
    if (event.key === "ArrowDown") list.querySelector("button")?.focus();
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const buttons = [...list.querySelectorAll("button")];
    (buttons[buttons.indexOf(document.activeElement) + step] ?? (step < 0 ? input : document.activeElement)).focus();
  });
  return { box, input };
}

// The field keeps the slugs, one a line; what is seen is the list of titles.
for (const field of document.querySelectorAll("[data-guides]")) {
  const store = field.querySelector("textarea, input");
  const label = field.querySelector("label");
  const chosen = field.querySelector("[data-chosen]");
  const isMany = field.dataset.guides === "many";
  if (store.disabled) continue;

  const slugs = () => store.value.split(/\s+/).filter(Boolean);
  const write = (values) => {
    store.value = values.join("\n");
    store.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const addRemove = (row) => {
    const title = row.firstElementChild.textContent;
    const button = make("button", { type: "button", className: "small-button", textContent: "Quitar" });
    button.setAttribute("aria-label", `Quitar ${title}`);
    button.addEventListener("click", () => {
      write(slugs().filter((slug) => slug !== row.dataset.slug));
      row.remove();
      input.focus();
    });
    row.append(button);
  };
  const add = (guide) => {
    if (guide.slug === form.dataset.slug) return;
    if (!isMany) chosen.replaceChildren();
    if (!isMany || !slugs().includes(guide.slug)) {
      write(isMany ? [...slugs(), guide.slug] : [guide.slug]);
      const row = make("li", {}, make("span", { textContent: guide.title }));
      row.dataset.slug = guide.slug;
      addRemove(row);
      chosen.append(row);
    }
    input.focus();
  };
  const { box, input } = searchBox(`${store.id}_search`, label.textContent, add);
  for (const row of chosen.children) addRemove(row);
  // A slug that leads nowhere stays in sight, to be put right.
  if (field.classList.contains("errors")) continue;
  store.hidden = true;
  label.hidden = true;
  field.querySelector(".help")?.remove();
  store.after(box);
  field.prepend(box.querySelector("label"));
}

const place = document.querySelector("[data-guide-search=insert]");
if (place) {
  const area = document.getElementById("id_body");
  const { box, input } = searchBox("insert-guide", "Busca la guía", (guide) => {
    const text = (selected(area) || guide.title).replace(/[[\]\\]/g, "\\$&");
    const caret = [area.selectionStart, area.selectionEnd];
    place.closest("dialog").close(); // which may move the caret of the text
    area.setSelectionRange(...caret);
    insert(area, `[${text}](${guide.address})`);
  });
  place.append(box);
  input.autofocus = true;
}
