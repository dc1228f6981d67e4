// «Revisar el texto» without leaving the page; each finding leads to its words.

const form = document.querySelector("[data-editor]");
const place = document.querySelector("[data-findings]");
const button = document.querySelector("[data-proofread]");

place.setAttribute("role", "status");

button.addEventListener("click", async (event) => {
  event.preventDefault();
  const data = new FormData(form);
  for (const name of [...data.keys()]) if (data.get(name) instanceof File) data.delete(name);
  button.setAttribute("aria-disabled", "true");
  try {
    const answer = await fetch(form.dataset.correctionAddress, { method: "POST", body: data, redirect: "manual" });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const template = document.createElement("template");
    template.innerHTML = await answer.text();
    place.replaceChildren(template.content);
  } catch {
    place.textContent = "No se ha podido revisar. Prueba otra vez.";
  }
  button.removeAttribute("aria-disabled");
});

// Where the words of a finding stand in a text; Markdown between them hides some, so fewer and fewer are tried.
function placeOf(words, text) {
  const wanted = words.replace(/…$/, "").trim().split(/\s+/);
  for (let count = wanted.length; count > 0; count = count > 3 ? Math.floor(count / 2) : count - 1) {
    for (const some of [wanted.slice(0, count), wanted.slice(-count)]) {
      const pattern = some.map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("\\s+");
      const found = new RegExp(pattern).exec(text);
      if (found && found[0].length > 2) return [found.index, found.index + found[0].length];
    }
  }
  return null;
}

// The words are selected where they stand, and in sight.
function lead(event) {
  const link = event.target.closest("[data-place]");
  const field = link && document.querySelector(link.getAttribute("href"));
  if (!field) return;
  event.preventDefault();
  const place = placeOf(link.dataset.place, field.value);
  field.focus();
  if (!place) return;
  field.setSelectionRange(...place);
  field.scrollTop = (field.scrollHeight * place[0]) / (field.value.length || 1) - field.clientHeight / 3;
}

document.addEventListener("click", lead);
