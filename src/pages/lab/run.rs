//! `/lab/runs/<id>/`: a run from its place in the queue to its figures. The files of a result are those of [`result`].

use askama::Template;
use jiff::civil::Date;

use super::super::{Answer, CachePolicy, Kind, Query, Request, Site, frame::Frame, prose};
use super::{NO_PART, PATH, plan, run_address};
use crate::chart;
use crate::formats::result;
use crate::html::Html;
use crate::lab::{Experiment, Outcome, Record, Spec};
use crate::prose::{Figure, pairs};
use crate::views::words;

/// The results at hand, which need nobody to run anything.
pub(crate) const RESULT: Kind = Kind {
    answer: |request| {
        let id = request.path.strip_prefix("/lab/runs/")?.strip_suffix('/')?;
        let record = request.site.results.records.get(id)?;
        let experiment = shown(request.site, record);
        let stage = Stage::Done { record, pinned: true, compared: None };
        let view = RunView { id, experiment: &experiment, text: None, stage, mine: false, live: false };
        Some(page(request, &view))
    },
    paths: |site| {
        result::shown(site)
            .iter()
            .filter(|(id, _)| site.results.records.contains_key(id))
            .map(|(id, _)| run_address(id))
            .collect()
    },
};

/// Seconds after which the page of an unfinished run asks again by itself, where nothing tells it of changes.
const REFRESH: u32 = 3;

/// A run, as its page shows it.
pub struct RunView<'a> {
    /// Name of its record.
    pub id: &'a str,
    /// What is run, and how it is shown.
    pub experiment: &'a Experiment,
    /// The YAML it came from, where that is known.
    pub text: Option<&'a str>,
    /// How far it is.
    pub stage: Stage<'a>,
    /// Whether it was started by who looks.
    pub mine: bool,
    /// Whether there is a server that could run it again.
    pub live: bool,
}

/// How far a run is.
pub enum Stage<'a> {
    /// So many runs are before it, and about so many seconds.
    Waiting(usize, f64),
    /// It is being run.
    Running {
        /// Steps that are made.
        done: u64,
        /// All steps.
        total: u64,
        /// About how many seconds it will still take.
        left: f64,
        /// The curves so far, as [`partial_curves`] gives them.
        curves: Html,
    },
    /// There is a result.
    Done {
        /// The result.
        record: &'a Record,
        /// Whether it is one of those that are kept beside the content.
        pinned: bool,
        /// A run of this server against the pinned result: seconds it took, and the first difference, if there is one.
        compared: Option<(f64, Option<String>)>,
    },
    /// It ended without a result, for this reason.
    Ended(String),
}

impl Stage<'_> {
    /// What is told when it changes.
    pub fn words(&self) -> String {
        match self {
            Stage::Waiting(0, _) => "Waiting: it is next.".to_owned(),
            Stage::Waiting(before, _) => format!("Waiting: {} before it.", words::count(*before, "run")),
            Stage::Running { .. } => "Running on this server.".to_owned(),
            Stage::Done { pinned: true, .. } => "Done: the result is kept with this site.".to_owned(),
            Stage::Done { .. } => "Done.".to_owned(),
            Stage::Ended(reason) => reason.clone(),
        }
    }

    /// How long it will still take, in words.
    pub fn left(&self) -> String {
        match self {
            Stage::Waiting(_, seconds) => format!("It begins in about {}.", plan::duration(*seconds)),
            Stage::Running { left, .. } => format!("About {} left.", plan::duration(*left)),
            Stage::Done { .. } | Stage::Ended(_) => String::new(),
        }
    }

    /// Whether nothing more will happen.
    pub fn is_final(&self) -> bool {
        matches!(self, Stage::Done { .. } | Stage::Ended(_))
    }

    fn progress(&self) -> (u64, u64) {
        match self {
            Stage::Running { done, total, .. } => (*done, *total),
            _ => (0, 1),
        }
    }

    fn curves(&self) -> &str {
        if let Stage::Running { curves, .. } = self { curves.as_str() } else { "" }
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
    /// Where it can be changed and run.
    change: Option<String>,
    /// The article that shows it: address and title.
    article: Option<(String, String)>,
    figure: Option<Html>,
}

/// The page of a run.
pub fn run_page(site: &Site, day: Date, view: &RunView<'_>) -> Answer {
    let (path, query) = (run_address(view.id), Query::default());
    page(&Request::new(site, day, &path, &query), view)
}

/// The pictures of a run that is not finished; nothing for kinds that have none before their end.
pub fn partial_curves(spec: &Spec, so_far: &Outcome) -> Html {
    let pictures = chart::draw_partial(spec, so_far, "so-far");
    Html::trusted(pictures.iter().map(ToString::to_string).collect())
}

fn page(request: &Request<'_>, view: &RunView<'_>) -> Answer {
    let block = block(request.site, view.experiment);
    let title = view.experiment.title.clone();
    let title =
        title.or_else(|| block.as_ref()?.1.experiment.title.clone()).unwrap_or_else(|| plan::name(view.experiment));
    let text = view.text.map(str::to_owned).or_else(|| block.as_ref().map(|(_, block)| block.text.clone()));
    let frame =
        Frame::new(request, title.clone(), "An experiment of the lab: what is run, how far it is, and what came out.");
    let page = RunPage {
        frame: frame.within(PATH).unlisted(true),
        view,
        spec: spec_of(text.as_deref(), &view.experiment.spec),
        change: text.as_deref().map(super::address).filter(|_| view.live),
        article: block.map(|(article, block)| {
            (format!("{}#figure-{}", article.route, block.number), article.source.title.to_string())
        }),
        figure: figure(view, &title),
        text,
        title,
    };
    let mut answer = Answer::html(200, &page);
    if view.live {
        answer.cache = CachePolicy::NoStore;
    }
    answer
}

/// What is run, as it was written; the kind alone where that is not known, for the figure says the rest.
fn spec_of(text: Option<&str>, spec: &Spec) -> Vec<(String, String)> {
    let mut shown = text.map_or_else(|| vec![("experiment".to_owned(), spec.kind().to_owned())], pairs);
    shown.retain(|(key, _)| !NO_PART.contains(&key.as_str()));
    shown
}

fn figure(view: &RunView<'_>, title: &str) -> Option<Html> {
    let Stage::Done { record, .. } = &view.stage else { return None };
    let figure = Figure::pending("", Some(title), 1);
    figure.drawn(record, view.experiment, "vdlm lab run spec.yaml".to_owned(), None).render().ok().map(Html::trusted)
}

/// The block of an article that asks for this experiment.
fn block<'a>(site: &'a Site, experiment: &Experiment) -> Option<(&'a crate::archive::Article, prose::Block)> {
    site.archive.articles.iter().find_map(|article| {
        let blocks = prose::read(&site.archive, &site.views, &article.source.body, None).0;
        blocks.into_iter().find(|block| block.experiment.spec == experiment.spec).map(|block| (article, block))
    })
}

/// What a record shows: what its article asks for, or all it has.
pub fn shown(site: &Site, record: &Record) -> Experiment {
    let shown = Experiment::of(record.recipe.spec.clone());
    block(site, &shown).map_or(shown, |(_, block)| block.experiment)
}
