// Copy the reference; where the browser forbids it, select it and say how.
for (const button of document.querySelectorAll("[data-copy-reference]")) {
  const source = document.querySelector(button.dataset.copyReference);
  const state = document.querySelector("[data-copy-state]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(source.textContent.trim());
      state.textContent = "Referencia copiada";
    } catch {
      getSelection().selectAllChildren(source);
      state.textContent = "Referencia seleccionada; cópiala con Ctrl + C";
    }
  });
}
