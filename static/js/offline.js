// Without a connection a form is held, not lost: the browser would put its own page in the place of the words.
const SENTENCE = "Sin conexión. Tu texto sigue en esta pestaña; envíalo cuando vuelvas a tener internet.";

document.addEventListener("submit", (event) => {
  const place = event.target.querySelector("[data-offline]");
  if (navigator.onLine || !place) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!place.textContent) place.append(Object.assign(document.createElement("p"), { className: "notice notice--urgent", textContent: SENTENCE }));
}, true);
addEventListener("online", () => document.querySelectorAll("[data-offline]").forEach((place) => place.replaceChildren()));
