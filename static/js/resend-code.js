// For a minute no other code can be asked for: the button says so, and once when it can.
const form = document.querySelector("[data-resend]");
const wait = Number(form?.dataset.wait);
if (wait > 0) {
  const button = form.querySelector("button");
  const label = button.textContent;
  button.disabled = true;
  button.textContent = `${label} (dentro de un minuto)`;
  setTimeout(() => {
    button.disabled = false;
    button.textContent = label;
    document.querySelector("[data-code-hint]").classList.add("strong");
    document.querySelector("[data-resend-state]").textContent = "Ya puedes pedir otro código";
  }, wait * 1000);
}
