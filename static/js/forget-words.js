// What was sent, or is nobody else's business on this computer any more, is not kept in this tab.
for (const mark of document.querySelectorAll("[data-forget-words]")) {
  const place = mark.dataset.forgetWords;
  if (place) sessionStorage.removeItem(`words of ${place}`);
  else sessionStorage.clear();
}
