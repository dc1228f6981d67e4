// How many characters are left, once four fifths are used; said a second after the typing stops.
for (const area of document.querySelectorAll("[data-counter]")) {
  const output = document.querySelector(`[data-counter-for="${area.id}"]`);
  const limit = Number(area.dataset.counter);
  let timer;

  const tell = () => {
    const left = limit - [...area.value.replaceAll("\r\n", "\n").trim()].length;
    const amount = `${Math.abs(left)} ${Math.abs(left) === 1 ? "carácter" : "caracteres"}`;
    const text = left < 0 ? `Te sobran ${amount}` : `Te quedan ${amount}`;
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
