// The page, as templates/search.html has it.
"use strict";

function element(name, attributes, ...content) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(key, value);
  made.append(...content);
  return made;
}

function show(index, query, day) {
  const ROWS = 20;
  const found = search(index, query.q, day);
  const count = (kind) => found.hits.filter((hit) => hit.kind === kind).length;
  const kind = index.kinds.find((kind) => kind.slug === query.kind && count(kind) > 0);
  const hits = kind ? found.hits.filter((hit) => hit.kind === kind) : found.hits;
  const pages = Math.max(Math.ceil(hits.length / ROWS), 1);
  const page = Math.min(Math.max(/^\+?[0-9]+$/.test(query.page) ? Number(query.page) : 1, 1), pages);
  const link = (q, kind, page) => {
    const pairs = [["q", q], ["kind", kind?.slug], ["page", page > 1 ? page : ""]].filter(([, value]) => value);
    return `?${pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&")}`;
  };
  const content = element("div", {});
  const title = hits.length === 0 ? "No results" : hits.length === 1 ? "1 result" : `${hits.length} results`;
  const part = element("section", { class: "part results" }, element("h2", { role: "status" }, title), content);
  if (hits.length === 0) {
    content.append(element("p", {}, `No page has the words “${query.q}”, nor words that are spelt nearly so.`));
    const links = suggest(index, found).map(({ word, query }) => element("a", { href: link(query) }, word));
    if (links.length > 0) content.append(element("p", { class: "suggestions" }, "Did you mean ", ...links.flatMap((link, at) => (at > 0 ? [", ", link] : [link])), "?"));
    return part;
  }
  if (found.matched < found.words.length) {
    content.append(element("p", { class: "partial" }, `No page has all ${found.words.length} words. These have ${found.matched} of them.`));
  }
  const choices = [[undefined, "Everything", found.hits.length], ...index.kinds.map((kind) => [kind, kind.many, count(kind)])].filter(([, , count]) => count > 0);
  if (choices.length > 2) {
    const items = choices.map(([choice, label, count]) => {
      const current = choice === kind ? "true" : null;
      return element("li", {}, element("a", { href: link(query.q, choice), "aria-current": current }, label), " ", element("span", { class: "unit" }, String(count)));
    });
    content.append(element("nav", { class: "kinds", "aria-label": "Kinds of results" }, element("ul", {}, ...items)));
  }
  const from = (page - 1) * ROWS;
  const rows = hits.slice(from, from + ROWS);
  for (const [near, of] of [[false, rows.filter((hit) => !hit.near)], [true, rows.filter((hit) => hit.near)]]) {
    if (of.length === 0) continue;
    if (near) content.append(element("h3", {}, "Spelt nearly so"));
    content.append(element("ul", { class: "entries" }, ...of.map((hit) => row(index, found, hit))));
  }
  if (pages > 1) {
    const pager = element("nav", { class: "pager", "aria-label": "Pages" }, element("span", {}, `Page ${page} of ${pages}`));
    if (page > 1) pager.prepend(element("a", { rel: "prev", href: link(query.q, kind, page - 1) }, "Previous"), " ");
    if (page < pages) pager.append(" ", element("a", { rel: "next", href: link(query.q, kind, page + 1) }, "Next"));
    content.append(pager);
  }
  return part;
}

function row(index, found, { document, kind, over }) {
  const marked = (pieces) => pieces.map(({ text, marked }) => (marked ? element("mark", {}, text) : text));
  const title = element("p", { class: "entry-title" });
  title.append(element("a", { href: address(index.paths[document]) }, ...marked(mark(index, found, index.titles[document]))));
  title.append(" ", element("span", { class: "kind" }, kind.one));
  if (over && kind.over) title.append(" ", element("strong", { class: "status" }, kind.over));
  const item = element("li", { class: "entry" }, title);
  const context = marked(mark(index, found, index.contexts[document]));
  if (context.length > 0) item.append(element("p", { class: "entry-meta" }, ...context));
  const around = marked(excerpt(index, found, index.texts[document]));
  if (around.length > 0) item.append(element("p", { class: "entry-excerpt" }, ...around));
  return item;
}

// The home page's link says how the pages of this export name each other.
function address(path) {
  const home = document.querySelector(".brand a").getAttribute("href");
  const [root, file] = home.endsWith("index.html") ? [home.slice(0, -"index.html".length), "index.html"] : [home, ""];
  return root + path.slice(1) + file;
}

function today({ zone, day }) {
  const parts = new Intl.DateTimeFormat("en", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).formatToParts();
  const part = (type) => parts.find((part) => part.type === type).value;
  const now = `${part("year")}-${part("month")}-${part("day")}`;
  return now > day ? now : day;
}

// A block, so that its names are its own.
{
  const given = document.currentScript.dataset;
  const asked = new URLSearchParams(location.search);
  const whole = (name) => asked.getAll(name).map((value) => value.trim()).find((value) => value !== "") ?? "";
  const get = (name) => [...whole(name)].slice(0, 200).join("").trimEnd();
  const query = { q: get("q"), kind: get("kind"), page: get("page") };
  const input = element("input", { type: "search", id: "q", name: "q", value: query.q });
  const label = element("label", { for: "q" }, "Title, person, place, topic, day or any words");
  const form = element("form", { class: "search", method: "get", role: "search", "aria-label": "Everything" });
  form.append(label, element("p", {}, input, element("button", { type: "submit" }, "Search")));
  document.getElementById("search").replaceChildren(form);
  if (query.q !== "") {
    const place = document.querySelector("main .page-head");
    const waiting = element("p", { class: "found", role: "status" }, "Searching …");
    place.after(waiting);
    const script = element("script", { src: given.index });
    window.searchIndex = (data) => {
      const results = show(new Index(data), query, today(given));
      waiting.replaceWith(results);
      const nothing = results.querySelector(".entry") === null;
      for (const id of ["help", "lists"]) document.getElementById(id).hidden = !nothing;
      document.title = `Search: ${query.q} · ${document.title.split(" · ").slice(1).join(" · ")}`;
    };
    script.addEventListener("error", () => (waiting.textContent = "The index of this site could not be loaded. All there is stands in the lists below."));
    document.head.append(script);
  }
}
