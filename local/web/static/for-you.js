// The 为你推荐 box: from what this browser has read, with a switch that forgets it.
(() => {
  "use strict";
  const box = document.querySelector("[data-for-you]");
  if (!box) return;
  const KEY = "wenmai-reads";
  const OFF = "wenmai-reads-off";
  const list = box.querySelector("[data-items]");
  const toggle = box.querySelector("[data-switch]");

  function read(key, fallback) {
    try { return JSON.parse(localStorage.getItem(key)) ?? fallback; } catch { return fallback; }
  }

  function showSwitch(on) {
    toggle.setAttribute("aria-pressed", String(on));
    toggle.textContent = on ? "关闭推荐" : "打开推荐";
    list.hidden = !on;
    box.hidden = on && !list.children.length;
  }

  async function load() {
    const history = read(KEY, []);
    list.replaceChildren();
    if (Array.isArray(history) && history.length) {
      try {
        const answer = await fetch("/v1/recommendations", {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ history: history.slice(-50), size: 6 }),
        });
        const body = answer.ok ? await answer.json() : { items: [] };
        for (const item of body.items) {
          const link = document.createElement("a");
          link.href = `/article/${encodeURIComponent(item.id)}.html`;
          link.textContent = item.title;
          const row = document.createElement("li");
          row.append(link);
          list.append(row);
        }
      } catch {
        // The service is down: the box stays away.
      }
    }
    showSwitch(true);
  }

  toggle.addEventListener("click", () => {
    const turnOff = toggle.getAttribute("aria-pressed") === "true";
    if (turnOff) {
      localStorage.setItem(OFF, "1");
      localStorage.removeItem(KEY);
      list.replaceChildren();
      showSwitch(false);
      box.hidden = false;
    } else {
      localStorage.removeItem(OFF);
      load();
    }
  });

  if (read(OFF, null)) { showSwitch(false); box.hidden = false; } else { load(); }
})();
