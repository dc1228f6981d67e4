// The customer's page beside the text, drawn anew when the typing rests; it stays where it was scrolled to.

const SILENCE = 600;
const form = document.querySelector("[data-editor]");
const pane = document.querySelector("[data-preview]");
const frame = pane.querySelector("[data-preview-frame]");
const state = pane.querySelector("[data-preview-state]");
let timer, running, isStale;

// Nothing runs in the frame and no window opens from it (its sandbox sees to both): a link leads nowhere.
function settle(page) {
  for (const script of page.querySelectorAll("script")) script.remove();
  for (const link of page.querySelectorAll("a[href]")) link.target = "_blank";
  return page;
}

// Except to a place on the page itself.
function follow(event) {
  const link = event.target.closest("a[href]");
  if (!link) return;
  event.preventDefault();
  const anchor = link.getAttribute("href");
  if (anchor.startsWith("#")) frame.contentDocument.getElementById(anchor.slice(1))?.scrollIntoView();
}

async function drawn() {
  const data = new FormData(form);
  for (const name of [...data.keys()]) if (data.get(name) instanceof File) data.delete(name);
  running = new AbortController();
  const answer = await fetch(form.dataset.previewAddress, {
    method: "POST", body: data, signal: running.signal, redirect: "manual",
  });
  if (answer.status !== 200 && answer.status !== 422) throw new Error(`status ${answer.status}`);
  return settle(new DOMParser().parseFromString(await answer.text(), "text/html"));
}

function show(page) {
  const shown = frame.contentDocument;
  if (!shown?.querySelector("main")) {
    frame.addEventListener("load", begin, { once: true });
    frame.srcdoc = `<!doctype html>${page.documentElement.outerHTML}`;
    return;
  }
  shown.body.replaceChildren(...page.body.childNodes);
}

function begin() {
  frame.contentDocument.addEventListener("click", follow);
  frame.contentDocument.querySelector("h1")?.scrollIntoView();
}

async function refresh() {
  if (running) return (isStale = true);
  try {
    show(await drawn());
    state.textContent = "";
  } catch {
    state.textContent = "La vista previa no responde; tu texto sigue aquí.";
  }
  running = null;
  if (isStale) {
    isStale = false;
    refresh();
  }
}

pane.hidden = false;
refresh();
form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(refresh, SILENCE);
});
