// How many characters are left, once four fifths are used; said a second after the typing stops.
const timers = new WeakMap();

function tell(area) {
  const output = document.querySelector(`[data-counter-for="${area.id}"]`);
  if (!output) return; // the form has gone from the page meanwhile
  const limit = Number(area.dataset.counter);
  const left = limit - [...area.value.replaceAll("\r\n", "\n").trim()].length;
  const one = Math.abs(left) === 1;
  const verb = left < 0 ? (one ? "Te sobra" : "Te sobran") : one ? "Te queda" : "Te quedan";
  const text = `${verb} ${Math.abs(left)} ${one ? "carácter" : "caracteres"}`;
  output.textContent = left < limit / 5 ? text : "";
  output.toggleAttribute("data-over", left < 0);
}

// Listened for on the page, as a form may come into it later.
document.addEventListener("input", (event) => {
  const area = event.target;
  if (!area.matches("[data-counter]")) return;
  document.querySelector(`[data-counter-for="${area.id}"]`)?.setAttribute("role", "status");
  clearTimeout(timers.get(area));
  timers.set(area, setTimeout(tell, 1000, area));
});
for (const area of document.querySelectorAll("[data-counter]")) tell(area);
