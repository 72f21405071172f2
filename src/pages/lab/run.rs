//! `/lab/runs/<id>/`: a run from its place in the queue to its figures. The files of a result are in [`result`].

use std::collections::BTreeSet;

use askama::Template;
use jiff::civil::Date;

use super::super::{Answer, CachePolicy, Kind, Query, Request, Site, frame::Frame};
use super::{Blocks, DISPLAY_KEYS, PATH, duration_in_words, plan, run_address};
use crate::chart;
use crate::formats::result;
use crate::html::Html;
use crate::lab::{Experiment, Outcome, Record, Spec};
use crate::prose::{Figure, pairs};
use crate::views::words;

/// Results that are there, for a site without a server that runs experiments.
pub(crate) const RESULT: Kind = Kind {
    answer: |request| {
        let id = request.path.strip_prefix("/lab/runs/")?.strip_suffix('/')?;
        let record = request.site.results.records.get(id)?;
        let blocks = Blocks::of(request.site);
        let experiment = blocks.experiment_of(record);
        let status = RunStatus::Done { record, pinned: true, compared: None };
        let view = RunView {
            id,
            experiment: &experiment,
            text: None,
            status,
            is_owner: false,
            is_live: false,
            blocks: &blocks,
        };
        Some(page(request, &view))
    },
    paths: |site| {
        // Several figures may show one experiment.
        let ids: BTreeSet<String> = result::shown(site).into_iter().map(|(id, _)| id).collect();
        ids.iter().filter(|id| site.results.records.contains_key(*id)).map(|id| run_address(id)).collect()
    },
};

/// Seconds after which the page of an unfinished run reloads where there is no JavaScript.
const REFRESH: u32 = 3;

/// A run, as its page shows it.
pub struct RunView<'a> {
    /// Id of its record.
    pub id: &'a str,
    /// The experiment, and how it is shown.
    pub experiment: &'a Experiment,
    /// The YAML it came from, where that is known.
    pub text: Option<&'a str>,
    /// Its status.
    pub status: RunStatus<'a>,
    /// Set if the visitor who looks has started it.
    pub is_owner: bool,
    /// Set if there is a server that could run it again.
    pub is_live: bool,
    /// The experiments of the site's articles.
    pub blocks: &'a Blocks,
}

/// Status of a run.
pub enum RunStatus<'a> {
    /// The number of runs before it, and the estimated seconds until it begins.
    Waiting(usize, f64),
    /// It is running.
    Running {
        /// Steps made.
        done: u64,
        /// Steps of the whole run.
        total: u64,
        /// Estimated seconds until it ends.
        seconds_left: f64,
        /// The curves so far, from [`partial_curves`].
        curves: Html,
    },
    /// There is a result.
    Done {
        /// The result.
        record: &'a Record,
        /// Set if it is pinned beside the content.
        pinned: bool,
        /// A run of this server against the pinned result: seconds it took, and the first difference, if there is one.
        compared: Option<(f64, Option<String>)>,
    },
    /// It ended without a result.
    Ended {
        /// A sentence.
        reason: String,
        /// The curves that there were, from [`partial_curves`].
        curves: Html,
    },
}

impl RunStatus<'_> {
    /// Returns a sentence for the page and for announcements.
    pub fn message(&self) -> String {
        match self {
            RunStatus::Waiting(0, _) => "Waiting: it is next.".to_owned(),
            RunStatus::Waiting(before, _) => format!("Waiting: {} before it.", words::count(*before, "run")),
            RunStatus::Running { .. } => "Running on this server.".to_owned(),
            RunStatus::Done { pinned: true, .. } => "Done: the result is kept with this site.".to_owned(),
            RunStatus::Done { .. } => "Done.".to_owned(),
            RunStatus::Ended { reason, .. } => reason.clone(),
        }
    }

    /// Returns a sentence with the time until it begins or ends.
    pub fn time_left(&self) -> String {
        match self {
            RunStatus::Waiting(_, seconds) => format!("It begins in about {}.", duration_in_words(*seconds)),
            RunStatus::Running { seconds_left, .. } => format!("About {} left.", duration_in_words(*seconds_left)),
            RunStatus::Done { .. } | RunStatus::Ended { .. } => String::new(),
        }
    }

    fn is_final(&self) -> bool {
        matches!(self, RunStatus::Done { .. } | RunStatus::Ended { .. })
    }

    fn progress(&self) -> (u64, u64) {
        match self {
            RunStatus::Running { done, total, .. } => (*done, *total),
            _ => (0, 1),
        }
    }

    fn curves(&self) -> Html {
        match self {
            RunStatus::Running { curves, .. } | RunStatus::Ended { curves, .. } => curves.clone(),
            _ => Html::default(),
        }
    }
}

#[derive(Template)]
#[template(path = "lab_run.html")]
struct RunPage<'a> {
    frame: Frame<'a>,
    view: &'a RunView<'a>,
    title: String,
    spec: Vec<(String, String)>,
    text: Option<String>,
    /// Address where it can be changed and run.
    change: Option<String>,
    /// The article that shows it: address and title.
    article: Option<(&'a str, &'a str)>,
    figure: Option<Html>,
}

/// Renders the page of a run.
pub fn run_page(site: &Site, day: Date, view: &RunView<'_>) -> Answer {
    let (path, query) = (run_address(view.id), Query::default());
    page(&Request::new(site, day, &path, &query), view)
}

/// Draws the curves so far; nothing for kinds that have none before their end.
pub fn partial_curves(spec: &Spec, outcome: &Outcome) -> Html {
    chart::panels(&chart::draw_partial(spec, outcome, "so-far"))
}

fn page(request: &Request<'_>, view: &RunView<'_>) -> Answer {
    let block = view.blocks.find(&view.experiment.spec);
    let title = view.experiment.title.clone();
    let title = title.or_else(|| block?.experiment.title.clone()).unwrap_or_else(|| plan::name(view.experiment));
    let text = view.text.or_else(|| block.map(|block| block.text.as_str()));
    let frame =
        Frame::new(request, title.clone(), "An experiment of the lab: its settings, its progress and its result.");
    let page = RunPage {
        frame: frame.within(PATH).unlisted(true),
        view,
        spec: spec_of(text, &view.experiment.spec),
        change: text.map(super::address).filter(|_| view.is_live),
        article: block.map(|block| (block.figure.as_str(), block.article.as_str())),
        figure: figure(view, &title),
        text: text.map(str::to_owned),
        title,
    };
    let mut answer = Answer::html(200, &page);
    if view.is_live {
        answer.cache = CachePolicy::NoStore;
    }
    answer
}

/// Returns the settings as they were written, or the kind alone where the text is not known.
fn spec_of(text: Option<&str>, spec: &Spec) -> Vec<(String, String)> {
    let mut shown = text.map_or_else(|| vec![("experiment".to_owned(), spec.kind().to_owned())], pairs);
    shown.retain(|(key, _)| !DISPLAY_KEYS.contains(&key.as_str()));
    shown
}

fn figure(view: &RunView<'_>, title: &str) -> Option<Html> {
    let RunStatus::Done { record, .. } = &view.status else { return None };
    let figure = Figure::pending("", Some(title), 1);
    figure.drawn(record, view.experiment, "vdlm lab run spec.yaml".to_owned(), None).render().ok().map(Html::trusted)
}
