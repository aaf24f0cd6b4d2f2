// What was read in this browser, kept in this browser; and one view reported for the hot list.
(() => {
  "use strict";
  const article = document.querySelector("article[data-article-id]");
  if (!article) return;
  const id = article.dataset.articleId;
  const KEY = "wenmai-reads";
  const OFF = "wenmai-reads-off";
  const KEPT = 50;
  try {
    if (!localStorage.getItem(OFF)) {
      const reads = JSON.parse(localStorage.getItem(KEY) || "[]").filter((one) => one !== id);
      reads.push(id);
      localStorage.setItem(KEY, JSON.stringify(reads.slice(-KEPT)));
    }
  } catch {
    // No storage in private windows: then there is nothing to recommend from.
  }
  // The token is short-lived, so it is fetched with the view and not baked into a page that may be cached.
  fetch(`/v1/articles/${encodeURIComponent(id)}/blocks?include=breadcrumb`)
    .then((answer) => answer.headers.get("Event-Token"))
    .then((token) => {
      const event = { type: "view", article_id: id };
      if (token) event.token = token;
      navigator.sendBeacon("/v1/events", JSON.stringify(event));
    })
    .catch(() => {});
})();
