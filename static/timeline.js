// The timeline: rows and items come as JSON and are set as text, never as HTML. The address keeps the days in view.
(() => {
  "use strict";

  const root = document.querySelector("[data-timeline]");
  if (!root || root.dataset.ready) return;
  root.dataset.ready = "yes";

  const DAY = 86_400_000;
  const LONGEST = 730;
  const SPANS = { day: 1, week: 7, month: 31, quarter: 92 };
  const texts = root.dataset;
  const canvas = root.querySelector("[data-canvas]");
  const note = root.querySelector("[data-note]");
  const empty = root.querySelector("[data-empty]");
  const form = root.querySelector("form");

  // --- days: calendar days of the agency, drawn as days of the browser ------------------------------
  const at = (iso) => {
    const [day, hour] = iso.split("T");
    const [year, month, date] = day.split("-").map(Number);
    const [hours, minutes] = hour ? hour.split(":").map(Number) : [0, 0];
    return new Date(year, month - 1, date, hours, minutes);
  };
  const iso = (date) =>
    [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
  const shifted = (date, days) => new Date(date.getFullYear(), date.getMonth(), date.getDate() + days);
  const locale = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
  const words = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric" });
  const today = at(texts.today);

  function days(item) {
    const first = at(item.start.slice(0, 10));
    const last = shifted(at(item.end), -1);
    if (item.open) return texts.from.replace("%", words.format(first));
    const text = words.formatRange(first, last);
    return item.start.includes("T") ? `${text}, ${item.start.slice(11)}` : text;
  }

  // --- what stands on a row --------------------------------------------------------------------------
  const SHADING = { exclusivity: "state-exclusivity", absence: "state-unavailable", hidden: "tl-hidden" };

  function face(item) {
    const link = item.url && !(item.kind in SHADING);
    const element = document.createElement(link ? "a" : "span");
    element.className = "tl-face";
    if (link) {
      element.href = item.url;
      element.draggable = false;
    }
    element.textContent = item.kind === "go-live" || item.quiet ? "" : link ? item.about.slice(0, 2).join(" · ") : item.about[0];
    element.dataset.about = item.about.join("\n");
    if (item.kind === "go-live") element.setAttribute("aria-label", `${item.about.join(", ")}, ${item.days}`);
    element.dataset.days = item.days;
    return element;
  }

  function rowName(row) {
    const link = document.createElement("a");
    link.href = row.url;
    link.textContent = row.name;
    link.title = row.name;
    link.className = "tl-row";
    link.dir = "auto";
    return link;
  }

  function shaped(item) {
    const base = { ...item, id: item.id, group: item.row, start: at(item.start), end: at(item.end), days: days(item) };
    if (item.kind in SHADING) return { ...base, type: "background", className: `tl-shade ${SHADING[item.kind]}` };
    if (item.kind === "go-live") {
      const dot = { ...base, type: "point", className: `tl-live state-${item.state}` };
      delete dot.end;
      if (!item.start.includes("T")) dot.start = new Date(dot.start.getTime() + DAY / 2);
      return dot;
    }
    return { ...base, type: "range", className: `bar state-${item.state}${item.kind === "part" ? " tl-part" : ""}` };
  }

  // --- the drawing -----------------------------------------------------------------------------------
  vis.moment.updateLocale("en", { week: { dow: 1, doy: 4 } });
  const rows = new vis.DataSet();
  const items = new vis.DataSet();
  const timeline = new vis.Timeline(canvas, items, rows, {
    start: at(texts.first),
    end: shifted(at(texts.last), 1),
    height: "100%",
    orientation: "top",
    verticalScroll: true,
    zoomKey: "ctrlKey",
    zoomMin: DAY / 2,
    zoomMax: LONGEST * DAY,
    selectable: false,
    showCurrentTime: false,
    showTooltips: false,
    margin: { item: { horizontal: 1, vertical: 4 }, axis: 4 },
    order: (a, b) => (a.type === "point") - (b.type === "point") || a.start - b.start,
    groupOrder: "order",
    format: {
      minorLabels: { hour: "HH:mm", weekday: "D", day: "D", week: "D", month: "MMM" },
      majorLabels: { hour: "dddd D MMMM", weekday: "MMMM YYYY", day: "MMMM YYYY", week: "MMMM YYYY", month: "YYYY" },
    },
    groupTemplate: (row) => (row ? rowName(row) : ""),
    template: (item) => face(item),
  });
  items.add({
    id: "today",
    type: "background",
    className: "tl-today",
    start: today,
    end: shifted(today, 1),
    about: [texts.todayWord],
    days: words.format(today),
    kind: "hidden",
  });

  // Every label has room: hours, days, weeks or months, by how wide a day is drawn.
  function ruled() {
    const { start, end } = timeline.getWindow();
    const wide = (canvas.querySelector(".vis-panel.vis-center")?.clientWidth || canvas.clientWidth) / ((end - start) / DAY);
    const steps = [[1000, "hour", 1], [500, "hour", 2], [160, "hour", 6], [20, "day", 1], [7, "week", 1], [0, "month", 1]];
    const [, scale, step] = steps.find(([from]) => wide >= from);
    timeline.setOptions({ timeAxis: { scale, step } });
  }

  // --- loading the window in view, with as much again on either side ------------------------------------
  let loaded = null;
  let waiting = null;

  function wantedDays() {
    const { start, end } = timeline.getWindow();
    const span = Math.min(Math.ceil((end - start) / DAY), LONGEST);
    const around = Math.min(span, Math.floor((LONGEST - span) / 2));
    const first = new Date(start.getFullYear(), start.getMonth(), start.getDate());
    return { first, last: shifted(first, span), from: shifted(first, -around), to: shifted(first, span + around) };
  }

  async function load() {
    const { first, last, from, to } = wantedDays();
    if (loaded && loaded.from <= first && loaded.to >= last) return;
    waiting?.abort();
    const mine = (waiting = new AbortController());
    const query = new URLSearchParams(new FormData(form));
    query.set("from", iso(from));
    query.set("to", iso(to));
    canvas.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(`${texts.url}?${query}`, { signal: mine.signal, headers: { Accept: "application/json" } });
      // An expired login redirects to a page.
      if (response.redirected) return void location.reload();
      const answer = await response.json();
      if (!response.ok) throw new Error(answer.error);
      show(answer);
      loaded = { from, to };
      say("");
    } catch (error) {
      if (error.name !== "AbortError") say(error instanceof SyntaxError || error instanceof TypeError ? texts.failed : error.message);
    } finally {
      if (waiting === mine) canvas.removeAttribute("aria-busy");
    }
  }

  function replace(set, next) {
    const ids = new Set(next.map((entry) => entry.id));
    set.remove(set.getIds().filter((id) => !ids.has(id) && id !== "today"));
    set.update(next);
  }

  // Where shadings of a row lie over one another only the first is labelled; each still speaks on hover.
  function quieted(entries) {
    const until = new Map();
    for (const entry of entries.filter((one) => one.kind in SHADING).sort((a, b) => a.start.localeCompare(b.start))) {
      entry.quiet = entry.start < (until.get(entry.row) ?? "");
      if (!entry.quiet) until.set(entry.row, entry.end);
    }
    return entries;
  }

  function show(answer) {
    replace(items, []);
    replace(rows, answer.rows);
    replace(items, quieted(answer.items).map(shaped));
    narrow();
  }

  // More is loaded than is in view: rows without anything in view are left out.
  function narrow() {
    const { start, end } = timeline.getWindow();
    const busy = new Set();
    items.forEach((item) => {
      if (item.start < end && (item.end ?? item.start) > start) busy.add(item.group);
    });
    const changed = rows.get().filter((row) => row.visible !== busy.has(row.id));
    rows.update(changed.map((row) => ({ id: row.id, visible: busy.has(row.id) })));
    busy.delete(undefined); // today's own stripe
    empty.hidden = busy.size > 0;
  }

  function say(text) {
    note.textContent = text;
    note.hidden = !text;
  }

  // --- zoom, arrows, today, the address ---------------------------------------------------------------
  function look(start, spanDays) {
    timeline.setWindow(start, new Date(start.getTime() + spanDays * DAY), { animation: false });
  }

  root.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-zoom], button[data-move], button[data-today]");
    if (!button) return;
    const { start, end } = timeline.getWindow();
    const span = (end - start) / DAY;
    if (button.dataset.zoom) {
      const wide = SPANS[button.dataset.zoom];
      const sees = start <= today && today <= end;
      const middle = new Date((start.getTime() + end.getTime()) / 2);
      look(sees ? shifted(today, -Math.floor(wide / 5)) : shifted(middle, -Math.floor(wide / 2)), wide);
    } else if (button.dataset.move) {
      look(new Date(start.getTime() + Number(button.dataset.move) * span * 0.8 * DAY), span);
    } else {
      look(shifted(today, -Math.floor(span / 5)), span);
    }
  });

  function remember() {
    const { start, end } = timeline.getWindow();
    const first = iso(start);
    const last = iso(new Date(end.getTime() - 1));
    form.elements.from.value = first;
    form.elements.to.value = last;
    const query = new URLSearchParams(new FormData(form));
    for (const [name, value] of [...query]) if (!value) query.delete(name);
    history.replaceState(history.state, "", `?${query}`);
    for (const link of root.ownerDocument.querySelectorAll("[data-table-link]")) link.href = `${texts.table}?${query}`;
    const span = (end - start) / DAY;
    for (const button of root.querySelectorAll("[data-zoom]"))
      button.setAttribute("aria-pressed", String(Math.abs(SPANS[button.dataset.zoom] - span) < 0.3));
  }

  let later = 0;
  timeline.on("rangechanged", () => {
    clearTimeout(later);
    later = setTimeout(() => {
      if (!root.isConnected) return;
      ruled();
      remember();
      narrow();
      load();
    }, 120);
  });

  // --- the words on hover and focus ----------------------------------------------------------------------
  const tip = root.querySelector("[data-tip]");
  const place = (x, y) => {
    const box = tip.getBoundingClientRect();
    tip.style.left = `${Math.max(8, Math.min(x + 12, innerWidth - box.width - 8))}px`;
    tip.style.top = `${y + 18 + box.height > innerHeight ? Math.max(8, y - box.height - 10) : y + 18}px`;
  };
  function tell(face_, x, y) {
    const lines = [...face_.dataset.about.split("\n"), face_.dataset.days].map((line) => {
      const paragraph = document.createElement("div");
      paragraph.textContent = line;
      paragraph.dir = "auto";
      return paragraph;
    });
    tip.replaceChildren(...lines);
    tip.hidden = false;
    place(x, y);
  }
  const faceOf = (target) => target.closest?.(".vis-item")?.querySelector(".tl-face") ?? null;
  canvas.addEventListener("pointermove", (event) => {
    const found = event.buttons ? null : faceOf(event.target);
    if (found) tell(found, event.clientX, event.clientY);
    else tip.hidden = true;
  });
  canvas.addEventListener("pointerleave", () => (tip.hidden = true));
  canvas.addEventListener("focusin", (event) => {
    const found = event.target.closest(".tl-face");
    if (!found) return;
    const box = found.getBoundingClientRect();
    tell(found, box.left, box.bottom - 12);
  });
  canvas.addEventListener("focusout", () => (tip.hidden = true));
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") tip.hidden = true;
  });

  ruled();
  remember();
  load();
})();
