// What is shown of what was found.
"use strict";

// marks.rs: where the words are in a text.

function placesOf(index, found, text) {
  const places = [];
  for (const { spellings } of chunks(text, index.sign)) {
    for (const { spelling, start, end } of spellings) {
      const number = index.number(spelling);
      const word = number < 0 ? -1 : found.words.findIndex((word) => means(word, number));
      if (word >= 0) places.push({ start, end, word });
    }
  }
  return places;
}

function mark(index, found, text) {
  return pieces(text, 0, text.length, placesOf(index, found, text));
}

function excerpt(index, found, text) {
  const [WINDOW, LEAD] = [28, 7];
  const places = placesOf(index, found, text);
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

// suggest.rs: words that are there, for one that is not.

function suggest(index, found) {
  const suggestions = [];
  found.words.forEach((word, at) => {
    const first = word.spelling[0];
    if (word.matches.length > 0 || /[0-9]/.test(first)) return;
    const most = Math.max(Math.floor(word.spelling.length / 3), 2);
    const near = [];
    const { from, to } = index.beginningWith(first);
    for (let term = from; term < to; term += 1) {
      const slips = distance(word.spelling, index.terms[term]);
      if (slips <= most && slips < Math.floor(index.terms[term].length / 2)) near.push({ slips, bytes: index.postings[term].length, term });
    }
    near.sort((a, b) => a.slips - b.slips || b.bytes - a.bytes || a.term - b.term);
    for (const { term } of near.slice(0, 3)) {
      let document = -1;
      index.eachPosting(term, (number) => (document = document < 0 ? number : document));
      const spelt = speltIn(index, term, document);
      if (spelt === undefined) continue;
      suggestions.push({ word: spelt, query: found.words.map((other, index) => (index === at ? spelt : other.typed)).join(" ") });
    }
  });
  return suggestions.slice(0, 5);
}

function speltIn(index, term, document) {
  for (const text of [index.titles[document], index.contexts[document], index.texts[document]]) {
    for (const { spellings } of chunks(text, index.sign)) {
      for (const { spelling, start, end } of spellings) if (spelling === index.terms[term]) return text.slice(start, end);
    }
  }
  return undefined;
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
