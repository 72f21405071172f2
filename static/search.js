// The search of an exported site: MiniSearch over the index file, as templates/search.html names them. It folds words as
// src/search/text.rs does and shows results as the live page does.
"use strict";

const ROWS = 20;
const WORD = /(?<![\p{L}\p{N}])[a-z](?:\+\+|#)|[\p{L}\p{N}\p{M}\u00ad]+/giu;
const GROUP = new RegExp(`(?:${WORD.source})(?:[-._&'‘’ʼ‐‑·](?:${WORD.source}))*`, "giu");
const LETTERS = { ß: "ss", æ: "a", œ: "o", ø: "o", ł: "l", đ: "d", ı: "i" };

const isNumber = (word) => /^\d+$/.test(word);
const plain = (word) => word.toLowerCase().normalize("NFD").replace(/[\p{M}\u00ad]/gu, "").replace(/[ßæœøłđı]/g, (c) => LETTERS[c]);
const fold = (word) => plain(word).replace(/([aou])e/g, "$1").replace(/s+/g, "s").replace(/^0+(?=\d+$)/, "");

// Words joined as in "U-Net" come one by one and as one: start, end and the folded word of each.
function tokens(text) {
  return [...text.matchAll(GROUP)].flatMap(({ 0: group, index }) => {
    const parts = [...group.matchAll(WORD)].map((word) => ({ start: index + word.index, end: index + word.index + word[0].length, word: fold(word[0]) }));
    if (parts.length > 1) parts.push({ start: index, end: index + group.length, word: fold(group.match(WORD).join("")) });
    return parts;
  });
}

function withoutStopWords(words, stopWords) {
  const rest = words.filter((word) => !stopWords.has(plain(word)));
  return rest.length > 0 ? rest : words;
}

class Search {
  constructor(MiniSearch, { documents, kinds, stop_words, next_meetup }) {
    const fields = ["title", "aliases", "context", "hidden", "about", "text"];
    const value = (document, field) => (field === "aliases" ? (document.aliases ?? []).join(" · ") : (document[field] ?? ""));
    this.documents = documents;
    this.kinds = kinds.map(([slug, singular, plural, expired]) => ({ slug, singular, plural, expired }));
    this.stopWords = new Set(stop_words);
    this.nextMeetup = new Set(next_meetup);
    this.words = new Set(documents.flatMap((document) => fields.flatMap((field) => tokens(value(document, field)).map(({ word }) => word))));
    this.engine = new MiniSearch({
      fields,
      extractField: value,
      tokenize: (text) => tokens(text).map(({ word }) => word),
      processTerm: (word) => word,
      searchOptions: { boost: { title: 8, aliases: 8, context: 3, hidden: 3, about: 3 } },
    });
    this.engine.addAll(documents.map((document, id) => ({ ...document, id })));
  }

  // The words of a text as one: "The GPT-4" is "gpt4".
  squash(text) {
    return withoutStopWords(text.match(WORD) ?? [], this.stopWords).map(fold).join("");
  }

  // Documents, best first, each with the words that it was found by. All words are looked for as they are typed, then with typos, then
  // as many as any document has.
  find(q, day) {
    // Joined words are one where a document has them as one.
    const isOne = (parts) => this.words.has(fold(parts.join("")));
    const split = (parts) => (isOne(parts) ? [parts] : parts.map((part) => [part]));
    const groups = (q.match(GROUP) ?? []).flatMap((group) => split(group.match(WORD)));
    const words = withoutStopWords(groups.map((parts) => parts.join("")), this.stopWords);
    const query = groups.filter((parts) => words.includes(parts.join(""))).map((parts) => this.query(parts));
    const last = fold(words.at(-1) ?? "");
    const exact = { combineWith: "AND", prefix: (word) => !isNumber(word) && (word.length > 2 || word === last), fuzzy: false };
    const fuzzy = { ...exact, fuzzy: (word) => (isNumber(word) || word.length < 4 ? false : word.length < 7 ? 1 : 2) };
    const search = (options) => this.engine.search({ queries: query, ...options });
    let results = query.length > 0 ? search(exact) : [];
    const hasKey = this.keyed(q, day);
    let note = "";
    if (results.length === 0 && !hasKey.some(Boolean)) {
      results = search(fuzzy);
      note = results.length > 0 ? `No results for “${q}”. Showing results for similar spellings.` : "";
    }
    if (results.length === 0 && query.length > 1 && !hasKey.some(Boolean)) {
      const all = search({ ...fuzzy, combineWith: "OR" });
      const matched = Math.max(...all.map((result) => result.queryTerms.length));
      results = all.filter((result) => result.queryTerms.length === matched);
      note = results.length > 0 ? `No page has all ${query.length} words. These have some of them.` : "";
    }
    const found = new Set(results.map(({ id }) => id));
    results.push(...hasKey.flatMap((has, id) => (has && !found.has(id) ? [{ id, terms: [] }] : [])));
    return { hits: this.rank(results, hasKey, this.squash(q), day), note };
  }

  query(parts) {
    if (parts.length === 1) return parts[0];
    const apart = { combineWith: "AND", queries: withoutStopWords(parts, this.stopWords) };
    return isNumber(parts.join("")) ? parts.join("") : { combineWith: "OR", queries: [parts.join(""), apart] };
  }

  // How strongly each document is meant by the whole query: 2 for the next meetup, 1 for a key, 0 otherwise.
  keyed(q, day) {
    const name = this.squash(q);
    const keyed = this.documents.map(({ keys = [] }) => (keys.some((key) => this.squash(key) === name) ? 1 : 0));
    if (this.nextMeetup.has(name)) {
      const toCome = this.documents.filter(({ kind, until }) => kind === "meetups" && until >= day);
      const next = toCome.sort((a, b) => (a.until < b.until ? -1 : 1))[0];
      if (next) keyed[this.documents.indexOf(next)] = 2;
    }
    return keyed;
  }

  rank(results, hasKey, name, day) {
    const hits = results.map(({ id, terms }) => {
      const document = this.documents[id];
      const kind = this.kinds.find(({ slug }) => slug === document.kind);
      const expired = kind.expired !== "" && document.until < day;
      const isNamed = [document.title, ...(document.aliases ?? [])].some((other) => this.squash(other) === name);
      const begins = this.squash(document.title).startsWith(name);
      const rank = 8 * hasKey[id] + (isNamed ? 4 : 0) + (expired ? 0 : 2) + (begins ? 1 : 0);
      return { document, kind, terms: new Set(terms), expired, rank };
    });
    // MiniSearch's order stays among equals.
    return hits.sort((a, b) => b.rank - a.rank);
  }
}

function element(name, attributes, ...content) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value) made.setAttribute(key, value);
  made.append(...content);
  return made;
}

const ranges = (text, terms) => tokens(text).filter(({ word }) => terms.has(word));

// A part of a text with its words marked.
function mark(text, terms, from = 0, to = text.length) {
  const out = [];
  let at = from;
  const inside = ranges(text, terms).filter(({ start, end }) => start >= from && end <= to);
  // A joined word comes before its parts and swallows them.
  for (const { start, end } of inside.sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (start < at) continue;
    out.push(text.slice(at, start), element("mark", {}, text.slice(start, end)));
    at = end;
  }
  return [...out, text.slice(at, to)];
}

function excerpt(text, terms) {
  const [LENGTH, BEFORE] = [200, 50];
  const first = ranges(text, terms)[0];
  if (!first) return [];
  const near = Math.min(first.start - BEFORE, text.length - LENGTH);
  const from = near <= 0 ? 0 : text.lastIndexOf(" ", near) + 1;
  const space = text.indexOf(" ", Math.max(from + LENGTH, first.end));
  const to = space < 0 ? text.length : space;
  return [from > 0 ? "… " : "", ...mark(text, terms, from, to), to < text.length ? " …" : ""];
}

// The link to the home page says how pages of this export name each other.
function address(path) {
  return document.querySelector(".brand a").getAttribute("href").replace(/index\.html$/, "") + path.slice(1);
}

function row({ document: { path, title, context = "", about = "", text = "" }, kind, terms, expired }) {
  const heading = element("p", { class: "entry-title" }, element("a", { href: address(path) }, ...mark(title, terms)), " ");
  heading.append(element("span", { class: "kind" }, kind.singular));
  if (expired) heading.append(" ", element("strong", { class: "status" }, kind.expired));
  const item = element("li", { class: "entry" }, heading);
  if (context) item.append(element("p", { class: "entry-meta" }, ...mark(context, terms)));
  const around = excerpt([about, text].filter(Boolean).join(" – "), terms);
  if (around.length > 0) item.append(element("p", { class: "entry-excerpt" }, ...around));
  return item;
}

function link({ q }, kind, page) {
  const pairs = { q, ...(kind && { kind }), ...(page > 1 && { page }) };
  return `?${new URLSearchParams(pairs)}`;
}

function results(search, query, day) {
  const { hits: all, note } = search.find(query.q, day);
  const count = (slug) => all.filter(({ kind }) => kind.slug === slug).length;
  const chosen = count(query.kind) > 0 ? query.kind : "";
  const hits = all.filter(({ kind }) => !chosen || kind.slug === chosen);
  const title = hits.length === 0 ? "No results" : hits.length === 1 ? "1 result" : `${hits.length} results`;
  const content = element("div", {});
  const section = element("section", { class: "part results" }, element("h2", { role: "status" }, title), content);
  if (hits.length === 0) {
    content.append(element("p", {}, `No page has the words “${query.q}”.`));
    return section;
  }
  if (note) content.append(element("p", { class: "partial" }, note));
  const kinds = search.kinds.filter(({ slug }) => count(slug) > 0);
  if (kinds.length > 1) {
    const choice = (slug, label, count) => {
      const current = { href: link(query, slug), "aria-current": slug === chosen && "true" };
      return element("li", {}, element("a", current, label), " ", element("span", { class: "unit" }, String(count)));
    };
    const choices = [choice("", "Everything", all.length), ...kinds.map(({ slug, plural }) => choice(slug, plural, count(slug)))];
    content.append(element("nav", { class: "kinds", "aria-label": "Kinds of results" }, element("ul", {}, ...choices)));
  }
  const pages = Math.ceil(hits.length / ROWS);
  const page = Math.min(Math.max(parseInt(query.page) || 1, 1), pages);
  content.append(element("ul", { class: "entries" }, ...hits.slice((page - 1) * ROWS, page * ROWS).map(row)));
  if (pages > 1) {
    const pager = element("nav", { class: "pager", "aria-label": "Pages" }, element("span", {}, `Page ${page} of ${pages}`));
    if (page > 1) pager.prepend(element("a", { rel: "prev", href: link(query, chosen, page - 1) }, "Previous"), " ");
    if (page < pages) pager.append(" ", element("a", { rel: "next", href: link(query, chosen, page + 1) }, "Next"));
    content.append(pager);
  }
  return section;
}

// Today where the meetups are, or the day of the export where the clock is wrong.
function today({ zone, day }) {
  const now = new Intl.DateTimeFormat("sv", { timeZone: zone }).format();
  return now > day ? now : day;
}

async function run({ index, ...given }) {
  const asked = new URLSearchParams(location.search);
  const value = (name) => (asked.get(name) ?? "").trim().slice(0, 200);
  const query = { q: value("q"), kind: value("kind"), page: value("page") };
  const input = element("input", { type: "search", id: "q", name: "q", value: query.q });
  const label = element("label", { for: "q" }, "Title, person, place, topic, day or any words");
  const field = element("p", {}, input, element("button", { type: "submit" }, "Search"));
  const form = element("form", { class: "search", method: "get", role: "search", "aria-label": "Everything" }, label, field);
  if (!query.q) return document.getElementById("search").replaceChildren(form);
  const { default: MiniSearch } = await import(document.getElementById("minisearch").href);
  const answer = await fetch(index);
  if (!answer.ok) throw new Error(`${index}: ${answer.status}`);
  const section = results(new Search(MiniSearch, await answer.json()), query, today(given));
  document.getElementById("search").replaceChildren(form);
  document.querySelector("main .page-head").after(section);
  const isEmpty = section.querySelector(".entry") === null;
  for (const id of ["help", "lists"]) document.getElementById(id).hidden = !isEmpty;
  document.title = `Search: ${query.q} · ${document.title.split(" · ").slice(1).join(" · ")}`;
}

// Where something could not be loaded, the page still says so and leads to the lists.
run(document.currentScript.dataset).catch(console.error);
