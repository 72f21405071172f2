// From a query to documents in their order.
"use strict";

// edits.rs: the words that are one slip away.

const SHORTEST = 4;
const SHORTEST_JOINED = 6;

const forgiven = (word) => word.length >= SHORTEST && !/[0-9]/.test(word);

function edits(word) {
  const found = [];
  const give = (before, middle, after) => isNear(before, middle, after) && found.push(before + middle + after);
  for (let at = 0; at <= word.length; at += 1) {
    const [before, after] = [word.slice(0, at), word.slice(at)];
    if (after !== "") give(before, "", after.slice(1));
    if (after.length > 1) give(before, after[1] + after[0], after.slice(2));
    for (const c of "abcdefghijklmnopqrstuvwxyz") {
      if (after !== "") give(before, c, after.slice(1));
      give(before, c, after);
    }
  }
  return found;
}

function isNear(before, middle, after) {
  const word = before + middle + after;
  let [heard, joins] = [0, false];
  for (let at = 0; at < word.length; at += 1) {
    if (!isSilent(word[at - 1], word[at])) heard += 1;
    else if (at >= before.length && at <= before.length + middle.length) joins = true;
  }
  return heard >= (joins ? SHORTEST_JOINED : SHORTEST);
}

// ask.rs: a query as words, and the spellings that each stands for.

function askedWords(index, query) {
  query = [...query].slice(0, 200).join("");
  const words = [];
  const word = (start, end, letters, parts) => ({ typed: query.slice(start, end), letters, spelling: spelling(letters), open: false, matches: [], parts });
  for (const { parts, joined, start, end } of chunks(query, index.sign)) {
    const apart = parts.map((part) => word(part.start, part.end, part.letters, []));
    if (joined && index.number(spelling(joined)) >= 0) words.push(word(start, end, joined, /^[0-9]+$/.test(joined) ? [] : apart));
    else words.push(...apart);
  }
  if (words.length > 0) {
    const last = words.at(-1);
    last.open = true;
    if (last.parts.length > 0) last.parts.at(-1).open = true;
  }
  for (const word of words) word.parts = telling(index, word.parts);
  return telling(index, words);
}

function telling(index, words) {
  const seen = new Set();
  const once = words.filter((word) => !seen.has(word.spelling) && seen.add(word.spelling));
  const loud = once.filter((word) => !index.quiet.has(word.letters));
  return (loud.length > 0 ? loud : once).slice(0, 8);
}

const means = (word, term) => word.matches.some(({ from, to }) => from <= term && term < to) || word.parts.some((part) => means(part, term));

function lookUp(index, word, near) {
  word.matches = [];
  for (const part of word.parts) lookUp(index, part, false);
  const add = (from, to, share, near, whole) => from < to && word.matches.push({ from, to, share, near, whole });
  const one = (spelling, share, near) => {
    const number = index.number(spelling);
    if (number >= 0) add(number, number + 1, () => share, near, !near);
    return number >= 0;
  };
  const beginning = (spelling, least, more, near) => {
    const { from, to } = index.beginningWith(spelling);
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

const AS_WRITTEN = 2 ** 31;
const APART = 2 ** 30;

function search(index, query, day) {
  const words = askedWords(index, query);
  let sums = sumsOf(index, words, false);
  const all = sums.filter((sum) => sum.words === words.length).length;
  if (all < 5 && words.some((word) => forgiven(word.letters))) sums = sumsOf(index, words, true);
  const matched = sums.reduce((most, sum) => Math.max(most, sum.words), 0);
  const over = (document) => index.documents[document].until !== null && index.documents[document].until < day;
  const hits = [];
  const named = words.length === 1 ? index.number(words[0].spelling) : -1;
  sums.forEach((sum, document) => {
    if (matched === 0 || sum.words !== matched) return;
    const kind = index.kinds[index.documents[document].kind];
    const closed = kind.slug === "jobs" && over(document);
    const other = named < 0 || index.documents[document].key !== named;
    const later = (other ? 16 : 0) + (sum.near ? 8 : 0) + (sum.apart ? 4 : 0) + (closed ? 2 : 0) + (sum.titles < sum.words ? 1 : 0);
    hits.push({ document, kind, near: sum.near, over: over(document), later, score: sum.score });
  });
  hits.sort((a, b) => a.later - b.later || b.score - a.score || a.document - b.document);
  return { words, matched, hits };
}

function sumsOf(index, words, near) {
  const sums = index.documents.map(() => ({ score: 0, words: 0, titles: 0, near: false, apart: false }));
  for (const word of words) {
    lookUp(index, word, near);
    weigh(index, word).forEach((value, document) => {
      if (value === 0) return;
      const sum = sums[document];
      sum.words += 1;
      sum.score += Math.floor((value % APART) / 2);
      sum.titles += value % 2;
      sum.near ||= value < APART;
      sum.apart ||= value >= APART && value < AS_WRITTEN;
    });
  }
  return sums;
}

// Of several spellings, the one that needs no slip counts, then all parts one by one, then the heaviest, then one in the title.
function weigh(index, word) {
  const best = new Float64Array(index.documents.length);
  for (const { from, to, share, near, whole } of word.matches) {
    for (let term = from; term < to; term += 1) {
      const part = share(index.terms[term].length);
      index.eachPosting(term, (document, weight, inTitle) => {
        const value = (near ? 0 : AS_WRITTEN) + weight * part * 2 + (inTitle && whole ? 1 : 0);
        if (value > best[document]) best[document] = value;
      });
    }
  }
  if (word.parts.length === 0) return best;
  const parts = word.parts.map((part) => weigh(index, part));
  best.forEach((value, document) => {
    if (parts.some((part) => part[document] === 0)) return;
    const values = parts.map((part) => part[document] % APART);
    const inTitle = values.every((value) => value % 2 === 1) ? 1 : 0;
    best[document] = Math.max(value, APART + inTitle + values.reduce((sum, value) => sum + value - (value % 2), 0));
  });
  return best;
}
