// Tells the site, without saying who, that a guide was read for a while and which result of a search was opened.
const ADDRESS = "/documentacion/senales/";
const READ_AFTER = 5_000; // milliseconds in sight

function tell(values) {
  navigator.sendBeacon(ADDRESS, new URLSearchParams(values));
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
results?.addEventListener("click", open);
results?.addEventListener("auxclick", (event) => event.button === 1 && open(event));

function open(event) {
  const link = event.target.closest("[data-beacon-article]");
  if (link) tell({ kind: "open", article: link.dataset.beaconArticle, q: results.dataset.beaconQuery });
}
