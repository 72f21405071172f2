// The search of an export, where no server answers: the same index, the same order, the same page as the live site's. Only the exported
// search page loads these scripts, one after the other since a page that was opened from disk may load no modules, and the index comes when
// something is searched for. It is a script that calls searchIndex, and not data by themselves, because such a page may fetch nothing.
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

const isSilent = (before, c) => (c === "e" && "aou".includes(before ?? " ")) || (c === "s" && before === "s");

function spelling(word) {
  if (/^[0-9]+$/.test(word)) return (word.replace(/^0+/, "") || "0").slice(0, LONGEST);
  let out = "";
  let before = " ";
  for (const c of word) {
    if (!isSilent(before, c)) out += c;
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
