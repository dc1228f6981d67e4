// Looks once a minute, while the page is visible, whether the team has answered. It says so once and moves
// nothing; the answer comes onto the page when asked for, and what is being typed stays as it is.
const EVERY = 60_000;
const MOST_FAILURES = 3;
const news = document.querySelector("[data-news]");
if (news) watch(news);

function watch(news) {
  const hint = news.querySelector("[data-news-hint]");
  const sentence = news.querySelector("[data-news-sentence]");
  const button = news.querySelector("[data-news-show]");
  let known = news.dataset.newsKnown;
  let failures = 0;
  let timer = setInterval(look, EVERY);
  hint.hidden = true;

  async function look() {
    if (document.hidden || !timer) return;
    try {
      const response = await fetch(news.dataset.news, {
        cache: "no-store",
        headers: { "If-None-Match": `"${known}"` },
      });
      if (response.status === 304) failures = 0;
      else if (response.ok) announce(String((await response.json()).latest));
      else stop(); // the access has ended: whoever reloads is told how to come back
    } catch {
      failures += 1; // no network for now
      if (failures === MOST_FAILURES) stop();
    }
  }

  function announce(latest) {
    failures = 0;
    known = latest;
    sentence.textContent = "Hay una respuesta nueva.";
    button.hidden = false;
  }

  function stop() {
    clearInterval(timer);
    timer = 0;
    if (button.hidden) hint.hidden = false;
  }

  async function show() {
    try {
      const response = await fetch(location.href, { cache: "no-store" });
      if (!response.ok) throw new Error(`status ${response.status}`);
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      for (const part of document.querySelectorAll("[data-news-part]")) {
        part.replaceWith(page.querySelector(`[data-news-part="${part.dataset.newsPart}"]`));
      }
    } catch {
      hint.hidden = false; // the browser's own reload keeps what was typed
      return;
    }
    sentence.textContent = "";
    button.hidden = true;
    document.querySelector("#ultimo")?.focus();
  }

  button.addEventListener("click", show);
  document.addEventListener("visibilitychange", look);
}
