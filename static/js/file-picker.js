// The file input speaks the browser's language; this covers it with a button that speaks ours.
function sizeText(bytes) {
  if (bytes < 1024 * 1024) return `${Math.max(1, Math.ceil(bytes / 1024))}\u00a0KB`;
  return `${(bytes / 1024 / 1024).toFixed(1).replace(".0", "").replace(".", ",")}\u00a0MB`;
}

for (const input of document.querySelectorAll("input[type=file][data-file-picker]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--secondary";
  button.textContent = input.multiple ? "Elegir archivos" : "Elegir archivo";
  if (input.hasAttribute("aria-describedby")) {
    button.setAttribute("aria-describedby", input.getAttribute("aria-describedby"));
  }
  const chosen = document.createElement("p");
  chosen.className = "meta";
  chosen.setAttribute("role", "status");
  const add = input.parentElement.querySelector("button[name=add]");

  const tell = () => {
    const files = [...input.files];
    chosen.textContent = files.length
      ? `${files.length === 1 ? "Elegido" : "Elegidos"}: ${files.map((f) => `${f.name} (${sizeText(f.size)})`).join(", ")}`
      : "";
    if (add) add.hidden = files.length === 0;
  };
  input.classList.add("is-covered");
  input.tabIndex = -1;
  input.before(button);
  input.after(chosen);
  button.addEventListener("click", () => input.click());
  input.addEventListener("focus", () => button.focus());
  input.addEventListener("change", tell);
  addEventListener("pageshow", tell);
  input.form.addEventListener("reset", () => setTimeout(tell)); // once it is empty
  tell();
  if (add?.autofocus && add.hidden) button.focus(); // the last file of the list was taken out
}
