//! `/lab/`: an experiment of the reader's own, from a form or as YAML, and its cost. Looking at it runs nothing.
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
use crate::lab::{Estimator, Experiment, Record, Spec, Task};
use crate::views::words;
use draft::Draft;
use plan::{Plan, Verdict};

pub use plan::duration_in_words;

pub use refusal::{Refusal, refusal};
pub(crate) use run::RESULT;
pub use run::{RunStatus, RunView, partial_curves, run_page};

pub(super) const PATH: &str = "/lab/";

/// Without a server that runs experiments, the page has what needs none.
pub(crate) const KIND: Kind = Kind {
    answer: |request| (request.path == PATH).then(|| Page::blank(request, None).answer(200)),
    paths: |_| vec![PATH.to_owned()],
};

/// Maximum length of a spec, in bytes: ten times the longest block of an article, and short enough for an address.
const MAX_SPEC: usize = 4_000;

/// Keys of a block that do not change what is run.
const DISPLAY_KEYS: [&str; 4] = ["name", "title", "figures", "window"];

/// Limits of what visitors may run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Maximum number of runs that wait.
    pub queue: usize,
    /// Maximum number of runs of one visitor that wait or run.
    pub per_visitor: usize,
    /// Maximum number of runs that one network address starts in an hour.
    pub per_hour: usize,
    /// Longest run, in estimated seconds.
    pub seconds: f64,
    /// Maximum size of all computed results, in bytes.
    pub store_bytes: u64,
}

/// State of a server that runs experiments.
pub struct LabStatus<'a> {
    /// Its limits.
    pub limits: Limits,
    /// Estimates of its speed.
    pub estimator: &'a Estimator,
    /// The experiments of its articles.
    pub blocks: &'a Blocks,
    /// Runs that wait or run, in their order.
    pub active: Vec<ListedRun>,
    /// Estimated seconds until another run would begin.
    pub seconds: f64,
    /// The last runs that ended, the newest first.
    pub recent: Vec<ListedRun>,
    /// Returns which results of an id there are.
    pub result_status: &'a dyn Fn(&str) -> ResultStatus,
}

/// Which results of an experiment there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResultStatus {
    /// None.
    Missing,
    /// One is pinned beside the content, and this server has not run the experiment.
    Pinned,
    /// This server has run it.
    Computed,
}

impl LabStatus<'_> {
    fn longest(&self) -> String {
        duration_in_words(self.limits.seconds)
    }

    fn threads(&self) -> usize {
        self.estimator.threads()
    }
}

/// A run in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedRun {
    /// Id of its record.
    pub id: String,
    /// Its title.
    pub title: String,
    /// `Done`, `Waiting`, or why it ended.
    pub state: String,
}

/// The experiments of all articles, in their order.
#[derive(Debug)]
pub struct Blocks(Vec<ArticleBlock>);

/// An experiment of an article.
#[derive(Debug)]
struct ArticleBlock {
    article: String,
    /// Address of its figure.
    figure: String,
    number: usize,
    text: String,
    experiment: Experiment,
}

impl Blocks {
    /// Reads the articles of a site.
    pub fn of(site: &Site) -> Self {
        let of = |article: &crate::archive::Article| {
            let (route, title) = (article.route.to_string(), article.source.title.to_string());
            let blocks = prose::read(&site.archive, &site.views, &article.source.body, None).0.into_iter();
            let block = move |prose::Block { number, text, experiment }| {
                let figure = format!("{route}#figure-{number}");
                ArticleBlock { article: title.clone(), figure, number, text, experiment }
            };
            blocks.map(block).collect::<Vec<_>>()
        };
        Self(site.archive.articles.iter().flat_map(of).collect())
    }

    fn find(&self, spec: &Spec) -> Option<&ArticleBlock> {
        self.0.iter().find(|block| block.experiment.spec == *spec)
    }

    /// Returns what a record shows: what its article asks for, or all it has.
    pub fn experiment_of(&self, record: &Record) -> Experiment {
        let spec = &record.recipe.spec;
        self.find(spec).map_or_else(|| Experiment::of(spec.clone()), |block| block.experiment.clone())
    }
}

/// Reads a spec that a visitor wrote.
///
/// # Errors
/// All that is wrong with it, with its places.
pub fn read_spec(text: &str) -> Result<Experiment, Vec<Diagnostic>> {
    let file = SourceFile::new("spec", text);
    if text.len() > MAX_SPEC {
        let message = format!("the spec has {} bytes, where the limit is {MAX_SPEC}", text.len());
        return Err(vec![
            Diagnostic::error(Span::start_of(&file), message).help("leave out what has its default anyway"),
        ]);
    }
    let (experiment, problems) = Experiment::parse(&file, text, 0);
    experiment.ok_or(problems)
}

/// Renders the lab's page on a server that runs experiments, for a query (without `?`).
pub fn lab_page(site: &Site, day: Date, query: &str, lab: &LabStatus<'_>) -> Answer {
    let query = Query::parse(query);
    let request = Request::new(site, day, PATH, &query);
    if let Some(text) = query.whole("spec") {
        return Page::of_spec(&request, &text.replace("\r\n", "\n"), lab);
    }
    let Some(draft) = Draft::sent(&query) else { return Page::blank(&request, Some(lab)).answer(200) };
    let text = draft.yaml();
    match read_spec(&text) {
        // What the form means, under the one address that can be shared.
        Ok(_) => Answer { status: 303, cache: CachePolicy::NoStore, ..Answer::moved(address(&text)) },
        Err(problems) => {
            let mut page = Page::blank(&request, Some(lab));
            page.faults = problems.iter().map(|problem| Fault::new(problem, draft.field(problem))).collect();
            (page.draft, page.text, page.by_form) = (draft, text, true);
            page.answer(422)
        }
    }
}

/// Returns the title of an experiment, or what it compares.
pub fn name(experiment: &Experiment) -> String {
    plan::name(experiment)
}

/// Returns the address of a run.
pub(super) fn run_address(id: &str) -> String {
    format!("/lab/runs/{id}/")
}

/// Returns the address where a spec can be run.
pub(super) fn address(text: &str) -> String {
    query::address(PATH, &[("spec", text.trim())])
}

/// An error in what was written.
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
    lab: Option<&'a LabStatus<'a>>,
    draft: Draft,
    /// The same as YAML, or what was written as YAML.
    text: String,
    faults: Vec<Fault>,
    /// Set if the faults are in the form, not in the YAML.
    by_form: bool,
    /// Set if the form can hold the spec.
    in_form: bool,
    plan: Option<Plan>,
    presets: Vec<Preset>,
    /// Name, title and whether the data are here.
    tasks: Vec<(&'static str, &'static str, bool)>,
}

impl<'a> Page<'a> {
    fn blank(request: &Request<'a>, lab: Option<&'a LabStatus<'a>>) -> Self {
        let description =
            "Compare optimizers on networks that this server trains: choose, run, watch, and download the data.";
        let frame = Frame::new(request, "Lab", description).unlisted(!request.query.is_empty());
        let draft = Draft::default();
        let presets = match lab {
            Some(lab) => presets(request.site, lab.blocks),
            None => presets(request.site, &Blocks::of(request.site)),
        };
        Self {
            frame,
            lab,
            text: draft.yaml(),
            draft,
            faults: Vec::new(),
            by_form: false,
            in_form: true,
            plan: None,
            presets,
            // Only a server has a form.
            tasks: lab.map_or_else(Vec::new, |_| tasks(request.site)),
        }
    }

    fn of_spec(request: &Request<'a>, text: &str, lab: &'a LabStatus<'a>) -> Answer {
        let mut page = Self::blank(request, Some(lab));
        let draft = Draft::of_yaml(text);
        page.in_form = draft.is_some();
        page.draft = draft.unwrap_or_default();
        page.text = format!("{}\n", text.trim());
        match read_spec(&page.text) {
            Ok(experiment) => {
                let plan = Plan::new(request.site, &experiment, &page.text, lab);
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
        if self.lab.is_some() {
            // The queue changes all the time.
            answer.cache = CachePolicy::NoStore;
        }
        answer
    }

    /// Returns the fault of a field of the form.
    fn fault(&self, field: &str) -> Option<&Fault> {
        self.faults.iter().find(|fault| self.by_form && fault.field == field)
    }

    /// Returns attributes of a field that mark it as wrong.
    fn state(&self, field: &str) -> crate::html::Html {
        let wrong = self.fault(field).map(|_| format!(" aria-invalid=\"true\" aria-describedby=\"{field}-fault\""));
        crate::html::Html::trusted(wrong.unwrap_or_default())
    }
}

/// Returns the experiments of articles as they are listed.
fn presets(site: &Site, blocks: &Blocks) -> Vec<Preset> {
    let preset = |block: &ArticleBlock| {
        let id = site.results.id(&block.experiment).ok().filter(|id| site.results.records.contains_key(id));
        Preset {
            title: block.experiment.title.clone().unwrap_or_else(|| format!("Figure {}", block.number)),
            article: block.article.clone(),
            figure: block.figure.clone(),
            again: address(&block.text),
            result: id.map(|id| run_address(&id)),
        }
    };
    blocks.0.iter().map(preset).collect()
}

/// Returns the tasks of the form: name, title, and whether the server has their data.
fn tasks(site: &Site) -> Vec<(&'static str, &'static str, bool)> {
    let is_here = |task: Task| site.results.datasets.id(task.data).is_ok();
    Task::names().filter_map(Task::named).map(|task| (task.name, task.title, is_here(task))).collect()
}

#[cfg(test)]
mod tests;
