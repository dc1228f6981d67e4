// Looks once a minute, while the page is visible, whether the chat answers; only a change is announced.

const EVERY = 60_000;
const announcement = document.querySelector("[data-chat-announcement]");
const current = () => document.querySelector("[data-chat-availability]");

async function fetchDoor() {
  const response = await fetch(`${location.pathname}?fragmento=1`, { cache: "no-store" });
  if (!response.ok) throw new Error(`status ${response.status}`);
  const template = document.createElement("template");
  template.innerHTML = await response.text();
  const door = template.content.querySelector("[data-chat-availability]");
  if (!door) throw new Error("no availability in the answer");
  return door;
}

// The same page with other words: a failed check is a state like the others.
function unknownDoor() {
  const door = current().cloneNode(true);
  door.dataset.chatAvailability = "unknown";
  door.querySelector("[data-chat-sentence]").textContent = door.dataset.chatUnknown;
  door.querySelector(".status")?.remove();
  return door;
}

function show(door) {
  const shown = current();
  if (shown.innerHTML === door.innerHTML) return;
  const changed = shown.dataset.chatAvailability !== door.dataset.chatAvailability;
  const focused = shown.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  shown.replaceWith(door);
  if (focused) door.querySelector(`a[href="${CSS.escape(focused)}"], a`)?.focus();
  if (changed) announcement.textContent = door.querySelector("[data-chat-sentence]").textContent;
}

async function check() {
  if (document.hidden) return;
  show(await fetchDoor().catch(unknownDoor));
}

setInterval(check, EVERY);
document.addEventListener("visibilitychange", check);
