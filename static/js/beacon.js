// Tells the site, without saying who, that a guide was read for a while and which result of a search was opened.
const ADDRESS = "/documentacion/senales/";
const READ_AFTER = 5_000; // milliseconds in sight

function tell(values) {
  navigator.sendBeacon?.(ADDRESS, new URLSearchParams(values));
}

const guide = document.querySelector("[data-beacon-view]");
if (guide) {
  let seen = 0;
  let since = document.hidden ? null : performance.now();
  let timer;
  const wait = () => {
    clearTimeout(timer);
    if (since !== null) timer = setTimeout(done, READ_AFTER - seen);
  };
  const done = () => {
    document.removeEventListener("visibilitychange", change);
    tell({ kind: "view", article: guide.dataset.beaconView });
  };
  const change = () => {
    if (since !== null) seen += performance.now() - since;
    since = document.hidden ? null : performance.now();
    wait();
  };
  document.addEventListener("visibilitychange", change);
  wait();
}

const results = document.querySelector("[data-beacon-query]");
const told = new Set();
results?.addEventListener("click", open);
results?.addEventListener("auxclick", (event) => event.button === 1 && open(event));

// The server reads no more of a search than its first words.
function open(event) {
  const article = event.target.closest("[data-beacon-article]")?.dataset.beaconArticle;
  if (!article || told.has(article)) return;
  told.add(article);
  tell({ kind: "open", article, q: results.dataset.beaconQuery.slice(0, 600) });
}
