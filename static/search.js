// The search of an export, where no server answers: the same index, the same order, the same page as the live site's. Only the exported
// search page loads this, and the index comes when something is searched for. It is a script that calls searchIndex, and not data by
// themselves, because a page that was opened from disk may load scripts but fetch nothing.
//
// Each part follows one of the same name in src/search; the numbers must be the same there.
"use strict";

// fold.rs: what a character is, and the spelling under which a word is kept.

const LONGEST = 40;
const GAP = { gap: true };
const NOTHING = { nothing: true };
const JOINER = { joiner: true, apostrophe: false };
const APOSTROPHE = { joiner: true, apostrophe: true };

function folding(characters, forms) {
  const table = new Map();
  const form = (form) => (form === "" ? NOTHING : form === "-" ? JOINER : form === "'" ? APOSTROPHE : { letters: form });
  forms.split(" ").forEach((text, at) => table.set(characters[at], form(text)));
  for (const c of "-._&") table.set(c, JOINER);
  table.set("'", APOSTROPHE);
  for (const c of "+#") table.set(c, { suffix: c });
  return (c) => {
    if (/^[0-9a-zA-Z]$/.test(c)) return { letters: c.toLowerCase() };
    const known = table.get(c);
    if (known) return known;
    const other = c.length === 1 && c > "\u052f" && !(c >= "\u1e00" && c <= "\u206f") && /[\p{Alphabetic}\p{N}]/u.test(c);
    return other ? { letters: [...c.toLowerCase()][0] } : GAP;
  };
}

function spelling(word) {
  if (/^[0-9]+$/.test(word)) return (word.replace(/^0+/, "") || "0").slice(0, LONGEST);
  let out = "";
  let before = " ";
  for (const c of word) {
    const silent = (c === "e" && "aou".includes(before)) || (c === "s" && before === "s");
    if (!silent) out += c;
    before = c;
  }
  return out.slice(0, LONGEST);
}

// words.rs: a text as chunks, each with its words, their places, and the spellings under which it is kept.

function chunks(text, sign) {
  const all = [];
  let parts = [];
  let word = null;
  let suffix = 0;
  let apostrophe = false;
  const close = () => {
    if (word) parts.push(word);
    word = null;
    suffix = 0;
  };
  const gap = () => {
    const endedInWord = word !== null;
    close();
    if (parts.length > 0) all.push(chunk(parts, endedInWord && apostrophe));
    parts = [];
    apostrophe = false;
  };
  let at = 0;
  for (const c of text) {
    const end = at + c.length;
    const is = sign(c);
    if (is.letters !== undefined) {
      if (suffix > 0) {
        if (suffix === 1 && word.letters.endsWith("+")) word = { ...word, letters: word.letters.slice(0, -1), end: word.end - 1 };
        gap();
      }
      word ??= { letters: "", start: at, end };
      word.letters += is.letters;
      word.end = end;
    } else if (is.nothing) {
      if (word) word.end = end;
    } else if (is.joiner) {
      if (word) {
        close();
        apostrophe = is.apostrophe;
      } else gap();
    } else if (is.suffix && word && parts.length === 0 && word.letters.length === 1 + suffix && /^[a-z]/.test(word.letters)) {
      word.letters += is.suffix;
      word.end = end;
      suffix += 1;
    } else gap();
    at = end;
  }
  gap();
  return all;
}

function chunk(parts, century) {
  const [start, end] = [parts[0].start, parts.at(-1).end];
  const joined = parts.length > 1 ? parts.map((part) => part.letters).join("") : null;
  const spellings = parts.map((part) => ({ spelling: spelling(part.letters), start: part.start, end: part.end }));
  if (joined) spellings.push({ spelling: spelling(joined), start, end });
  const last = parts.at(-1);
  if (century && parts.length > 1 && /^[0-9]{2}$/.test(last.letters)) {
    spellings.push({ spelling: `20${last.letters}`, start: last.start, end: last.end });
  }
  return { parts, joined, spellings, start, end };
}

// edits.rs: the words that are one slip away.

const SHORTEST = 4;

const forgiven = (word) => word.length >= SHORTEST && !/[0-9]/.test(word);

function edits(word) {
  const found = [];
  const give = (edit) => edit.length >= SHORTEST && found.push(edit);
  for (let at = 0; at <= word.length; at += 1) {
    const [before, after] = [word.slice(0, at), word.slice(at)];
    if (after !== "") give(before + after.slice(1));
    if (after.length > 1) give(before + after[1] + after[0] + after.slice(2));
    for (const c of "abcdefghijklmnopqrstuvwxyz") {
      if (after !== "") give(before + c + after.slice(1));
      give(before + c + after);
    }
  }
  return found;
}

// The index: sorted spellings, and for each the documents that have it.

const DIGITS = new Map([..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].map((c, digit) => [c.charCodeAt(0), digit]));

class Index {
  constructor(data) {
    const lines = (text) => text.split("\n");
    this.kinds = data.kinds.map(([slug, one, many, over]) => ({ slug, one, many, over }));
    this.documents = [...data.documents].map((kind) => ({ kind: Number(kind), key: -1, until: null }));
    for (const [document, until] of data.until) this.documents[document].until = until;
    for (const [document, key] of data.keys) this.documents[document].key = key;
    this.paths = lines(data.paths);
    this.titles = lines(data.titles);
    this.contexts = lines(data.contexts);
    this.texts = lines(data.texts);
    this.terms = data.terms.split(" ");
    this.postings = data.postings.split(" ");
    this.quiet = new Set(data.quiet.split(" "));
    this.sign = folding(data.characters, data.forms);
  }

  firstNot(before) {
    let [low, high] = [0, this.terms.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (before(this.terms[middle])) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  number(spelling) {
    const number = this.firstNot((term) => term < spelling);
    return this.terms[number] === spelling ? number : -1;
  }

  beginningWith(beginning) {
    const from = this.firstNot((term) => term < beginning);
    return { from, to: this.firstNot((term) => term < beginning || term.startsWith(beginning)) };
  }

  eachPosting(term, each) {
    const letters = this.postings[term];
    let at = 0;
    const number = () => {
      let [value, scale] = [0, 1];
      for (;;) {
        const digit = DIGITS.get(letters.charCodeAt(at));
        at += 1;
        value += (digit % 32) * scale;
        if (digit < 32) return value;
        scale *= 32;
      }
    };
    let document = 0;
    while (at < letters.length) {
      document += number();
      const weight = number();
      each(document, weight >> 1, weight % 2);
    }
  }

  // ask.rs: a query as words, and the spellings that each stands for.

  words(query) {
    query = [...query].slice(0, 200).join("");
    const words = [];
    const word = (start, end, letters) => ({ typed: query.slice(start, end), letters, spelling: spelling(letters), open: false, matches: [] });
    for (const { parts, joined, start, end } of chunks(query, this.sign)) {
      if (joined && this.number(spelling(joined)) >= 0) words.push(word(start, end, joined));
      else words.push(...parts.map((part) => word(part.start, part.end, part.letters)));
    }
    if (words.length > 0) words.at(-1).open = true;
    const seen = new Set();
    const once = words.filter((word) => !seen.has(word.spelling) && seen.add(word.spelling));
    const loud = once.filter((word) => !this.quiet.has(word.letters));
    return (loud.length > 0 ? loud : once).slice(0, 8);
  }

  lookUp(word, near) {
    word.matches = [];
    const add = (from, to, share, near, whole) => from < to && word.matches.push({ from, to, share, near, whole });
    const one = (spelling, share, near) => {
      const number = this.number(spelling);
      if (number >= 0) add(number, number + 1, () => share, near, !near);
      return number >= 0;
    };
    const beginning = (spelling, least, more, near) => {
      const { from, to } = this.beginningWith(spelling);
      add(from, to, (length) => least + Math.floor((more * spelling.length) / Math.max(length, 1)), near, false);
    };
    const same = one(word.spelling, 256, false);
    if (/^[0-9]*$/.test(word.spelling)) {
      if (same) return;
    } else if (word.spelling.length >= 4) {
      if (word.spelling.endsWith("s")) one(word.spelling.slice(0, -1), 224, false);
      one(`${word.spelling}s`, 224, false);
    }
    if (word.open) beginning(word.spelling, 64, 128, false);
    if (!near || !forgiven(word.letters)) return;
    for (const kept of new Set(edits(word.letters).map(spelling))) {
      one(kept, 128, true);
      if (word.open) beginning(kept, 32, 64, true);
    }
  }

  // find.rs: from a query to documents in their order.

  search(query, day) {
    const words = this.words(query);
    let sums = this.sum(words, false);
    const all = sums.filter((sum) => sum.words === words.length).length;
    if (all < 5 && words.some((word) => forgiven(word.letters))) sums = this.sum(words, true);
    const matched = sums.reduce((most, sum) => Math.max(most, sum.words), 0);
    const over = (document) => this.documents[document].until !== null && this.documents[document].until < day;
    const hits = [];
    const named = words.length === 1 ? this.number(words[0].spelling) : -1;
    sums.forEach((sum, document) => {
      if (matched === 0 || sum.words !== matched) return;
      const kind = this.kinds[this.documents[document].kind];
      const closed = kind.slug === "jobs" && over(document);
      const other = named < 0 || this.documents[document].key !== named;
      const later = (other ? 8 : 0) + (sum.near ? 4 : 0) + (closed ? 2 : 0) + (sum.titles < sum.words ? 1 : 0);
      hits.push({ document, kind, near: sum.near, over: over(document), later, score: sum.score });
    });
    hits.sort((a, b) => a.later - b.later || b.score - a.score || a.document - b.document);
    return { words, matched, hits };
  }

  sum(words, near) {
    const sums = this.documents.map(() => ({ score: 0, words: 0, titles: 0, near: false }));
    for (const word of words) {
      this.lookUp(word, near);
      // Of several spellings, the one that needs no slip counts, then the heaviest, then one in the title.
      const best = new Float64Array(sums.length);
      for (const { from, to, share, near, whole } of word.matches) {
        for (let term = from; term < to; term += 1) {
          const part = share(this.terms[term].length);
          this.eachPosting(term, (document, weight, inTitle) => {
            const value = (near ? 0 : 2 ** 31) + weight * part * 2 + (inTitle && whole ? 1 : 0);
            if (value > best[document]) best[document] = value;
          });
        }
      }
      best.forEach((value, document) => {
        if (value === 0) return;
        const sum = sums[document];
        const written = value >= 2 ** 31;
        const rest = written ? value - 2 ** 31 : value;
        sum.words += 1;
        sum.score += Math.floor(rest / 2);
        sum.titles += rest % 2;
        sum.near ||= !written;
      });
    }
    return sums;
  }

  // marks.rs: where the words are in a text.

  places(found, text) {
    const places = [];
    for (const { spellings } of chunks(text, this.sign)) {
      for (const { spelling, start, end } of spellings) {
        const number = this.number(spelling);
        const word = number < 0 ? -1 : found.words.findIndex((word) => word.matches.some(({ from, to }) => from <= number && number < to));
        if (word >= 0) places.push({ start, end, word });
      }
    }
    return places;
  }

  mark(found, text) {
    return pieces(text, 0, text.length, this.places(found, text));
  }

  excerpt(found, text) {
    const [WINDOW, LEAD] = [28, 7];
    const places = this.places(found, text);
    if (places.length === 0) return [];
    const starts = [0];
    for (let at = text.indexOf(" "); at >= 0; at = text.indexOf(" ", at + 1)) starts.push(at + 1);
    let number = 0;
    for (const place of places) {
      while (number > 0 && starts[number] > place.start) number -= 1;
      while (number + 1 < starts.length && starts[number + 1] <= place.start) number += 1;
      place.number = number;
    }
    let [best, most] = [0, 0];
    places.forEach((place, first) => {
      const words = new Set();
      for (let at = first; at < places.length && places[at].number < place.number + WINDOW - LEAD; at += 1) words.add(places[at].word);
      if (words.size > most) [best, most] = [first, words.size];
    });
    const from = Math.min(Math.max(places[best].number - LEAD, 0), Math.max(starts.length - WINDOW, 0));
    const end = from + WINDOW < starts.length ? starts[from + WINDOW] - 1 : text.length;
    const out = pieces(text, starts[from], end, places);
    if (from > 0) out.unshift({ text: "… ", marked: false });
    if (end < text.length) out.push({ text: " …", marked: false });
    return out;
  }

  // suggest.rs: words that are there, for one that is not.

  suggest(found) {
    const suggestions = [];
    found.words.forEach((word, at) => {
      const first = word.spelling[0];
      if (word.matches.length > 0 || /[0-9]/.test(first)) return;
      const most = Math.max(Math.floor(word.spelling.length / 3), 2);
      const near = [];
      const { from, to } = this.beginningWith(first);
      for (let term = from; term < to; term += 1) {
        const slips = distance(word.spelling, this.terms[term]);
        if (slips <= most && slips < Math.floor(this.terms[term].length / 2)) near.push({ slips, bytes: this.postings[term].length, term });
      }
      near.sort((a, b) => a.slips - b.slips || b.bytes - a.bytes || a.term - b.term);
      for (const { term } of near.slice(0, 3)) {
        let document = -1;
        this.eachPosting(term, (number) => (document = document < 0 ? number : document));
        const spelt = this.speltIn(term, document);
        if (spelt === undefined) continue;
        suggestions.push({ word: spelt, query: found.words.map((other, index) => (index === at ? spelt : other.typed)).join(" ") });
      }
    });
    return suggestions.slice(0, 5);
  }

  speltIn(term, document) {
    for (const text of [this.titles[document], this.contexts[document], this.texts[document]]) {
      for (const { spellings } of chunks(text, this.sign)) {
        for (const { spelling, start, end } of spellings) if (spelling === this.terms[term]) return text.slice(start, end);
      }
    }
    return undefined;
  }
}

function pieces(text, from, to, places) {
  const marks = [];
  for (let { start, end } of places) {
    if (start < from || end > to) continue;
    while (marks.length > 0 && marks.at(-1).end > start) {
      const last = marks.pop();
      [start, end] = [Math.min(start, last.start), Math.max(end, last.end)];
    }
    marks.push({ start, end });
  }
  const out = [];
  let at = from;
  for (const { start, end } of marks) {
    out.push({ text: text.slice(at, start), marked: false }, { text: text.slice(start, end), marked: true });
    at = end;
  }
  out.push({ text: text.slice(at, to), marked: false });
  return out.filter((piece) => piece.text !== "");
}

// Optimal string alignment: one letter left out, put in, exchanged, or two neighbours swapped, and no place edited twice.
function distance(a, b) {
  const rows = [Array.from({ length: b.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= a.length; i += 1) {
    rows.push([i]);
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, rows[i - 2][j - 2] + 1);
      rows[i].push(least);
    }
  }
  return rows[a.length][b.length];
}

// The page, as templates/search.html has it.

function element(name, attributes, ...content) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(key, value);
  made.append(...content);
  return made;
}

function show(index, query, day) {
  const ROWS = 20;
  const found = index.search(query.q, day);
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
    const links = index.suggest(found).map(({ word, query }) => element("a", { href: link(query) }, word));
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
  title.append(element("a", { href: address(index.paths[document]) }, ...marked(index.mark(found, index.titles[document]))));
  title.append(" ", element("span", { class: "kind" }, kind.one));
  if (over && kind.over) title.append(" ", element("strong", { class: "status" }, kind.over));
  const item = element("li", { class: "entry" }, title);
  const context = marked(index.mark(found, index.contexts[document]));
  if (context.length > 0) item.append(element("p", { class: "entry-meta" }, ...context));
  const excerpt = marked(index.excerpt(found, index.texts[document]));
  if (excerpt.length > 0) item.append(element("p", { class: "entry-excerpt" }, ...excerpt));
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

// Under node, for the tests that compare both doors, there is no page.
if (typeof document === "undefined") {
  module.exports = { Index };
} else {
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
