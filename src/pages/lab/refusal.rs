//! What a visitor is told whose wish is refused: what the limit is, and what would fit.

use askama::Template;
use jiff::civil::Date;

use super::super::{Answer, CachePolicy, Query, Request, Site, frame::Frame};
use super::plan::{duration, fitting};
use super::{PATH, address};
use crate::lab::Spec;
use crate::views::words;

/// Why a wish is refused.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    /// The queue holds as many runs as it may; about so many seconds until the next one ends.
    Full {
        /// Most runs that wait.
        limit: usize,
        /// Seconds after which there may be a place.
        wait: f64,
    },
    /// The visitor has as many runs as one may have; their ids.
    TooMany {
        /// Most runs of one visitor, or of one network address.
        limit: usize,
        /// Whether it is the limit of an address, which several visitors may share.
        shared: bool,
        /// Those that wait or run.
        runs: Vec<String>,
        /// Seconds after which one of them may have ended.
        wait: f64,
    },
    /// The run would take too long.
    TooLarge {
        /// Longest run, in seconds of the estimate.
        limit: f64,
        /// Cores that a run has.
        threads: usize,
        /// What was asked for.
        spec: Box<Spec>,
    },
    /// The result would be larger than all results together may be; both in bytes.
    NoRoom {
        /// Of this result, about.
        bytes: u64,
        /// Of all that are kept.
        most: u64,
    },
    /// The data are not here.
    NoData(String),
    /// What was sent is longer than this number of bytes.
    TooLong(usize),
    /// The request was made by a page of another site.
    Elsewhere,
    /// Somebody else started the run.
    NotYours,
}

impl Refusal {
    /// The status of HTTP that says so.
    pub fn status(&self) -> u16 {
        match self {
            Refusal::Full { .. } | Refusal::TooMany { .. } => 429,
            Refusal::TooLarge { .. } | Refusal::NoRoom { .. } | Refusal::NoData(_) => 422,
            Refusal::TooLong(_) => 413,
            Refusal::Elsewhere | Refusal::NotYours => 403,
        }
    }

    /// Whole seconds after which the same wish may be granted.
    pub fn retry_after(&self) -> Option<u64> {
        match self {
            Refusal::Full { wait, .. } | Refusal::TooMany { wait, .. } => Some(wait.ceil().max(1.0) as u64),
            _ => None,
        }
    }

    fn title(&self) -> &'static str {
        match self {
            Refusal::Full { .. } => "The queue is full",
            Refusal::TooMany { shared: true, .. } => "Your network has enough runs for now",
            Refusal::TooMany { .. } => "You have enough runs for now",
            Refusal::TooLarge { .. } => "This run is too large",
            Refusal::NoRoom { .. } => "There is no room for its result",
            Refusal::NoData(_) => "This cannot be run here",
            Refusal::TooLong(_) => "This is too long",
            Refusal::Elsewhere => "This came from another site",
            Refusal::NotYours => "This run is somebody else's",
        }
    }

    fn words(&self) -> String {
        match self {
            Refusal::Full { limit, wait } => format!(
                "{} wait already, and the limit is {limit}. The next place is free in about {}.",
                words::count(*limit, "run"),
                duration(*wait)
            ),
            Refusal::TooMany { limit, wait, shared: true, .. } => format!(
                "Visitors of one network address may have {} at a time that wait or run. The first of them ends in about {}; then this one \
                 fits.",
                words::count(*limit, "run"),
                duration(*wait)
            ),
            Refusal::TooMany { limit, wait, .. } => format!(
                "A visitor may have {} at a time that wait or run. One of yours ends in about {}; then this one fits.",
                words::count(*limit, "run"),
                duration(*wait)
            ),
            Refusal::TooLarge { limit, threads, spec } => format!(
                "It would take about {}, and the limit is {}: {}.",
                duration(spec.seconds(*threads)),
                duration(*limit),
                fitting(spec, *limit, *threads)
            ),
            Refusal::NoRoom { bytes, most } => format!(
                "It would have about {} KB, and the limit for all results together is {} KB. A run with fewer seeds, rates or epochs has a \
                 smaller one.",
                bytes.div_ceil(1 << 10),
                most >> 10
            ),
            Refusal::NoData(why) => format!("{why}."),
            Refusal::TooLong(limit) => format!("The limit is {limit} bytes. A spec has a few hundred."),
            Refusal::Elsewhere => "Runs are started and stopped from the pages of this site only.".to_owned(),
            Refusal::NotYours => "Only who started a run can stop it, in the browser it was started from.".to_owned(),
        }
    }
}

#[derive(Template)]
#[template(path = "lab_refused.html")]
struct Refused<'a> {
    frame: Frame<'a>,
    refusal: &'a Refusal,
    runs: &'a [String],
    /// Where what was asked for can be changed.
    change: Option<String>,
}

/// The page that says so; `text` is the spec that was sent.
pub fn refusal(site: &Site, day: Date, refusal: &Refusal, text: Option<&str>) -> Answer {
    let query = Query::default();
    let request = Request::new(site, day, PATH, &query);
    let frame = Frame::new(&request, refusal.title(), "Why the lab did not do what was asked of it.")
        .within(PATH)
        .unlisted(true);
    let runs = if let Refusal::TooMany { runs, .. } = refusal { runs.as_slice() } else { &[] };
    let page = Refused { frame, refusal, runs, change: text.map(address) };
    let mut answer = Answer::html(refusal.status(), &page);
    answer.cache = CachePolicy::NoStore;
    answer
}
