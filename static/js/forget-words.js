// What was sent, or is nobody else's business on this computer any more, is not kept in this tab: forgotten
// where a page says so, or once a form that says so is sent. The way back then leads to an empty form.
for (const mark of document.querySelectorAll("[data-forget-words]")) {
  const place = mark.dataset.forgetWords;
  const forget = () => (place ? sessionStorage.removeItem(`words of ${place}`) : sessionStorage.clear());
  if (mark.matches("form")) mark.addEventListener("submit", () => leave(forget));
  else forget();
}

function leave(forget) {
  forget();
  addEventListener("pagehide", () => {
    for (const form of document.querySelectorAll("form[data-kept]")) form.reset();
  });
}
