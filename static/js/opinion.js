// The answer about a guide is sent without leaving it: its place shows what the server's page shows there.
const FAILED = "No hemos podido guardar tu respuesta. Inténtalo otra vez.";
const place = document.querySelector("[data-opinion]");
const status = place?.querySelector("[role=status]");
const body = place?.querySelector("[data-opinion-body]");

function say(text, failed) {
  status.textContent = text;
  status.toggleAttribute("data-failed", failed);
}

function show(answer) {
  const wrong = answer.querySelector("[data-opinion] .error");
  body.replaceChildren(...answer.querySelector("[data-opinion-body]").childNodes);
  say(answer.querySelector("[data-opinion] [role=status]").textContent, false);
  (wrong ? body.querySelector("[data-error] :is(input, textarea)") : place).focus();
}

async function send(form, button) {
  const values = new URLSearchParams(new FormData(form));
  if (button?.name) values.set(button.name, button.value);
  const response = await fetch(form.action, { method: "POST", body: values });
  const answer = new DOMParser().parseFromString(await response.text(), "text/html");
  if (answer.querySelector("[data-opinion]")) return show(answer);
  say((response.status === 429 && answer.querySelector("h1 + .lead")?.textContent) || FAILED, true);
}

place?.addEventListener("submit", async (event) => {
  event.preventDefault();
  if ("sending" in place.dataset) return;
  place.dataset.sending = "";
  try {
    await send(event.target, event.submitter);
  } catch {
    say(FAILED, true);
  }
  delete place.dataset.sending;
});
