// The batch page: its table sorted, filtered and searched. Without a script the first lines stand there as they are.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const table = byId("table");
  if (!table) { return; }
  const data = JSON.parse(byId("data").textContent);
  const FIELDS = ["call", "link", "started", "agentId", "agent", "team", "seconds", "length", "courtesy", "professionalism",
    "courtesyText", "professionalismText", "v0", "v1", "v2", "answers", "interruptions", "signals", "weight", "at", "listen", "failed", "draft"];
  const TEXTS = ["agentId", "agent", "team", "listen"];
  const PAGE = 100;

  // Lines as objects, with all that is searched in them as one plain text -------------------------------------
  // Case, accents, vowel points and quotation marks are not looked at.
  const plain = (text) => text.normalize("NFKD").replace(/[\p{M}\p{Pi}\p{Pf}'"]/gu, "").toLowerCase();
  const words = Object.fromEntries(Object.values(data.answers));
  const rows = data.rows.map((cells, place) => {
    const row = { place };
    FIELDS.forEach((name, at) => { row[name] = cells[at]; });
    TEXTS.forEach((name) => { row[name] = data.texts[row[name]]; });
    row.signalWords = row.signals.filter((one) => one < data.gravest).map((one) => data.signals[one][1]).join(", ");
    row.said = plain([row.call, row.started, row.agent, row.agentId, row.team, row.listen, row.signalWords].join("\n"));
    return row;
  });

  // What is asked, kept in the address so that a link shows the same --------------------------------------------
  const NAMES = ["q", "agent", "team", "criterion", "verdict", "signal", "category", "from", "to", "state"];
  const field = (name) => byId(`f-${name}`);
  const CATEGORY = field("category").value;
  let sort = "";
  let page = 0;
  const asked = () => Object.fromEntries(NAMES.map((name) => [name, field(name).value.trim()]));
  const fill = (name, options) => {
    const seen = new Set();
    options.forEach(([value, text]) => {
      if (value && !seen.has(value)) { seen.add(value); field(name).add(new Option(text, value)); }
    });
    field(name).closest("label").hidden = seen.size === 0;
  };
  const byText = (one, other) => one[1].localeCompare(other[1]);
  fill("agent", rows.map((row) => [row.agentId, row.agent === row.agentId ? row.agent : `${row.agent} (${row.agentId})`]).sort(byText));
  fill("team", rows.map((row) => [row.team, row.team]).sort(byText));
  fill("criterion", data.criteria.slice().sort(byText));
  fill("verdict", Object.entries(data.answers).map(([letter, [, text]]) => [letter, text]));
  fill("signal", data.signals);

  const toAddress = () => {
    const state = asked();
    const parts = NAMES.filter((name) => state[name] && !(name === "category" && !state.from && !state.to))
      .map((name) => `${name}=${encodeURIComponent(state[name])}`);
    if (sort) { parts.push(`sort=${sort}`); }
    if (page) { parts.push(`page=${page + 1}`); }
    const address = parts.length ? `#calls&${parts.join("&")}` : window.location.pathname;
    if (parts.length || window.location.hash.startsWith("#calls&")) { window.history.replaceState(null, "", address); }
  };
  const fromAddress = () => {
    if (!window.location.hash.startsWith("#calls&")) { return false; }
    const given = new URLSearchParams(window.location.hash.slice(7));
    NAMES.forEach((name) => { field(name).value = given.get(name) ?? (name === "category" ? CATEGORY : ""); });
    if (!field("category").value) { field("category").value = CATEGORY; }
    const wanted = given.get("sort") || "";
    sort = keys.includes(wanted.replace(/^-/, "")) ? wanted : "";
    page = Math.max(0, (Number.parseInt(given.get("page") || "1", 10) || 1) - 1);
    return true;
  };

  // Filtering and sorting -----------------------------------------------------------------------------------------
  const STATES = { done: (row) => !row.failed, failed: (row) => row.failed, draft: (row) => row.draft, sure: (row) => !row.failed && !row.draft };
  const matching = (state) => {
    const sought = plain(state.q).split(/\s+/).filter(Boolean);
    const criterion = data.criteria.findIndex(([id]) => id === state.criterion);
    const signal = data.signals.findIndex(([id]) => id === state.signal);
    const low = state.from === "" ? null : Number(state.from) / 100;
    const high = state.to === "" ? null : Number(state.to) / 100;
    const answers = (row) => {
      if (criterion < 0) { return !state.verdict || row.answers.includes(state.verdict); }
      const letter = row.answers[criterion];
      return state.verdict ? letter === state.verdict : letter !== undefined && letter !== "-";
    };
    const scored = (row) => {
      if (low === null && high === null) { return true; }
      const rate = row[state.category];
      return rate !== null && (low === null || rate >= low) && (high === null || rate <= high);
    };
    return rows.filter((row) =>
      sought.every((word) => row.said.includes(word))
      && (!state.agent || row.agentId === state.agent)
      && (!state.team || row.team === state.team)
      && (!state.signal || row.signals.includes(signal))
      && (!state.state || !STATES[state.state] || STATES[state.state](row))
      && ((!state.criterion && !state.verdict) || answers(row))
      && scored(row));
  };
  // By value, what is unknown always last; figures begin with the largest, texts with the first.
  const VERDICTS = ["fail", "not_assessed", "not_applicable", "pass"];
  const texts = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const VALUES = {
    call: (row) => row.call, started: (row) => row.started || null, agent: (row) => row.agent || null, length: (row) => row.seconds,
    courtesy: (row) => row.courtesy, professionalism: (row) => row.professionalism,
    interruptions: (row) => (/^\d+$/.test(row.interruptions) ? Number(row.interruptions) : null),
    signals: (row) => row.signalWords || null, weight: (row) => row.weight || null, listen: (row) => row.listen || null,
  };
  ["v0", "v1", "v2"].forEach((name) => {
    VALUES[name] = (row) => (VERDICTS.includes(row[name]) ? VERDICTS.indexOf(row[name]) : null);
  });
  const keys = Object.keys(VALUES);
  const sorted = (found) => {
    const value = VALUES[sort.replace(/^-/, "")];
    if (!value) { return found; }
    const way = sort.startsWith("-") ? -1 : 1;
    const compared = found.map((row) => [value(row), row]);
    compared.sort(([one, first], [other, second]) => {
      if (one === null || other === null) { return (one === null) - (other === null) || first.place - second.place; }
      const order = typeof one === "string" ? texts.compare(one, other) : one - other;
      return way * order || first.place - second.place;
    });
    return compared.map(([, row]) => row);
  };

  // Drawing a page of lines -----------------------------------------------------------------------------------------
  const element = (name, text, className) => {
    const made = document.createElement(name);
    if (text) { made.textContent = text; }
    if (className) { made.className = className; }
    return made;
  };
  const cell = (className, ...inside) => {
    const made = element("td", "", className);
    inside.forEach((part, at) => { if (part) { made.append(...(at ? [" ", part] : [part])); } });
    return made;
  };
  const within = (part) => {
    const made = element("span", "", "soft small");
    made.append(part);
    return made;
  };
  const line = (row) => {
    const made = document.createElement("tr");
    const head = element("th");
    head.scope = "row";
    const name = element("bdi", row.call);
    if (row.link) {
      const link = element("a");
      link.href = row.link;
      link.append(name);
      head.append(link);
    } else { head.append(name); }
    made.append(
      head, cell("n", row.weight ? String(row.weight) : ""),
      cell("why", element("bdi", row.listen, row.failed ? "fail" : ""), row.at && element("bdi", row.at, "soft small"), row.draft && element("span", data.draft, "soft small")),
      cell("who", element("bdi", row.agent), row.team && within(element("bdi", row.team))),
      cell("when", element("bdi", row.started)), cell("n", row.length), ...[row.courtesyText, row.professionalismText].map(([share, points]) => cell("n score", element("b", share), points && element("bdi", points, "soft small"))),
      ...[row.v0, row.v1, row.v2].map((verdict) => cell("", verdict && element("span", words[verdict], `verdict ${verdict}`))),
      cell("n", row.interruptions), cell("tags", row.signalWords),
    );
    return made;
  };
  const worded = (target, first, second) => {
    target.textContent = target.dataset.form.replace(/##|#/g, (sign) => (sign === "##" ? second : first).toLocaleString(document.documentElement.lang));
  };
  const heads = Array.from(table.querySelectorAll("th[data-sort]"));
  const draw = () => {
    const found = sorted(matching(asked()));
    const last = Math.max(0, Math.ceil(found.length / PAGE) - 1);
    page = Math.min(page, last);
    byId("rows").replaceChildren(...found.slice(page * PAGE, (page + 1) * PAGE).map(line));
    const count = byId("count");
    if (found.length) { worded(count, found.length, rows.length); } else { count.textContent = count.dataset.none; }
    worded(byId("page"), page + 1, last + 1);
    byId("before").disabled = page === 0;
    byId("after").disabled = page === last;
    byId("after").closest("nav").hidden = last === 0;
    heads.forEach((head) => {
      if (head.dataset.sort === sort.replace(/^-/, "")) { head.setAttribute("aria-sort", sort.startsWith("-") ? "descending" : "ascending"); } else { head.removeAttribute("aria-sort"); }
    });
  };
  const changed = () => { page = 0; draw(); toAddress(); };

  // What readers do -----------------------------------------------------------------------------------------------
  const FALLING = ["started", "length", "interruptions", "weight"];
  heads.forEach((head) => {
    const key = head.dataset.sort;
    const button = element("button", head.textContent);
    button.type = "button";
    button.addEventListener("click", () => {
      const [first, second] = FALLING.includes(key) ? [`-${key}`, key] : [key, `-${key}`];
      sort = sort === first ? second : sort === second ? "" : first;
      changed();
    });
    head.replaceChildren(button);
  });
  const filters = byId("filters");
  filters.addEventListener("input", changed);
  filters.addEventListener("submit", (event) => { event.preventDefault(); });
  filters.addEventListener("reset", () => { sort = ""; window.setTimeout(changed, 0); });
  const turn = (by) => () => { page += by; draw(); toAddress(); byId("calls").scrollIntoView(); };
  byId("before").addEventListener("click", turn(-1));
  byId("after").addEventListener("click", turn(1));
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !/^(input|select|textarea)$/i.test(event.target.tagName)) {
      event.preventDefault();
      field("q").focus();
    }
  });
  const arrive = () => { if (fromAddress()) { draw(); byId("calls").scrollIntoView(); } };
  window.addEventListener("hashchange", arrive);
  document.querySelectorAll(".scripted").forEach((part) => { part.hidden = false; });
  if (fromAddress()) { byId("calls").scrollIntoView(); }
  draw();
})();
