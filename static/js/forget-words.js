// What was sent, or is nobody else's business on this computer any more, is not kept in this tab: forgotten
// where a page says so, or once a form that says so is sent.
for (const mark of document.querySelectorAll("[data-forget-words]")) {
  const place = mark.dataset.forgetWords;
  const forget = () => (place ? sessionStorage.removeItem(`words of ${place}`) : sessionStorage.clear());
  if (mark.matches("form")) mark.addEventListener("submit", forget);
  else forget();
}
