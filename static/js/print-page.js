// Show the buttons that print the page: without scripts the browser's own menu does it.
for (const row of document.querySelectorAll("[data-print-row]")) row.hidden = false;
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
