// What is typed survives an expired session or a closed tab: kept in this tab until it is saved, and offered back.

const PAUSE = 1000;
const RETRY = 15_000; // after that the first try is taken for lost
const NAMES = ["title", "slug", "summary", "body", "keywords", "note"];
const form = document.querySelector("[data-editor]");
const key = `article ${form.dataset.article || "new"}`;
const version = form.elements.version.value;
const words = () => Object.fromEntries(NAMES.map((name) => [name, form.elements[name]?.value ?? ""]));
const atFirst = JSON.stringify(words());
const cameBack = Boolean(document.querySelector(".editor .errornote, [data-notice]"));
let timer;
let isLeaving = false;

function read(name) {
  try {
    return JSON.parse(sessionStorage.getItem(name));
  } catch {
    return null;
  }
}

function keep() {
  try {
    sessionStorage.setItem(key, JSON.stringify({ version, at: Date.now(), words: words() }));
  } catch {
    // no room or no permission: the page still warns before it is left
  }
}

function offer(draft) {
  const at = new Date(draft.at);
  const hour = `${at.getHours()}:${String(at.getMinutes()).padStart(2, "0")}\u00a0h`;
  const box = document.createElement("div");
  box.className = "notice-sheet inline-actions";
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", "Texto sin guardar");
  const text = document.createElement("p");
  text.textContent = `Hay texto sin guardar de las ${hour}.`;
  const take = Object.assign(document.createElement("button"), { type: "button", className: "button button--quiet", textContent: "Recuperarlo" });
  const drop = Object.assign(document.createElement("button"), { type: "button", className: "button button--quiet", textContent: "Descartarlo" });
  take.addEventListener("click", () => {
    for (const [name, value] of Object.entries(draft.words)) if (form.elements[name]) form.elements[name].value = value;
    box.remove();
    form.elements.body.focus();
    form.dispatchEvent(new Event("input"));
  });
  drop.addEventListener("click", () => {
    sessionStorage.removeItem(key);
    box.remove();
    form.elements.body.focus();
  });
  box.append(text, take, drop);
  form.prepend(box);
}

// A new article that was saved has another page from then on.
function forgetNew() {
  const fresh = read("article new");
  if (form.dataset.article && fresh?.words.title === form.elements.title.value) sessionStorage.removeItem("article new");
}

const draft = read(key);
if (!cameBack) forgetNew();
if (draft && !cameBack) {
  if (draft.version === version && JSON.stringify(draft.words) !== atFirst) offer(draft);
  else sessionStorage.removeItem(key);
}

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(keep, PAUSE);
});
// Once is enough: while a save is on its way, a second click does nothing.
form.addEventListener("submit", (event) => {
  if (event.submitter?.formTarget === "_blank") return;
  if (isLeaving) return event.preventDefault();
  keep();
  isLeaving = true;
  setTimeout(() => (isLeaving = false), RETRY);
});
addEventListener("pageshow", () => (isLeaving = false));
addEventListener("beforeunload", (event) => {
  if (!isLeaving && (cameBack || JSON.stringify(words()) !== atFirst)) event.preventDefault();
});
