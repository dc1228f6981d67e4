// How many characters are left, once four fifths are used; said a second after the typing stops.
for (const area of document.querySelectorAll("[data-counter]")) {
  const output = document.querySelector(`[data-counter-for="${area.id}"]`);
  const limit = Number(area.dataset.counter);
  let timer;

  const tell = () => {
    const left = limit - [...area.value.replaceAll("\r\n", "\n").trim()].length;
    const one = Math.abs(left) === 1;
    const verb = left < 0 ? (one ? "Te sobra" : "Te sobran") : one ? "Te queda" : "Te quedan";
    const text = `${verb} ${Math.abs(left)} ${one ? "carácter" : "caracteres"}`;
    output.textContent = left < limit / 5 ? text : "";
    output.toggleAttribute("data-over", left < 0);
  };
  output.setAttribute("role", "status");
  area.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(tell, 1000);
  });
  tell();
}
