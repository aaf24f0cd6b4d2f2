// The editor's page: four forms, each asks one route below /studio/api and draws what it says.
(() => {
  "use strict";

  const TIERS = { exact: "原文命中", all_terms: "全部词都有", any_term: "部分词", pinyin: "按拼音理解", corrected: "改错后", none: "没有结果" };

  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    element.append(...children.filter((child) => child !== null));
    return element;
  };
  const draw = (name, attributes, ...children) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    element.append(...children);
    return element;
  };
  const rounded = (value) => (Math.round(value * 100) / 100).toString();

  async function get(path, parameters) {
    const given = Object.entries(parameters).filter(([, value]) => value !== "");
    const answer = await fetch(`/studio/api/${path}?${new URLSearchParams(given)}`);
    const body = await answer.json();
    if (!answer.ok) throw new Error(body.detail || String(answer.status));
    return body;
  }

  // rows: lists of text, numbers or elements; numbers stand to the right.
  function table(header, rows) {
    const cell = (name) => (value) =>
      make(name, typeof value === "number" ? { class: "number" } : {}, typeof value === "number" ? rounded(value) : value);
    return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": header.join("、") },
      make("table", {},
        make("thead", {}, make("tr", {}, ...header.map(cell("th")))),
        make("tbody", {}, ...rows.map((row) => make("tr", {}, ...row.map(cell("td")))))));
  }

  // The service escapes all but <em>; only text and <em> are made of it.
  function marked(highlight) {
    const parsed = new DOMParser().parseFromString(highlight, "text/html").body;
    return make("span", {}, ...Array.from(parsed.childNodes, (node) =>
      node.nodeName === "EM" ? make("em", {}, node.textContent) : node.textContent));
  }

  // bars: [{label, parts: [{kind, from, to}]}], drawn along one scale that holds 0.
  function bars(rows, description) {
    const LEFT = 300, WIDTH = 880, ROW = 26;
    const ends = rows.flatMap((row) => row.parts.flatMap((part) => [part.from, part.to]));
    const least = Math.min(0, ...ends), most = Math.max(1e-9, ...ends);
    const at = (value) => LEFT + (value - least) / (most - least) * (WIDTH - LEFT - 60);
    return draw("svg", { viewBox: `0 0 ${WIDTH} ${rows.length * ROW + 6}`, role: "img", "aria-label": description },
      ...rows.flatMap((row, number) => {
        const y = number * ROW + 4;
        const label = draw("text", { x: LEFT - 8, y: y + 14, "text-anchor": "end" });
        label.textContent = row.label.length > 22 ? `${row.label.slice(0, 21)}…` : row.label;
        const value = draw("text", { x: at(Math.max(...row.parts.map((part) => Math.max(part.from, part.to)))) + 6, y: y + 14 });
        value.textContent = rounded(row.value);
        return [label, ...row.parts.map((part) => draw("rect", { class: `bar-${part.kind}`, x: at(Math.min(part.from, part.to)),
          y, width: Math.abs(at(part.to) - at(part.from)), height: 18 })), value];
      }));
  }

  const legend = (entries) => make("p", { class: "legend" }, ...entries.map(([kind, text]) =>
    make("span", {}, draw("svg", { width: 12, height: 12, "aria-hidden": "true" }, draw("rect", { class: `bar-${kind}`, width: 12, height: 12 })), text)));

  function cuts(cutting) {
    const unknown = new Set(cutting.unknown);
    return make("div", { class: "cuts" }, ...cutting.pieces.filter((piece) => piece.role !== "pair").map((piece) =>
      make("span", unknown.has(piece.text) ? { class: "unknown", title: "词典和文章里都没有这个词" } : {}, piece.text, " ",
        make("small", {}, piece.role === "stop_word" ? "停用词" : `${piece.articles} 篇`,
          piece.alternatives.length ? `,也搜 ${piece.alternatives.join("、")}` : ""))));
  }

  const forms = {
    async try(values) {
      const body = await get("try", values);
      const reading = body.query;
      return [
        make("h3", {}, "怎么切的"), cuts(body.cutting),
        make("p", { class: "quiet" }, `规范化后:${body.cutting.normalized};切分:${body.cutting.tokens.join(" / ")}`),
        make("p", {}, `层级:${TIERS[reading.tier] || reading.tier},共 ${body.total} 篇`,
          reading.corrected_to ? `,改成了“${reading.corrected_to}”` : ""),
        body.absence ? absence(body.absence) : null,
        make("h3", {}, "前十篇,分数由哪些词凑成"),
        table(["名次", "编号", "标题", "分数", "各词贡献"], body.items.map((hit, number) => [
          number + 1, hit.id, marked(hit.highlights.title), hit.score,
          hit.explain.slice(0, 6).map((part) => `${part.term} ${rounded(part.weight)}`).join(",") + (hit.explain.length > 6 ? "…" : "")])),
      ];
    },

    async compare(values) {
      const queries = values.queries.split("\n").map((line) => line.trim()).filter(Boolean).slice(0, 50);
      const shown = [];
      let changed = 0;
      for (const q of queries) {
        const { old, new: fresh } = await get("compare", { q, old: values.old, new: values.new });
        const before = old.items.map((item) => item.id), after = fresh.items.map((item) => item.id);
        if (before.join("\n") !== after.join("\n")) changed += 1;
        const list = (side, others, name) => make("div", {},
          make("p", { class: "quiet" }, `${side.version}:${TIERS[side.tier] || side.tier},${side.total} 篇`),
          make("ol", {}, ...side.items.map((item) => make("li", others.includes(item.id) ? {} : { class: name }, item.title))));
        shown.push(make("h3", {}, q), make("div", { class: "sides" }, list(old, after, "gone"), list(fresh, before, "new")));
      }
      return [make("p", {}, `${queries.length} 条查询里,前十名有变化的 ${changed} 条。`), ...shown];
    },

    async queries(values) {
      const body = await get("queries", values);
      const top = body.top.slice(0, 20);
      return [
        top.length ? bars(top.map((query) => ({ label: query.query, value: query.searches, parts: [
          { kind: "engagement", from: 0, to: query.searches - query.zero_hits },
          { kind: "zero", from: query.searches - query.zero_hits, to: query.searches }] })), "最常搜的查询")
          : make("p", { class: "quiet" }, "还没有足够多的人搜过同样的词。"),
        top.length ? legend([["engagement", "搜得到"], ["zero", "搜不到"]]) : null,
        make("h3", {}, "搜不到的查询,和怎么切的(红的是词典里没有的:候选词)"),
        body.zero_hits.length ? table(["查询", "次数", "切分"], body.zero_hits.map((query) => [query.query, query.zero_hits, cuts(query.cutting)]))
          : make("p", { class: "quiet" }, "没有。"),
        make("h3", {}, "各名次的点击"),
        table(["名次", "展示", "点击", "点击率 %"], body.positions.map((position) => [position.position, position.shown, position.clicks, 100 * position.rate])),
        make("p", { class: "quiet" }, `另有 ${body.held_back} 条查询只有个别人搜过,不显示。`),
      ];
    },

    async hot(values) {
      const body = await get("hot", { ...values, size: 20 });
      return [
        bars(body.items.map((row) => {
          // What it had, less what age took off, and what readers added since.
          const kept = row.engagement + row.age;
          return { label: row.title, value: row.score, parts: [
            { kind: "age", from: kept, to: row.engagement }, { kind: "engagement", from: 0, to: kept },
            { kind: "live", from: kept, to: row.score }] };
        }), "热门榜各篇分数的组成"),
        legend([["engagement", "建索引时的热度(减去时间衰减)"], ["age", "被时间减掉的"], ["live", "建好之后读者新增的"]]),
        table(["名次", "标题", "分数", "原有", "衰减", "新增"], body.items.map((row) => [row.rank, row.title, row.score, row.engagement, row.age, row.live])),
        make("p", { class: "quiet" }, "单位是比特:多一分,热度翻一倍。"),
      ];
    },
  };

  function absence(found) {
    const words = found.terms.map((term) => `${term.term}${term.held_as === null ? "(没有)" : ""}`).join("、");
    return make("p", {}, make("strong", {}, `编号 ${found.id}:`),
      found.listed ? "就在这一页上。" : `不在这一页,原因:${found.reasons.join("、")}。`,
      words ? `词:${words}。` : "", found.score === null ? "" : `分数 ${rounded(found.score)}`,
      found.rank ? `,排第 ${found.rank}` : "");
  }

  async function run(form) {
    const name = form.dataset.form;
    const place = document.querySelector(`[data-result="${name}"]`);
    place.replaceChildren(make("p", { class: "quiet" }, "稍等…"));
    try {
      place.replaceChildren(...(await forms[name](Object.fromEntries(new FormData(form)))).filter(Boolean));
    } catch (error) {
      place.replaceChildren(make("p", { class: "error", role: "alert" }, `取不到:${error.message}`));
    }
  }

  document.querySelectorAll("form[data-form]").forEach((form) => {
    form.addEventListener("submit", (event) => { event.preventDefault(); run(form); });
  });
  run(document.querySelector("[data-form=queries]"));
  run(document.querySelector("[data-form=hot]"));
  get("versions", {}).then(({ items }) => {
    for (const select of document.querySelectorAll("select[name=old], select[name=new]")) {
      select.append(...items.map((one) => make("option", { value: one.version }, `${one.version} · ${one.published_at.slice(0, 16)} · ${one.articles} 篇`)));
      if (select.name === "old" && items.length > 1) select.selectedIndex = 1;
    }
    if (items.length < 2) {
      const button = document.querySelector("[data-form=compare] button");
      button.disabled = true;
      button.textContent = "发布过两个版本才能比较";
    }
  }).catch(() => {});
})();
