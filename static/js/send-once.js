// A form is sent once: while it is on its way, a second click does nothing.
const WAIT = 30_000; // after that the first try is taken for lost; the server knows a repeated form

function release(form) {
  delete form.dataset.sending;
  for (const button of form.querySelectorAll("button[data-idle]")) {
    button.textContent = button.dataset.idle;
    button.removeAttribute("aria-disabled");
    delete button.dataset.idle;
  }
}

for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if ("sending" in form.dataset) return event.preventDefault();
    form.dataset.sending = "";
    setTimeout(release, WAIT, form);
    if (event.submitter?.name) return; // one of the small buttons: the form only comes back
    const button = form.querySelector(".actions button[type=submit]");
    button.dataset.idle = button.textContent;
    button.textContent = form.dataset.once;
    button.setAttribute("aria-disabled", "true");
  });
  addEventListener("pageshow", (event) => event.persisted && release(form));
}
