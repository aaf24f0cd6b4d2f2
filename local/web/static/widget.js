/* Wenmai widget: completions for a search box, related and hot boxes, on any site. No dependency, no cookie.
 *
 *   <script src="/widget.js" data-api="https://api.example.com" data-article="/article/{id}.html" defer></script>
 *   <input type="search" name="q" data-wenmai="search">
 *   <div data-wenmai="related" data-article-id="42" data-size="6"></div>
 *   <div data-wenmai="hot" data-window="week" data-category="淘宝"></div>
 *
 * data-api: where the service answers ("" = this site). data-article: where an article is, for one without a URL
 * of its own. A box that cannot be filled stays as the page wrote it.
 */
(() => {
  "use strict";
  const { api = "", article = "/article/{id}.html" } = document.currentScript.dataset;
  const PAUSE_MS = 120;

  async function get(path, parameters, signal) {
    const answer = await fetch(`${api}/v1/${path}?${new URLSearchParams(parameters)}`, { signal });
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()).items;
  }

  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    element.append(...children);
    return element;
  };

  // An article's own URL may be anything that somebody wrote: only web addresses become links.
  function address(id, url) {
    const own = article.replace("{id}", encodeURIComponent(id));
    if (!url) return own;
    const found = new URL(url, location.href);
    return /^https?:$/.test(found.protocol) ? found.href : own;
  }

  async function fill(box) {
    const { wenmai, articleId, size = 10, window: hotWindow, category } = box.dataset;
    const parameters = { size };
    if (hotWindow) parameters.window = hotWindow;
    if (category) parameters.category = category;
    const path = wenmai === "hot" ? "hot" : `articles/${encodeURIComponent(articleId)}/related`;
    try {
      const items = await get(path, parameters);
      if (items.length) {
        box.replaceChildren(make(wenmai === "hot" ? "ol" : "ul", { class: `wenmai-${wenmai}` },
          ...items.map((item) => make("li", {}, make("a", { href: address(item.id, item.url) }, item.title)))));
      }
    } catch {
      // The service is down or says no: what the page wrote into the box stays.
    }
  }

  // The service marks what was typed with <em> and escapes the rest; only text and <em> are made of it.
  function marked(highlight) {
    const parsed = new DOMParser().parseFromString(highlight, "text/html").body;
    return Array.from(parsed.childNodes, (node) =>
      node.nodeName === "EM" ? make("em", {}, node.textContent) : node.textContent);
  }

  function complete(input, number) {
    const list = make("ul", { id: `wenmai-completions-${number}`, role: "listbox", "aria-label": "搜索建议" });
    list.className = "wenmai-completions";
    list.hidden = true;
    input.after(list);
    const attributes = { role: "combobox", autocomplete: "off", "aria-autocomplete": "list",
      "aria-controls": list.id, "aria-expanded": "false" };
    for (const key in attributes) input.setAttribute(key, attributes[key]);

    let timer = 0;
    let request = null;
    let composing = false;
    let chosen = -1;
    let typed = input.value;

    function show(items) {
      list.replaceChildren(...items.map((item, at) => {
        const kind = { title: "文章", tag: "标签", query: "搜过" }[item.kind] || "";
        const option = make("li", { id: `${list.id}-${at}`, role: "option", "aria-selected": "false" },
          make("span", { class: "kind" }, kind), ...marked(item.highlight));
        option.dataset.text = item.text;
        if (item.article_id) option.dataset.article = item.article_id;
        return option;
      }));
      chosen = -1;
      list.hidden = !items.length;
      input.setAttribute("aria-expanded", String(!list.hidden));
      input.removeAttribute("aria-activedescendant");
    }

    function close() {
      clearTimeout(timer);
      if (request) request.abort();
      show([]);
    }

    async function ask() {
      typed = input.value;
      const q = typed.trim().slice(0, 200);
      if (request) request.abort();
      if (!q) return close();
      const mine = request = new AbortController();
      try {
        const items = await get("suggest", { size: 8, q }, mine.signal);
        if (request === mine && document.activeElement === input) show(items);
      } catch {
        // Aborted, or the service is down: the form still searches.
        if (request === mine) close();
      }
    }

    function schedule() {
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE_MS);
    }

    function move(step) {
      const all = list.children;
      if (!all.length) return;
      if (chosen >= 0) all[chosen].setAttribute("aria-selected", "false");
      // One place beyond either end stands for what was typed.
      chosen = (chosen + step + 1 + all.length + 1) % (all.length + 1) - 1;
      if (chosen < 0) {
        input.value = typed;
        input.removeAttribute("aria-activedescendant");
        return;
      }
      const option = all[chosen];
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      input.value = option.dataset.text;
      input.setAttribute("aria-activedescendant", option.id);
    }

    function follow(option) {
      if (option.dataset.article) {
        location.href = address(option.dataset.article);
      } else {
        input.value = option.dataset.text;
        close();
        input.form?.requestSubmit();
      }
    }

    // While an input method composes, Enter and arrows are its own, and half-typed letters are nobody's query.
    input.addEventListener("compositionstart", () => { composing = true; clearTimeout(timer); });
    input.addEventListener("compositionend", () => { composing = false; schedule(); });
    input.addEventListener("input", (event) => { if (!composing && !event.isComposing) schedule(); });
    input.addEventListener("keydown", (event) => {
      if (composing || event.isComposing || event.keyCode === 229) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) ask(); else move(event.key === "ArrowDown" ? 1 : -1);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        input.value = typed;
        close();
      } else if (event.key === "Enter" && chosen >= 0) {
        event.preventDefault();
        follow(list.children[chosen]);
      } else if (event.key === "Tab") {
        close();
      }
    });
    // Before the input loses its focus, which would close the list under the pointer.
    list.addEventListener("mousedown", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) { event.preventDefault(); follow(option); }
    });
    input.addEventListener("blur", close);
  }

  document.querySelectorAll("input[data-wenmai=search]").forEach(complete);
  document.querySelectorAll("[data-wenmai=related], [data-wenmai=hot]").forEach(fill);
})();
