//! `/lab/`: an experiment of the reader's own, from a form or as YAML, and what it would cost. Nothing runs by being looked at.
//!
//! The whole spec is in the address: `/lab/?spec=…` holds its YAML, and a form that is sent leads there.

mod draft;
mod plan;
mod refusal;
mod run;

use askama::Template;
use jiff::civil::Date;

use super::query::{self, Query};
use super::{Answer, CachePolicy, Kind, Request, Site, frame::Frame, prose};
use crate::diagnostics::{Diagnostic, SourceFile, Span};
use crate::lab::Experiment;
use crate::views::words;
use draft::Draft;
use plan::{Plan, Verdict};

pub use refusal::{Refusal, refusal};
pub(crate) use run::RESULT;
pub use run::{RunView, Stage, partial_curves, run_page, shown};

pub(super) const PATH: &str = "/lab/";

/// Without a server that runs experiments, the page has what needs none.
pub(crate) const KIND: Kind = Kind {
    answer: |request| (request.path == PATH).then(|| Page::blank(request, None).answer(200)),
    paths: |_| vec![PATH.to_owned()],
};

/// Longest spec that is read, in bytes: ten times the longest block of an article, and short enough for an address.
const LONGEST_SPEC: usize = 4_000;

/// Keys of a block that are no part of what is run.
const NO_PART: [&str; 4] = ["name", "title", "figures", "window"];

/// What the server lets visitors do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Most runs that wait.
    pub queue: usize,
    /// Most runs of one visitor that wait or run.
    pub visitor: usize,
    /// Longest run, in seconds of the estimate.
    pub seconds: f64,
}

/// How busy a server that runs experiments is.
pub struct Desk<'a> {
    /// Its limits.
    pub limits: Limits,
    /// The cores that a run has.
    pub threads: usize,
    /// Runs that wait or run, in their order.
    pub active: Vec<Recent>,
    /// Seconds until another run would begin.
    pub wait: f64,
    /// The last runs that ended, the newest first.
    pub recent: Vec<Recent>,
    /// What there is of this id.
    pub known: &'a dyn Fn(&str) -> Known,
}

/// The result of an id, if there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// It has not been run.
    Nothing,
    /// Its result is kept with the site, and this server has not run it.
    Pinned,
    /// This server has run it.
    Computed,
}

impl Desk<'_> {
    fn longest(&self) -> String {
        plan::duration(self.limits.seconds)
    }
}

/// A run in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recent {
    /// Name of its record.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What became of it: `Done`, `Waiting`.
    pub state: String,
}

/// Reads a spec that a visitor wrote.
///
/// # Errors
/// All that is wrong with it, with its places.
pub fn read_spec(text: &str) -> Result<Experiment, Vec<Diagnostic>> {
    let file = SourceFile::new("spec", text);
    if text.len() > LONGEST_SPEC {
        let message = format!("the spec has {} bytes, where the limit is {LONGEST_SPEC}", text.len());
        return Err(vec![
            Diagnostic::error(Span::start_of(&file), message).help("leave out what has its default anyway"),
        ]);
    }
    let (experiment, problems) = Experiment::parse(&file, text, 0);
    experiment.ok_or(problems)
}

/// The lab's page on a server that runs experiments, for a query (without `?`).
pub fn lab_page(site: &Site, day: Date, query: &str, desk: &Desk<'_>) -> Answer {
    let query = Query::parse(query);
    let request = Request::new(site, day, PATH, &query);
    if let Some(text) = query.whole("spec") {
        return Page::of_spec(&request, &text.replace("\r\n", "\n"), desk);
    }
    let Some(draft) = Draft::sent(&query) else { return Page::blank(&request, Some(desk)).answer(200) };
    let text = draft.yaml();
    match read_spec(&text) {
        // What the form means, under the one address that can be shared.
        Ok(_) => Answer { status: 303, cache: CachePolicy::NoStore, ..Answer::moved(address(&text)) },
        Err(problems) => {
            let mut page = Page::blank(&request, Some(desk));
            page.faults = problems.iter().map(|problem| Fault::new(problem, draft.field(problem))).collect();
            (page.draft, page.text, page.by_form) = (draft, text, true);
            page.answer(422)
        }
    }
}

/// What an experiment is called: its title, or what it compares.
pub fn name(experiment: &Experiment) -> String {
    plan::name(experiment)
}

/// The address of a run.
pub(super) fn run_address(id: &str) -> String {
    format!("/lab/runs/{id}/")
}

/// The address where a spec is ready to be run.
pub(super) fn address(text: &str) -> String {
    query::address(PATH, &[("spec", text.trim())])
}

/// Something that is wrong with what was written.
struct Fault {
    /// The field it is in; empty where it cannot be said.
    field: String,
    message: String,
    help: Option<String>,
    /// The line with the place marked.
    excerpt: String,
}

impl Fault {
    fn new(problem: &Diagnostic, field: String) -> Self {
        Self { field, message: problem.message.clone(), help: problem.help.clone(), excerpt: problem.render(false) }
    }
}

/// An experiment of an article.
struct Preset {
    title: String,
    article: String,
    figure: String,
    /// Where it is ready to be run.
    again: String,
    /// Where its result is shown, if there is one.
    result: Option<String>,
}

#[derive(Template)]
#[template(path = "lab.html")]
struct Page<'a> {
    frame: Frame<'a>,
    desk: Option<&'a Desk<'a>>,
    draft: Draft,
    /// The same as YAML, or what was written as YAML.
    text: String,
    faults: Vec<Fault>,
    /// Whether the faults are in the form, not in the YAML.
    by_form: bool,
    /// Whether the form can hold the spec that is shown.
    in_form: bool,
    plan: Option<Plan>,
    presets: Vec<Preset>,
}

impl<'a> Page<'a> {
    fn blank(request: &Request<'a>, desk: Option<&'a Desk<'a>>) -> Self {
        let description =
            "Optimizers on a task that this server really trains: choose, run, watch, and take the data away.";
        let frame = Frame::new(request, "Lab", description).unlisted(!request.query.is_empty());
        let draft = Draft::default();
        let (text, presets) = (draft.yaml(), presets(request.site));
        Self { frame, desk, draft, text, faults: Vec::new(), by_form: false, in_form: true, plan: None, presets }
    }

    fn of_spec(request: &Request<'a>, text: &str, desk: &'a Desk<'a>) -> Answer {
        let mut page = Self::blank(request, Some(desk));
        let draft = Draft::of_yaml(text);
        page.in_form = draft.is_some();
        page.draft = draft.unwrap_or_default();
        page.text = format!("{}\n", text.trim());
        match read_spec(&page.text) {
            Ok(experiment) => {
                let plan = Plan::new(request.site, &experiment, &page.text, desk);
                let status = if plan.is_possible() { 200 } else { 422 };
                page.plan = Some(plan);
                page.answer(status)
            }
            Err(problems) => {
                page.faults = problems.iter().map(|problem| Fault::new(problem, String::new())).collect();
                page.answer(422)
            }
        }
    }

    fn answer(&self, status: u16) -> Answer {
        let mut answer = Answer::html(status, self);
        if self.desk.is_some() {
            // The queue is another one at the next look.
            answer.cache = CachePolicy::NoStore;
        }
        answer
    }

    /// The fault of a field of the form.
    fn fault(&self, field: &str) -> Option<&Fault> {
        self.faults.iter().find(|fault| self.by_form && fault.field == field)
    }

    /// Attributes of a field that say whether something is wrong with it.
    fn state(&self, field: &str) -> crate::html::Html {
        let wrong = self.fault(field).map(|_| format!(" aria-invalid=\"true\" aria-describedby=\"{field}-fault\""));
        crate::html::Html::trusted(wrong.unwrap_or_default())
    }
}

/// The experiments of all articles, in their order.
fn presets(site: &Site) -> Vec<Preset> {
    let of = |article: &crate::archive::Article| {
        let (route, title) = (article.route.to_string(), article.source.title.clone());
        let blocks = prose::read(&site.archive, &site.views, &article.source.body, None).0.into_iter();
        let preset = move |block: prose::Block| {
            let id = site.results.id(&block.experiment).ok().filter(|id| site.results.records.contains_key(id));
            Preset {
                title: block.experiment.title.unwrap_or_else(|| format!("Figure {}", block.number)),
                article: title.to_string(),
                figure: format!("{route}#figure-{}", block.number),
                again: address(&block.text),
                result: id.map(|id| run_address(&id)),
            }
        };
        blocks.map(preset).collect::<Vec<_>>()
    };
    site.archive.articles.iter().flat_map(of).collect()
}

#[cfg(test)]
mod tests;
