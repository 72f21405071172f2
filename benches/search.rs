//! How long a search takes, and what the index costs, by the number of events.
//!
//! The documents are made up: titles and texts of words drawn by Zipf's law from as many words as such an archive has, people with two names,
//! days and numbers as in a real one. The same numbers come every time.
//!
//! ```sh
//! cargo bench --bench search            # 77, 1,000 and 10,000 events
//! cargo bench --bench search -- 10000
//! ```

use std::hint::black_box;
use std::time::Instant;

use jiff::civil::date;
use vdlm::compress;
use vdlm::search::{Document, Index, Kind, script};

/// Marsaglia's xorshift64 (2003).
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % n
    }

    /// A number below `n`, small ones more often: the chance of `k` falls as 1/k.
    fn zipf(&mut self, n: usize) -> usize {
        let unit = self.below(1 << 30) as f64 / (1_u64 << 30) as f64;
        (((n as f64).ln() * unit).exp() as usize).min(n) - 1
    }
}

/// The word of a rank: syllables, longer for rarer words.
fn word(rank: usize) -> String {
    const SYLLABLES: [&str; 40] = [
        "ne", "tra", "lear", "ning", "deep", "mo", "del", "vi", "sion", "da", "ta", "re", "for", "ce", "ment", "gra", "dient",
        "spee", "ch", "au", "di", "o", "trans", "mer", "en", "co", "der", "at", "ten", "tion", "gen", "er", "a", "tive", "lan",
        "gu", "age", "so", "pti", "mi",
    ];
    let (mut rest, mut word) = (rank + 40, String::new());
    while rest > 0 {
        word.push_str(SYLLABLES[rest * 7 % 40]);
        rest /= 40;
    }
    word
}

struct World {
    random: Random,
    /// Words of titles and texts.
    words: usize,
    names: Vec<String>,
}

impl World {
    fn words(&mut self, least: usize, most: usize) -> String {
        let count = least + self.random.below(most - least + 1);
        (0..count).map(|_| word(self.random.zipf(self.words))).collect::<Vec<_>>().join(" ")
    }

    fn name(&mut self) -> String {
        let person = self.random.zipf(self.names.len());
        self.names[person].clone()
    }
}

/// An archive of so many events: per event two talks, a speaker and a half, a quarter of a venue, and now and then a text.
fn documents(events: usize) -> Vec<Document> {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    const ENDINGS: [&str; 8] = ["er", "mann", "müller", "bauer", "ová", "ić", "son", "ley"];
    let mut name = || format!("{} {}{}", word(random.below(300)), word(300 + random.below(4000)), ENDINGS[random.below(8)]);
    let names = (0..events * 3 / 2).map(|_| name()).collect();
    let mut world = World { random, words: 3000 + events * 3, names };
    let mut all = Vec::new();
    for number in 1..=events {
        let day = date(2016, 1, 1).checked_add(jiff::Span::new().days((number % 36_000) as i64)).unwrap();
        let when = day.strftime("%-d %B %Y").to_string();
        let place = format!("{} {}", word(number % (events / 4 + 1)), number % 97);
        let mut event = Document::new(Kind::Meetup, format!("Meetup {number}: {}", world.words(2, 6)));
        event.context = format!("{when} · {place}");
        event.unseen = day.strftime("%Y%m%d").to_string();
        event.about = world.words(2, 6);
        event.text = world.words(20, 60);
        for _ in 0..2 {
            let mut talk = Document::new(Kind::Talk, world.words(3, 9));
            talk.context = format!("{} · Meetup {number} · {when}", world.name());
            talk.about = world.words(2, 6);
            event.text = format!("{} · {}", event.text, talk.title);
            all.push(talk);
        }
        all.push(event);
        if number % 25 == 0 {
            all.push(Document { text: world.words(400, 900), ..Document::new(Kind::Article, world.words(3, 7)) });
        }
        if number % 4 == 0 {
            all.push(Document { context: "3 meetups".to_owned(), ..Document::new(Kind::Venue, place) });
        }
    }
    for name in world.names.clone() {
        all.push(Document { about: world.words(1, 4), text: world.words(3, 12), ..Document::new(Kind::Person, name) });
    }
    all
}

/// Queries of each sort, with names and titles of the archive, and slips in them.
fn queries(documents: &[Document]) -> Vec<String> {
    let mut queries: Vec<String> = "abcdefghijklmnopqrstuvwxyz".chars().map(String::from).collect();
    for query in
        ["29", "meetup 29", "october 2019", "2019", "2019-10-29", "u-net", "c++", "the of and", "xylophonist", "a b c d e f g h"]
    {
        queries.push(query.to_owned());
    }
    let mut random = Random(42);
    for _ in 0..200 {
        let title = &documents[random.below(documents.len())].title;
        queries.push(title.clone());
        let words: Vec<&str> = title.split(' ').collect();
        let some = words[random.below(words.len())];
        queries.push(some.to_owned());
        queries.push(some.chars().take(3).collect());
        let mut letters: Vec<char> = some.chars().collect();
        let at = random.below(letters.len());
        letters[at] = 'x';
        queries.push(letters.iter().collect());
        letters.remove(at);
        queries.push(format!("{} {}", words[0], letters.iter().collect::<String>()));
    }
    queries
}

/// A query with the marks and excerpts of a page of results, as the server makes them.
fn search(index: &Index, documents: &[Document], query: &str) -> usize {
    let found = index.search(query, date(2026, 1, 1));
    for hit in found.hits.iter().take(20) {
        let document = &documents[hit.document];
        black_box(index.mark(&found, &document.title));
        black_box(index.mark(&found, &document.context));
        black_box(index.excerpt(&found, &document.shown()));
    }
    index.suggest(&found).len() + found.hits.len()
}

fn measure(events: usize) {
    let documents = documents(events);
    let text: usize = documents.iter().map(|d| d.title.len() + d.context.len() + d.about.len() + d.text.len()).sum();
    let input = documents.clone();
    let start = Instant::now();
    let index = Index::build(input);
    let built = start.elapsed();
    let count = documents.len();
    println!("{events} events: {count} documents of {} kB, {} spellings", text / 1000, index.terms());
    println!("  index: {built:.1?}, {} bytes an event, {} a document", index.bytes() / events, index.bytes() / count);
    let file = script(&index, documents.iter().map(|d| (format!("/talks/{}/", d.title.replace(' ', "-")), d.clone())));
    let (gzip, brotli) = (compress::gzip(&file).unwrap().len(), compress::brotli(&file).unwrap().len());
    println!("  file: {} kB, gzip {} kB, brotli {} kB", file.len() / 1000, gzip / 1000, brotli / 1000);
    let mut times: Vec<(f64, String)> = Vec::new();
    for query in queries(&documents) {
        // The best of three: other programs run beside this one.
        let time = || {
            let start = Instant::now();
            black_box(search(&index, &documents, &query));
            start.elapsed().as_secs_f64() * 1e3
        };
        times.push(((0..3).map(|_| time()).fold(f64::INFINITY, f64::min), query));
    }
    times.sort_by(|a, b| a.0.total_cmp(&b.0));
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].0;
    println!("  {} queries: median {:.2} ms, 95 % under {:.2} ms", times.len(), at(0.5), at(0.95));
    for (time, query) in times.iter().rev().take(5) {
        println!("    {time:.2} ms  {query}");
    }
}

fn main() {
    let sizes: Vec<usize> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![77, 1000, 10_000] } else { sizes };
    sizes.into_iter().for_each(measure);
}
