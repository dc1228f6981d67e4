// Each file goes up by itself as soon as it is chosen, dropped or pasted; the form then sends only its words.
const LOOKS = [3000, 6000, 12_000, 24_000]; // ms until a picture is asked about again
const PICTURE = /^image\/(png|jpeg|webp|gif)$/;

const field = document.querySelector("[data-uploads]");
if (field) takeFiles(field);

function takeFiles(field) {
  const form = field.closest("form");
  const input = field.querySelector("input[type=file]");
  const zone = field.querySelector("[data-drop-zone]");
  const chooser = zone.querySelector("button[type=button]"); // file-picker.js
  const list = field.querySelector("[data-files]");
  const alertBox = field.querySelector("[data-upload-alert]");
  const more = field.querySelector("[data-more-files]");
  const most = Number(field.dataset.most);
  const queue = []; // what has not gone up: the first one is on its way, or all of them have failed
  let pasted = 0;
  let held; // the button that waits until the files are there

  const element = (tag, properties, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };
  const isBusy = () => queue.some((upload) => !upload.failed);
  const count = () => [...list.children].filter((row) => !row.querySelector(":scope > span > .error")).length;

  function say(text) {
    form.querySelector("[data-form-said]").textContent = text;
  }

  function complain(...nodes) {
    alertBox.append(...nodes);
  }

  function error(text) {
    return element("p", { className: "error" }, element("span", { className: "visually-hidden", textContent: "Error: " }), text);
  }

  function settle() {
    list.hidden = !list.children.length;
    more.hidden = more.hidden && count() < most - 1;
    form.dispatchEvent(new Event("files-changed"));
  }

  // --- A row of the list -----------------------------------------------------------------

  function parsed(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    return template.content;
  }

  function button(text, name, act) {
    const made = element("button", { type: "button", className: "button button--secondary" }, text);
    made.append(element("span", { className: "visually-hidden", textContent: ` ${name}` }));
    made.addEventListener("click", act);
    return made;
  }

  function newRow(file) {
    const upload = { file, failed: false, percent: 0 };
    upload.kind = element("span", { className: "file-type", ariaHidden: "true", textContent: PICTURE.test(file.type) ? "IMG" : /pdf$/.test(file.type) ? "PDF" : "TXT" });
    upload.state = element("span", { className: "meta", textContent: `${sizeText(file.size)} · En espera` });
    upload.bar = element("progress", { max: 100, value: 0, ariaLabel: `Subida de ${file.name}` });
    upload.buttons = element("span", { className: "file-list__action" }, button("Cancelar", file.name, () => cancel(upload)));
    const name = element("span", { className: "file-list__name", dir: "auto", textContent: file.name });
    const what = element("span", { className: "file-list__what" }, name, upload.state, upload.bar);
    upload.row = element("li", {}, upload.kind, what, upload.buttons);
    preview(upload);
    return upload;
  }

  // Drawn from the file itself: nothing is asked of the server, nor of a blob: address.
  async function preview(upload) {
    if (!PICTURE.test(upload.file.type)) return;
    try {
      const bitmap = await createImageBitmap(upload.file, { resizeWidth: 128, resizeQuality: "medium" });
      const canvas = element("canvas", { width: 128, height: 96, className: "file-preview", ariaHidden: "true" });
      canvas.getContext("2d").drawImage(bitmap, 0, 0);
      bitmap.close();
      upload.kind.replaceWith(canvas);
      upload.kind = canvas;
    } catch {
      // no picture after all: the server will say so
    }
  }

  function focusAfter(row) {
    const next = row.nextElementSibling ?? null;
    return next?.querySelector("button") ?? chooser;
  }

  function takeOut(row) {
    const had = row.contains(document.activeElement);
    const next = focusAfter(row);
    row.remove();
    settle();
    if (had) next.focus();
  }

  // --- Going up ---------------------------------------------------------------------------

  function add(files) {
    if (!files.length) return;
    alertBox.replaceChildren();
    for (const file of files) {
      if (count() >= most) {
        complain(error(field.dataset.tooMany));
        more.hidden = false;
        break;
      }
      if (file.size > Number(field.dataset.mostBytes)) {
        complain(error(field.dataset.tooLarge.replace("{name}", file.name).replace("{size}", sizeText(file.size))));
        continue;
      }
      const upload = newRow(file);
      queue.push(upload);
      list.append(upload.row);
      list.hidden = false;
    }
    settle();
    next();
  }

  function next() {
    if (queue.some((upload) => upload.request)) return;
    const upload = queue.find((one) => !one.failed);
    if (upload) send(upload);
    else if (held !== undefined) release();
  }

  function send(upload) {
    const body = new FormData();
    body.set("form_key", form.elements.form_key.value);
    body.set("opened", form.elements.opened.value);
    body.set("attachments", upload.file, upload.file.name);
    const request = new XMLHttpRequest();
    upload.request = request;
    request.open("POST", field.dataset.uploads);
    request.upload.onprogress = (event) => event.lengthComputable && show(upload, (100 * event.loaded) / event.total);
    request.onload = () => answered(upload, request);
    request.onerror = () => lose(upload);
    show(upload, 0);
    say(`Subiendo ${upload.file.name}`);
    request.send(body);
  }

  function show(upload, percent) {
    upload.percent = Math.floor(percent);
    upload.bar.value = percent;
    upload.state.textContent = `${sizeText(upload.file.size)} · Subiendo, ${upload.percent}\u00a0%`;
    if (held !== undefined) tellWaiting();
  }

  function leave(upload) {
    upload.request = null;
    const place = queue.indexOf(upload);
    if (place >= 0) queue.splice(place, 1);
  }

  function answered(upload, request) {
    const { status } = request;
    if (status === 201) arrive(upload, request.responseText);
    else if (status === 200) {
      say(`${upload.file.name} ya estaba en la lista`);
      leave(upload);
      takeOut(upload.row);
    } else if (status === 422 || status === 429) {
      complain(parsed(request.responseText));
      if (["many", "total"].includes(request.getResponseHeader("X-Refused"))) more.hidden = false;
      held = undefined;
      leave(upload);
      takeOut(upload.row);
      tellWaiting();
    } else return lose(upload);
    next();
  }

  function arrive(upload, html) {
    leave(upload);
    const row = parsed(html).firstElementChild;
    if (upload.kind.tagName === "CANVAS") row.querySelector(".file-type")?.replaceWith(upload.kind);
    const had = upload.row.contains(document.activeElement);
    upload.row.replaceWith(row);
    if (had) row.querySelector("button").focus();
    settle();
    say(`${row.querySelector(".file-list__name").textContent} se ha subido, ${count() - queue.length} de ${most}`);
    look(row);
  }

  function lose(upload) {
    upload.request = null;
    upload.failed = true;
    const had = upload.row.contains(document.activeElement);
    const { name } = upload.file;
    upload.bar.hidden = true;
    upload.state.textContent = `${sizeText(upload.file.size)} · No se ha podido subir`;
    const again = button("Reintentar", name, () => retry(upload));
    upload.buttons.replaceChildren(again, " ", button("Quitar", name, () => cancel(upload)));
    complain(error(`«${name}» no se ha podido subir.`));
    held = undefined;
    tellWaiting();
    if (had) again.focus();
    next();
  }

  function retry(upload) {
    alertBox.replaceChildren();
    upload.failed = false;
    upload.bar.hidden = false;
    const stop = button("Cancelar", upload.file.name, () => cancel(upload));
    upload.buttons.replaceChildren(stop);
    stop.focus();
    upload.state.textContent = `${sizeText(upload.file.size)} · En espera`;
    next();
  }

  function cancel(upload) {
    const { request } = upload;
    leave(upload);
    request?.abort();
    if (upload.failed) alertBox.replaceChildren();
    more.hidden = true;
    takeOut(upload.row);
    next();
  }

  // --- On the server already ------------------------------------------------------------

  function ask(values) {
    const body = new FormData();
    body.set("form_key", form.elements.form_key.value);
    body.set("opened", form.elements.opened.value);
    for (const [name, value] of Object.entries(values)) body.set(name, value);
    return fetch(field.dataset.uploads, { method: "POST", body });
  }

  // A picture is decoded after it came; then there is a thumbnail, or a reason against it.
  async function look(row, times = 0) {
    if (!row.hasAttribute("data-analysing") || times === LOOKS.length) return;
    await new Promise((done) => setTimeout(done, LOOKS[times]));
    if (!row.isConnected) return;
    const remove = row.querySelector("button[name=remove]");
    const answer = await ask({ look: remove.value }).catch(() => null);
    if (answer?.ok) {
      const fresh = parsed(await answer.text()).firstElementChild;
      if (!fresh.hasAttribute("data-analysing")) return renew(row, fresh, remove);
    }
    look(row, times + 1);
  }

  function renew(row, fresh, remove) {
    row.removeAttribute("data-analysing");
    fresh.querySelector("button").remove();
    const drawn = row.querySelector("canvas");
    if (drawn && fresh.querySelector(":scope > img")) fresh.querySelector(":scope > img").replaceWith(drawn);
    while (row.firstChild !== remove) row.firstChild.remove();
    remove.before(...fresh.childNodes);
    const reason = row.querySelector(".error");
    if (reason) complain(error(reason.textContent));
    settle();
  }

  list.addEventListener("click", async (event) => {
    const remove = event.target.closest("button[name=remove]");
    if (!remove) return;
    event.preventDefault();
    if (remove.ariaDisabled) return;
    remove.ariaDisabled = "true";
    const answer = await ask({ remove: remove.value }).catch(() => null);
    const row = remove.closest("li");
    const name = row.querySelector(".file-list__name").textContent;
    remove.removeAttribute("aria-disabled");
    if (!answer?.ok) {
      alertBox.replaceChildren(error(`No hemos podido quitar «${name}». Prueba otra vez.`));
      return;
    }
    alertBox.replaceChildren();
    more.hidden = true;
    takeOut(row);
    say(`${name} se ha quitado`);
  });

  form.addEventListener("words-restored", async () => {
    const answer = await ask({}).catch(() => null);
    if (!answer?.ok) return;
    list.prepend(parsed(await answer.text()));
    settle();
    for (const row of list.children) look(row);
  });

  // --- The form is sent when its files are there ----------------------------------------------

  function tellWaiting() {
    const upload = queue.find((one) => !one.failed);
    let line = form.querySelector("[data-upload-waiting]");
    if (held === undefined || !upload) return line?.remove();
    if (!line) {
      const without = element("button", { type: "button", className: "button button--secondary", textContent: "Enviar sin ese archivo" });
      without.addEventListener("click", () => cancel(queue.find((one) => !one.failed)));
      line = element("div", { className: "notice notice--plain" }, element("p", {}), without);
      line.setAttribute("data-upload-waiting", "");
      form.querySelector(".actions").before(line);
    }
    line.firstElementChild.textContent = `Esperando a ${upload.file.name}, ${upload.percent}\u00a0%`;
  }

  function release() {
    const by = held;
    held = undefined;
    tellWaiting();
    form.requestSubmit(by);
  }

  // What could not go up alone goes with the form.
  function carry() {
    const lost = queue.filter((upload) => upload.failed);
    if (!lost.length) return;
    const files = new DataTransfer();
    for (const { file } of lost) files.items.add(file);
    input.files = files.files;
  }

  document.addEventListener("submit", (event) => {
    if (event.target !== form) return;
    if (!isBusy()) return carry();
    event.preventDefault();
    event.stopImmediatePropagation();
    held = event.submitter;
    const { file } = queue.find((upload) => !upload.failed);
    tellWaiting();
    say(`Esperando a ${file.name}`);
  }, true);

  // --- Where files come from --------------------------------------------------------------------

  input.addEventListener("change", (event) => {
    event.stopImmediatePropagation();
    const files = [...input.files];
    input.value = "";
    add(files);
  }, true);

  document.addEventListener("paste", (event) => {
    const pictures = [...event.clipboardData.files].filter((file) => file.type.startsWith("image/"));
    if (!pictures.length || event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    add(pictures.map((file) => new File([file], `captura-${(pasted += 1)}.${file.type.slice(6).replace("jpeg", "jpg")}`, { type: file.type })));
  });

  // A file dropped beside the zone does nothing: the browser would leave the page to show it.
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  document.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    const isInside = zone.contains(event.target);
    event.dataTransfer.dropEffect = isInside ? "copy" : "none";
    zone.toggleAttribute("data-over", isInside);
  });
  document.addEventListener("dragleave", (event) => event.relatedTarget || zone.removeAttribute("data-over"));
  document.addEventListener("drop", (event) => {
    zone.removeAttribute("data-over");
    if (!carriesFiles(event)) return;
    event.preventDefault();
    if (zone.contains(event.target)) add([...event.dataTransfer.files]);
  });

  zone.querySelector("button[name=add]").remove();
  zone.querySelector("[role=status]")?.remove(); // each file has its own row
  for (const hint of field.querySelectorAll("[data-with-scripts]")) hint.hidden = false;
  for (const row of list.children) look(row);
}

function sizeText(bytes) {
  if (bytes < 1024 * 1024) return `${Math.max(1, Math.ceil(bytes / 1024))}\u00a0KB`;
  return `${(bytes / 1024 / 1024).toFixed(1).replace(".0", "").replace(".", ",")}\u00a0MB`;
}
