// The index as src/search/script.rs writes it.
"use strict";

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
}
