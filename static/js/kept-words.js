// What is written in a form outlives a reload or a crash of this tab: kept here until it is sent or dropped.
const PAUSE = 400; // ms
const WORDS = ["name", "email", "description", "body"];
const TIES = ["form_key", "opened"]; // so that its files come back too, and nothing is sent twice

const form = document.querySelector("form[data-kept]");
if (form) keepWords(form);

function keepWords(form) {
  const place = `words of ${form.dataset.kept}`;
  const { owner } = form.dataset;
  const cameBack = "cameBack" in form.dataset; // what the server has drawn again is newer
  const box = form.querySelector("[data-restored]");
  const controls = () => WORDS.map((name) => form.elements[name]).filter((control) => control && control.type !== "hidden");
  const words = () => Object.fromEntries(controls().map((control) => [control.name, control.value]));
  const files = () => form.querySelectorAll("[data-files] > li").length;
  const atFirst = JSON.stringify(words());
  let timer;
  let isDiscarded = false;

  function read() {
    try {
      return JSON.parse(sessionStorage.getItem(place));
    } catch {
      return null;
    }
  }

  function forget() {
    clearTimeout(timer);
    timer = undefined;
    sessionStorage.removeItem(place);
  }

  function keep(more = {}) {
    timer = undefined;
    if (isDiscarded) return;
    if (!cameBack && !files() && JSON.stringify(words()) === atFirst && !read()) return;
    const ties = Object.fromEntries(TIES.map((name) => [name, form.elements[name].value]));
    try {
      sessionStorage.setItem(place, JSON.stringify({ owner, ties, words: words(), files: files(), ...more }));
    } catch {
      // no room or no permission: the browser's own back button still has the words
    }
  }

  function restore(kept) {
    for (const [name, value] of Object.entries(kept.ties)) form.elements[name].value = value;
    for (const control of controls()) {
      control.value = kept.words[control.name] ?? control.value;
      control.dispatchEvent(new Event("input", { bubbles: true }));
    }
    form.dispatchEvent(new Event("words-restored"));
    box.hidden = false;
    form.querySelector("[data-form-said]").textContent = "Hemos recuperado lo que escribiste";
  }

  box.querySelector("[data-discard]").addEventListener("click", () => {
    forget();
    isDiscarded = true; // whatever still arrives before the page goes
    location.replace(location.href.split("#")[0]);
  });

  const kept = read();
  const isSomebodyElses = kept?.owner && kept.owner !== owner;
  const isSent = kept?.sent && document.querySelector(".notice--ok[data-focus-notice]");
  if (isSomebodyElses || isSent) forget();
  else if (kept && !cameBack && (kept.files || JSON.stringify({ ...words(), ...kept.words }) !== atFirst)) restore(kept);

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  };
  form.addEventListener("input", later);
  form.addEventListener("files-changed", later);
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    timer = undefined;
    keep({ sent: !event.submitter?.name });
  });
  addEventListener("pagehide", () => timer && keep());
  if (cameBack) keep();
}
