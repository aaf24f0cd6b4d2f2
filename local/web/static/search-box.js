// Completions below the search box: a combobox as ARIA describes it. Without this script the form works alone.
(() => {
  "use strict";
  const input = document.getElementById("q");
  const list = document.getElementById("completions");
  if (!input || !list) return;

  const PAUSE_MS = 120;
  let timer = 0;
  let request = null;
  let composing = false;
  let chosen = -1;
  let typed = input.value;

  const options = () => Array.from(list.children);

  function close() {
    clearTimeout(timer);
    if (request) request.abort();
    list.hidden = true;
    list.replaceChildren();
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  // The service marks what was typed with <em> and escapes the rest; only text and <em> are made here.
  function appendMarked(parent, highlight) {
    const holder = new DOMParser().parseFromString(highlight, "text/html").body;
    for (const node of holder.childNodes) {
      if (node.nodeName === "EM") {
        const mark = document.createElement("em");
        mark.textContent = node.textContent;
        parent.append(mark);
      } else {
        parent.append(node.textContent);
      }
    }
  }

  function show(items) {
    list.replaceChildren(...items.map((item, number) => {
      const option = document.createElement("li");
      option.id = `completion-${number}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.text = item.text;
      if (item.article_id) option.dataset.article = item.article_id;
      const kind = document.createElement("span");
      kind.className = "kind";
      kind.textContent = { title: "文章", tag: "标签", query: "搜过" }[item.kind] || "";
      option.append(kind);
      appendMarked(option, item.highlight);
      return option;
    }));
    chosen = -1;
    list.hidden = items.length === 0;
    input.setAttribute("aria-expanded", String(items.length > 0));
    input.removeAttribute("aria-activedescendant");
  }

  async function ask() {
    const text = input.value.trim();
    typed = input.value;
    if (!text) return close();
    if (request) request.abort();
    const mine = new AbortController();
    request = mine;
    try {
      const answer = await fetch(`/v1/suggest?size=8&q=${encodeURIComponent(text.slice(0, 200))}`, { signal: mine.signal });
      const body = answer.ok ? await answer.json() : { items: [] };
      if (request === mine && document.activeElement === input) show(body.items);
    } catch {
      // Aborted, or the service is down: the box still searches on Enter.
      if (request === mine) close();
    }
  }

  function move(step) {
    const all = options();
    if (!all.length) return;
    if (chosen >= 0) all[chosen].setAttribute("aria-selected", "false");
    // One place beyond either end is what was typed.
    chosen = (chosen + step + 1 + all.length + 1) % (all.length + 1) - 1;
    if (chosen < 0) {
      input.value = typed;
      input.removeAttribute("aria-activedescendant");
      return;
    }
    all[chosen].setAttribute("aria-selected", "true");
    all[chosen].scrollIntoView({ block: "nearest" });
    input.value = all[chosen].dataset.text;
    input.setAttribute("aria-activedescendant", all[chosen].id);
  }

  function follow(option) {
    if (option.dataset.article) {
      location.href = `/article/${encodeURIComponent(option.dataset.article)}.html`;
    } else {
      input.value = option.dataset.text;
      close();
      input.form.requestSubmit();
    }
  }

  // While an input method composes, Enter and the arrows are its own, and the half-typed letters are nobody's query.
  input.addEventListener("compositionstart", () => { composing = true; clearTimeout(timer); });
  input.addEventListener("compositionend", () => { composing = false; schedule(); });
  input.addEventListener("input", (event) => { if (!composing && !event.isComposing) schedule(); });

  function schedule() {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE_MS);
  }

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
      follow(options()[chosen]);
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
})();
