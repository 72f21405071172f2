//! The page for a request that the lab refuses: what the limit is, and what would fit.

use askama::Template;
use jiff::civil::Date;

use super::super::{Answer, CachePolicy, Query, Request, Site, frame::Frame};
use super::plan::duration_in_words;
use super::{PATH, address};
use crate::views::words;

/// Why a request is refused. `wait` is the estimated time in seconds until it may be granted.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    /// The maximum number of runs wait.
    QueueFull {
        /// Maximum number of runs that wait.
        limit: usize,
        /// Seconds.
        wait: f64,
    },
    /// The visitor or the network address has as many runs at a time as it may.
    TooMany {
        /// Maximum number of runs of one visitor, or of one network address.
        limit: usize,
        /// Set for the limit of an address, which several visitors may share.
        shared: bool,
        /// Ids of those that wait or run.
        runs: Vec<String>,
        /// Seconds.
        wait: f64,
    },
    /// The network address has started as many runs in the last hour as it may.
    HourlyRuns {
        /// Maximum number of runs.
        limit: usize,
        /// Seconds.
        wait: f64,
    },
    /// The network address has filled its share of the store in the last hour.
    HourlyBytes {
        /// The share, in bytes.
        limit: u64,
        /// Seconds.
        wait: f64,
    },
    /// The run would take too long.
    TooLarge {
        /// Estimate, in seconds.
        seconds: f64,
        /// Longest run, in seconds.
        limit: f64,
        /// Description of what would fit, as a clause.
        fits: String,
    },
    /// The result would be larger than the store.
    ResultTooLarge {
        /// Estimated size, in bytes.
        bytes: u64,
        /// Size of the store, in bytes.
        limit: u64,
    },
    /// The data are not here: a sentence without its full stop.
    NoData(String),
    /// The form is longer than this number of bytes.
    TooLong(usize),
    /// The request was made by a page of another site.
    OtherSite,
    /// Somebody else started the run.
    NotOwner,
}

impl Refusal {
    /// Returns the HTTP status.
    pub fn status(&self) -> u16 {
        match self {
            Refusal::QueueFull { .. }
            | Refusal::TooMany { .. }
            | Refusal::HourlyRuns { .. }
            | Refusal::HourlyBytes { .. } => 429,
            Refusal::TooLarge { .. } | Refusal::ResultTooLarge { .. } | Refusal::NoData(_) => 422,
            Refusal::TooLong(_) => 413,
            Refusal::OtherSite | Refusal::NotOwner => 403,
        }
    }

    /// Returns the whole seconds after which the same request may be granted.
    pub fn retry_after(&self) -> Option<u64> {
        match self {
            Refusal::QueueFull { wait, .. }
            | Refusal::TooMany { wait, .. }
            | Refusal::HourlyRuns { wait, .. }
            | Refusal::HourlyBytes { wait, .. } => Some(wait.ceil().max(1.0) as u64),
            _ => None,
        }
    }

    pub(super) fn title(&self) -> &'static str {
        match self {
            Refusal::QueueFull { .. } => "The queue is full",
            Refusal::TooMany { shared: true, .. } => "Your network has enough runs for now",
            Refusal::TooMany { .. } => "You have enough runs for now",
            Refusal::HourlyRuns { .. } | Refusal::HourlyBytes { .. } => "Your network has run enough for this hour",
            Refusal::TooLarge { .. } => "This run is too large",
            Refusal::ResultTooLarge { .. } => "The result would be too large",
            Refusal::NoData(_) => "This cannot be run here",
            Refusal::TooLong(_) => "This is too long",
            Refusal::OtherSite => "This came from another site",
            Refusal::NotOwner => "This run belongs to somebody else",
        }
    }

    pub(super) fn message(&self) -> String {
        let (runs, time) = (|limit: &usize| words::count(*limit, "run"), |seconds: &f64| duration_in_words(*seconds));
        match self {
            Refusal::QueueFull { limit, wait } => {
                format!("{} wait, which is the limit. The next place is free in about {}.", runs(limit), time(wait))
            }
            Refusal::TooMany { limit, wait, shared: true, .. } => format!(
                "Visitors at one network address may have {} waiting or running at a time. The first of them ends in \
                 about {}; then you can start this one.",
                runs(limit),
                time(wait)
            ),
            Refusal::TooMany { limit, wait, .. } => format!(
                "A visitor may have {} at a time. One of yours ends in about {}; then you can start this one.",
                runs(limit),
                time(wait)
            ),
            Refusal::HourlyRuns { limit, wait } => format!(
                "Visitors at one network address may start {} in an hour. You can start the next one in about {}. \
                 Results that are there already can be seen at any time.",
                runs(limit),
                time(wait)
            ),
            Refusal::HourlyBytes { limit, wait } => format!(
                "Visitors at one network address may add {} KB of results in an hour. Start a smaller run, or wait \
                 about {}.",
                limit >> 10,
                time(wait)
            ),
            Refusal::TooLarge { seconds, limit, fits } => {
                format!("It would take about {}, and the limit is {}: {fits}.", time(seconds), time(limit))
            }
            Refusal::ResultTooLarge { bytes, limit } => format!(
                "Its result would have about {} KB, and the limit for all results together is {} KB. Fewer steps, \
                 seeds or learning rates make it smaller.",
                bytes.div_ceil(1 << 10),
                limit >> 10
            ),
            Refusal::NoData(why) => format!("{why}."),
            Refusal::TooLong(limit) => format!("The limit is {limit} bytes. A spec usually has a few hundred."),
            Refusal::OtherSite => "Runs can be started and stopped only from the pages of this site.".to_owned(),
            Refusal::NotOwner => {
                "Only the person who started a run can stop it, in the browser it was started from.".to_owned()
            }
        }
    }
}

#[derive(Template)]
#[template(path = "lab_refused.html")]
struct Refused<'a> {
    frame: Frame<'a>,
    refusal: &'a Refusal,
    runs: &'a [String],
    /// Address where the spec can be changed.
    change: Option<String>,
}

/// Renders the page of a refusal; `text` is the spec that was sent.
pub fn refusal(site: &Site, day: Date, refusal: &Refusal, text: Option<&str>) -> Answer {
    let query = Query::default();
    let request = Request::new(site, day, PATH, &query);
    let frame =
        Frame::new(&request, refusal.title(), "Why the lab did not start or stop a run.").within(PATH).unlisted(true);
    let runs = if let Refusal::TooMany { runs, .. } = refusal { runs.as_slice() } else { &[] };
    let page = Refused { frame, refusal, runs, change: text.map(address) };
    let mut answer = Answer::html(refusal.status(), &page);
    answer.cache = CachePolicy::NoStore;
    answer
}
