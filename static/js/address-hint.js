// A slip in the domain of a mail address is pointed out on leaving the field, as the server does
// (tickets/addresses.py, which gives the lists): a hint, never an error.
const place = document.querySelector("[data-address-hint]");
if (place) watchAddress(place);

function watchAddress(place) {
  const form = place.closest("form");
  const field = form.elements.email;
  const button = place.querySelector("button");
  const { providers, genuine, slips, endings } = JSON.parse(place.dataset.addressHint);

  // One letter too many, too few, another one, or two in each other's place.
  function isOneSlipAway(a, b) {
    if (Math.abs(a.length - b.length) > 1) return false;
    let i = 0;
    while (i < a.length && a[i] === b[i]) i += 1;
    const [x, y] = [a.slice(i), b.slice(i)];
    return x.slice(1) === y.slice(1) || x.slice(1) === y || x === y.slice(1)
      || (x.length > 1 && x[0] === y[1] && x[1] === y[0] && x.slice(2) === y.slice(2));
  }

  function likely(address) {
    const at = address.lastIndexOf("@");
    const domain = address.slice(at + 1).toLowerCase();
    if (at < 1 || providers.includes(domain) || genuine.includes(domain)) return "";
    const dot = domain.lastIndexOf(".");
    const mended = endings.includes(domain.slice(dot + 1)) ? `${domain.slice(0, dot)}.com` : domain;
    const found = slips[mended] ?? providers.find((one) => one === mended)
      ?? (genuine.includes(mended) ? mended : providers.find((one) => isOneSlipAway(mended, one))) ?? mended;
    return found === domain ? "" : `${address.slice(0, at)}@${found}`;
  }

  field.addEventListener("change", () => {
    const address = likely(field.value.trim());
    place.hidden = !address;
    if (!address) return;
    place.querySelector("[data-likely]").textContent = address;
    button.value = address;
    form.querySelector("[data-form-said]").textContent = `¿Querías decir ${address}?`;
  });
  button.addEventListener("click", (event) => {
    event.preventDefault();
    field.value = button.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    place.hidden = true;
    field.focus();
  });
}
