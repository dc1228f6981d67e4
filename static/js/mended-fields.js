// After a form came back, each field drops its error as soon as it is right; none complains while typing.
function isRight(control) {
  const length = [...control.value.trim()].length;
  const most = Number(control.dataset.counter ?? control.maxLength);
  const isAddress = control.type !== "email" || /^\S+@\S+\.\S+$/.test(control.value.trim());
  return length >= Number(control.dataset.least ?? 1) && (most < 1 || length <= most) && isAddress;
}

for (const control of document.querySelectorAll("[aria-invalid=true]:is(input:not([type=file]), textarea)")) {
  control.addEventListener("input", () => {
    if (!control.ariaInvalid || !isRight(control)) return;
    control.removeAttribute("aria-invalid");
    const described = (control.getAttribute("aria-describedby") ?? "").split(" ");
    const rest = described.filter((id) => id !== `${control.id}_error`).join(" ");
    if (rest) control.setAttribute("aria-describedby", rest);
    else control.removeAttribute("aria-describedby");
    document.getElementById(`${control.id}_error`)?.remove();
    control.closest("[data-error]")?.removeAttribute("data-error");
  });
}
