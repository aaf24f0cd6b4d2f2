// Which hit was followed, for the site's own figures; the link works without it.
(() => {
  "use strict";
  const hits = document.querySelector("[data-hits]");
  if (!hits) return;
  const query = hits.dataset.query;
  let token = null;
  fetch(`/v1/search?size=1&q=${encodeURIComponent(query)}`)
    .then((answer) => { token = answer.headers.get("Event-Token"); return token; })
    .then(() => report({ type: "search", query }))
    .catch(() => {});

  function report(event) {
    if (token) event.token = token;
    navigator.sendBeacon("/v1/events", JSON.stringify(event));
  }

  hits.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-hit]");
    if (link) report({ type: "click", article_id: link.dataset.hit, query, position: Number(link.dataset.position) });
  });
})();
