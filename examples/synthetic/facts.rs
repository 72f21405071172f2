//! An invented archive: about two talks an event, people who come again, venues, topics, a hot topic, an offer or an
//! announcement now and then.

use jiff::ToSpan;
use jiff::civil::{Date, date};

use super::words;

/// The day of the last event.
const LAST_DAY: Date = date(2026, 12, 17);
/// Days over which the events are spread, at most.
const SPAN: usize = 7300;
/// Days between events, at most.
const APART: usize = 48;
/// Of ten speakers, how many have spoken before.
const RETURNING: u64 = 4;
/// One event in so many has an article.
const ARTICLES: usize = 5;
/// One event in so many has an offer.
const JOBS: usize = 10;
/// One event in so many has an announcement.
const ANNOUNCEMENTS: usize = 20;

/// All of it.
pub(crate) struct Facts {
    pub(crate) events: Vec<Event>,
    pub(crate) people: Vec<Person>,
    pub(crate) venues: Vec<Venue>,
}

pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) institution: &'static str,
    /// The first event at which the person spoke.
    pub(crate) first: usize,
}

pub(crate) struct Venue {
    pub(crate) name: String,
    pub(crate) address: String,
}

pub(crate) struct Event {
    /// From 1.
    pub(crate) number: usize,
    pub(crate) date: Date,
    /// Index of the venue.
    pub(crate) venue: usize,
    pub(crate) topic: &'static str,
    pub(crate) talks: Vec<Talk>,
    pub(crate) article: Option<Article>,
    pub(crate) job: Option<Job>,
    pub(crate) announcement: Option<Announcement>,
}

pub(crate) struct Talk {
    pub(crate) title: String,
    /// Indices of people.
    pub(crate) speakers: Vec<usize>,
    pub(crate) tags: Vec<&'static str>,
    pub(crate) slides: bool,
    pub(crate) video: bool,
    /// One paragraph.
    pub(crate) note: String,
}

pub(crate) struct Article {
    pub(crate) slug: String,
    pub(crate) title: String,
    pub(crate) presenter: usize,
    pub(crate) tag: &'static str,
    pub(crate) paragraphs: Vec<String>,
}

pub(crate) struct Job {
    pub(crate) slug: String,
    pub(crate) title: String,
    pub(crate) company: &'static str,
    pub(crate) expires: Date,
    pub(crate) paragraphs: Vec<String>,
}

pub(crate) struct Announcement {
    pub(crate) slug: String,
    pub(crate) title: String,
    pub(crate) date: Date,
    pub(crate) paragraphs: Vec<String>,
}

/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): small, and the same on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }

    fn paragraph(&mut self) -> String {
        let sentences = 3 + self.below(4);
        let sentence = |random: &mut Self| {
            let (who, what) = (random.pick(&words::SUBJECTS), random.pick(&words::VERBS));
            format!("{who} {what} {} {}.", random.pick(&words::OBJECTS), random.pick(&words::CIRCUMSTANCES))
        };
        (0..sentences).map(|_| sentence(self)).collect::<Vec<_>>().join(" ")
    }

    fn paragraphs(&mut self, count: usize) -> Vec<String> {
        (0..count).map(|_| self.paragraph()).collect()
    }

    fn title(&mut self) -> String {
        let (start, middle) = (self.pick(&words::TITLE_STARTS), self.pick(&words::TITLE_MIDDLES));
        format!("{start} {middle} for {}", self.pick(&words::TITLE_ENDS))
    }
}

impl Facts {
    /// The archive of so many events.
    pub(crate) fn invent(count: usize) -> Self {
        let mut random = Random(count as u64);
        let venues = venues(count, &mut random);
        let mut facts = Self { events: Vec::new(), people: Vec::new(), venues };
        let span = SPAN.min(count * APART);
        for index in 0..count {
            let before = span - (index + 1) * span / count;
            let date = LAST_DAY.saturating_sub(i64::try_from(before).unwrap_or(0).days());
            let event = facts.event(index + 1, date, &mut random);
            facts.events.push(event);
        }
        facts
    }

    fn event(&mut self, number: usize, date: Date, random: &mut Random) -> Event {
        let talks = (0..1 + random.below(3)).map(|_| self.talk(number, random)).collect();
        let venue = random.below(self.venues.len());
        let topic = random.pick(&words::TOPICS).0;
        let article = number.is_multiple_of(ARTICLES).then(|| {
            let title = random.title();
            let (presenter, tag) = (self.speaker(number, &[], random), random.pick(&words::TOPICS).0);
            Article { slug: format!("note-{number}"), title, presenter, tag, paragraphs: random.paragraphs(3) }
        });
        let job = (number % JOBS == 3).then(|| Job {
            slug: format!("offer-{number}"),
            title: format!("Engineer for {}", random.pick(&words::TITLE_ENDS)),
            company: random.pick(&words::INSTITUTIONS),
            expires: date.saturating_add(60.days()),
            paragraphs: random.paragraphs(2),
        });
        let announcement = (number % ANNOUNCEMENTS == 7).then(|| Announcement {
            slug: format!("workshop-{number}"),
            title: format!("Workshop on {}", random.pick(&words::TITLE_ENDS)),
            date: date.saturating_add(20.days()),
            paragraphs: random.paragraphs(2),
        });
        Event { number, date, venue, topic, talks, article, job, announcement }
    }

    fn talk(&mut self, number: usize, random: &mut Random) -> Talk {
        let mut speakers = vec![self.speaker(number, &[], random)];
        if random.below(7) == 0 {
            speakers.push(self.speaker(number, &speakers, random));
        }
        let mut tags: Vec<&str> = (0..1 + random.below(2)).map(|_| random.pick(&words::TOPICS).0).collect();
        tags.dedup();
        let (slides, video) = (random.below(10) < 7, random.below(10) < 3);
        Talk { title: random.title(), speakers, tags, slides, video, note: random.paragraph() }
    }

    /// Somebody who has spoken before, or somebody new.
    fn speaker(&mut self, number: usize, but: &[usize], random: &mut Random) -> usize {
        if random.next() % 10 < RETURNING && !self.people.is_empty() {
            let again = random.below(self.people.len());
            if !but.contains(&again) {
                return again;
            }
        }
        let index = self.people.len();
        self.people.push(Person { name: name(index), institution: random.pick(&words::INSTITUTIONS), first: number });
        index
    }
}

/// The name of the person with that index: all are different up to 60 · 40 · 20 people.
fn name(index: usize) -> String {
    let (firsts, starts, ends) = (words::FIRST_NAMES.len(), words::NAME_STARTS.len(), words::NAME_ENDS.len());
    // Steps that share no factor with the count go through all of them before one comes again.
    let mixed = (index * 17_389) % (firsts * starts * ends);
    let (first, rest) = (mixed % firsts, mixed / firsts);
    format!("{} {}{}", words::FIRST_NAMES[first], words::NAME_STARTS[rest % starts], words::NAME_ENDS[rest / starts])
}

/// About one for eight events; no city has more than a few hundred.
fn venues(events: usize, random: &mut Random) -> Vec<Venue> {
    let count = (5 + events / 8).min(300);
    let kinds = words::VENUE_KINDS.len();
    let venue = |index: usize| {
        let (kind, street) =
            (words::VENUE_KINDS[index % kinds], words::STREETS[(index / kinds) % words::STREETS.len()]);
        let house = 1 + index / (kinds * words::STREETS.len());
        let address = format!("{street} {house}, {}0 Wien", 101 + random.below(23));
        Venue { name: format!("{kind} {street} {house}"), address }
    };
    (0..count).map(venue).collect()
}
