// Pictures pasted or dropped into the text, or chosen: described first, then sent, then in the text.
import { insertBlock } from "./editor-caret.js";

const form = document.querySelector("[data-editor]");
const area = document.getElementById("id_body");
const dialog = document.getElementById("file-dialog");
const list = document.querySelector("[data-files]");

list.addEventListener("click", (event) => {
  const row = event.target.closest("[data-insert]") && event.target.closest("[data-file]");
  if (row) insertBlock(area, row.querySelector("[data-source]").value);
});
const showInsert = (row) => row.querySelector("[data-insert]")?.removeAttribute("hidden");
for (const row of list.children) showInsert(row);

if (dialog) {
  const sheet = dialog.querySelector("[data-file-form]");
  const input = dialog.querySelector("#dialog-file");
  const alt = dialog.querySelector("#dialog-alt");
  const decorative = dialog.querySelector("#dialog-decorative");
  const error = dialog.querySelector("[data-error]");
  const state = dialog.querySelector("[data-state]");
  const bar = dialog.querySelector("[data-progress]");
  const given = dialog.querySelector("[data-given]");
  let waiting = [];
  let caret = null;
  let request = null;

  document.querySelector("[data-no-files]").append(" Pega o suelta una captura en el texto.");

  // Without scripts files come with the form; the dialog does it better.
  document.querySelector("[data-add-file]")?.remove();

  const isPicture = (file) => !file || !/\.(pdf|txt)$/i.test(file.name);
  const current = () => waiting[0] ?? input.files[0];

  function complain(text) {
    error.textContent = text;
    error.hidden = !text;
    if (text) error.setAttribute("role", "alert");
  }

  function prepare() {
    const file = waiting[0];
    dialog.querySelector("[data-choose]").hidden = Boolean(file);
    given.hidden = !file;
    given.textContent = file ? `${file.name}${waiting.length > 1 ? `, y después ${waiting.length - 1} más` : ""}` : "";
    dialog.querySelector("[data-picture]").hidden = !isPicture(current());
    alt.value = "";
    decorative.checked = false;
    complain("");
    state.textContent = "";
    bar.hidden = true;
  }

  function open(files = []) {
    waiting = [...files];
    sheet.reset();
    prepare();
    if (!dialog.open) dialog.showModal();
    if (waiting.length) alt.focus();
  }

  new MutationObserver(() => dialog.open && !waiting.length && prepare()).observe(dialog, { attributeFilter: ["open"] });
  input.addEventListener("change", () => {
    dialog.querySelector("[data-picture]").hidden = !isPicture(current());
    complain("");
  });

  function remember() {
    caret = [area.selectionStart, area.selectionEnd];
  }

  function send(file) {
    const data = new FormData();
    data.append("new_file", file, file.name);
    data.append("new_alt", alt.value);
    if (decorative.checked) data.append("new_decorative", "on");
    data.append("article", form.dataset.article);
    return new Promise((resolve, reject) => {
      request = new XMLHttpRequest();
      request.open("POST", form.dataset.uploadAddress);
      request.setRequestHeader("X-CSRFToken", form.elements.csrfmiddlewaretoken.value);
      request.responseType = "json";
      request.upload.onprogress = (event) => event.lengthComputable && (bar.value = (100 * event.loaded) / event.total);
      request.onload = () => (request.status === 201 ? resolve(request.response) : reject(new Error(request.response?.error ?? "")));
      request.onerror = () => reject(new Error(""));
      request.onabort = () => reject(new Error("abort"));
      request.send(data);
    });
  }

  function take({ key, source, row }) {
    const template = document.createElement("template");
    template.innerHTML = row;
    showInsert(template.content.firstElementChild);
    list.append(template.content);
    document.querySelector("[data-no-files]").hidden = true;
    document.querySelector("[data-file-said]").textContent = `${current().name} se ha subido y está en el texto`;
    if (!form.dataset.article) form.querySelector("[data-carried]").value += ` ${key}`;
    return source;
  }

  sheet.addEventListener("submit", async (event) => {
    event.preventDefault();
    const file = current();
    if (request) return;
    if (!file) {
      complain("Elige un archivo");
      return input.focus();
    }
    if (isPicture(file) && !alt.value.trim() && !decorative.checked) {
      complain("Describe la imagen para quien no la ve, o marca que es decorativa");
      return alt.focus();
    }
    complain("");
    bar.value = 0;
    bar.hidden = false;
    state.textContent = `Subiendo ${file.name}`;
    try {
      const source = take(await send(file));
      const more = waiting.slice(1);
      const place = caret ?? [area.selectionStart, area.selectionEnd];
      dialog.close(); // which puts the caret of the text at its beginning
      area.setSelectionRange(...place);
      caret = null;
      insertBlock(area, source);
      if (more.length) {
        remember();
        open(more);
      }
    } catch (failure) {
      if (failure.message !== "abort") complain(failure.message || "No se ha podido subir. Prueba otra vez.");
      state.textContent = "";
      bar.hidden = true;
    }
    request = null;
  });

  dialog.addEventListener("close", () => {
    if (dialog.open) return; // the next of several files is already being asked about
    request?.abort();
    waiting = [];
    if (caret) area.setSelectionRange(...caret);
  });
  area.addEventListener("blur", remember);

  area.addEventListener("paste", (event) => {
    const files = [...event.clipboardData.files];
    if (!files.length || event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    remember();
    open(files);
  });

  const holder = area.closest(".field");
  const carriesFiles = (event) => event.dataTransfer.types.includes("Files");
  area.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    holder.dataset.dragging = "";
  });
  area.addEventListener("dragleave", () => delete holder.dataset.dragging);
  area.addEventListener("drop", (event) => {
    delete holder.dataset.dragging;
    if (!carriesFiles(event)) return;
    event.preventDefault();
    remember();
    open(event.dataTransfer.files);
  });
}
