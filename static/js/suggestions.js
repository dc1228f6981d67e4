// Guides below the description while it is written. It asks seldom, never moves the focus, the caret or what
// stands above, and whatever fails leaves the form as it was.
const LEAST = 40; // characters
const PAUSE = 1200; // ms without typing
const EVERY = 3000; // ms between two requests

const place = document.querySelector("[data-suggestions]");
if (place) suggestGuides(place);

function suggestGuides(place) {
  const form = place.closest("form");
  const field = document.getElementById(place.dataset.suggestions);
  const said = form.querySelector("[data-suggestions-said]");
  const met = form.querySelector("[data-guides-met]");
  const words = () => field.value.trim();
  let asked = place.firstElementChild ? words() : "";
  let timer, request, next, lastAt = -EVERY;

  function remember(name, id) {
    if (met.querySelector(`[name="${name}"][value="${id}"]`)) return;
    const input = Object.assign(document.createElement("input"), { type: "hidden", name, value: id });
    met.append(input);
  }

  // Whoever already works below the section finds their control under the pointer where it was.
  function keepStill(change) {
    const anchor = place.compareDocumentPosition(document.activeElement) & Node.DOCUMENT_POSITION_FOLLOWING
      ? document.activeElement : null;
    const before = anchor?.getBoundingClientRect().top;
    change();
    if (anchor) scrollBy(0, anchor.getBoundingClientRect().top - before);
  }

  function show() {
    if (next === undefined || place.matches(":hover, :focus-within")) return;
    const template = document.createElement("template");
    template.innerHTML = next;
    next = undefined;
    const section = template.content.firstElementChild;
    const links = (root) => [...(root?.querySelectorAll("[data-guide]") ?? [])].map((link) => link.dataset.guide);
    const ids = links(section);
    if (String(ids) === String(links(place)) && ids.length) return;
    keepStill(() => place.replaceChildren(...(section ? [section] : [])));
    ids.forEach((id) => remember("suggested", id));
    const text = section?.dataset.said ?? "";
    if (said.textContent !== text) said.textContent = text;
  }

  async function ask() {
    if (words() === asked) return;
    asked = words();
    if ([...asked].length < LEAST) return offer("");
    request = new AbortController();
    lastAt = performance.now();
    place.setAttribute("aria-busy", "true");
    try {
      const body = new FormData();
      body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      body.set("description", asked.slice(0, 2000));
      const answer = await fetch(place.dataset.address, { method: "POST", body, signal: request.signal });
      if (answer.ok) return offer(answer.status === 200 ? await answer.text() : "");
      asked = "";
      lastAt += 1000 * (Number(answer.headers.get("Retry-After")) || 0);
    } catch {
      asked = ""; // stale or without connection: the next pause asks again
    } finally {
      place.removeAttribute("aria-busy");
    }
  }

  function offer(html) {
    next = html;
    show();
  }

  function plan(pause) {
    clearTimeout(timer);
    timer = setTimeout(ask, Math.max(pause, lastAt + EVERY - performance.now()));
  }

  field.addEventListener("input", () => {
    request?.abort();
    plan(PAUSE);
  });
  field.addEventListener("blur", () => plan(0));
  place.addEventListener("pointerleave", show);
  place.addEventListener("focusout", () => setTimeout(show));
  for (const press of ["click", "auxclick"]) {
    place.addEventListener(press, (event) => {
      const link = event.target.closest("[data-guide]");
      if (link) remember("read", link.dataset.guide);
    });
  }
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    request?.abort();
  });
  form.querySelector("[data-ask-for-guides]").hidden = true;
  document.getElementById(`${field.id}_helptext`)?.append(`. ${place.dataset.hint}`);
  addEventListener("pageshow", () => plan(PAUSE));
}
