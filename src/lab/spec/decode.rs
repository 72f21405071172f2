//! From a YAML block to an experiment.

use std::sync::Arc;

use super::{Cost, Experiment, Figure, Spec};
use crate::problem::{Level, Place, Problem, SourceFile, closest};
use crate::yaml::{self, Cursor, Fields, Problems};

impl Experiment {
    /// Reads the text of a `lab` block, before which `lines_before` lines of the file stand.
    ///
    /// Gives the experiment unless something in the block is an error, and all problems found.
    pub fn parse(file: &Arc<SourceFile>, text: &str, lines_before: usize) -> (Option<Experiment>, Vec<Problem>) {
        let document = match yaml::parse(file, text, lines_before) {
            Ok(document) => document,
            Err(problem) => return (None, vec![problem]),
        };
        let problems = Problems::default();
        let experiment = Experiment::decode(Cursor::new(&document.root, &problems));
        let problems = problems.into_vec();
        let fine = problems.iter().all(|problem| problem.level != Level::Error);
        (experiment.filter(|_| fine), problems)
    }

    /// Reads an experiment; `None`, or any error among the problems, means that it must not be run.
    pub fn decode(cursor: Cursor<'_>) -> Option<Experiment> {
        cursor.fields("an experiment", |fields| {
            let title = fields.text("title").map(|title| title.it);
            let Some(kind) = read_kind(fields) else {
                // Which keys there may be is not known without the kind.
                fields.pass_over_the_rest();
                return None;
            };
            let figures = read_figures(fields, kind);
            let spec = Spec::read(kind, fields);
            let spec = spec.filter(|spec| affordable(spec, fields));
            Some(Experiment { title, figures: figures?, spec: spec? })
        })
    }
}

/// The kind that is asked for; after a complaint the one that was probably meant, so that the rest of the block is looked at all the same.
fn read_kind(fields: &mut Fields<'_>) -> Option<&'static str> {
    let Some(cursor) = fields.need("experiment") else { return Some(Spec::KINDS[0]) };
    let kinds: Vec<(&str, &'static str)> = Spec::KINDS.iter().map(|kind| (*kind, *kind)).collect();
    cursor.choice(&kinds).or_else(|| closest(&cursor.text()?.it, Spec::KINDS.iter().copied()))
}

fn read_figures(fields: &mut Fields<'_>, kind: &'static str) -> Option<Vec<Figure>> {
    let (known, shown) = Spec::figures(kind)?;
    let Some(cursor) = fields.get("figures") else { return Some(shown.to_vec()) };
    let words: Vec<(&str, Figure)> = known.iter().map(|figure| (figure.name(), *figure)).collect();
    let choices = words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
    let (items, mut figures) = (cursor.items(), Vec::new());
    for item in &items {
        let Some(word) = item.text() else { continue };
        if Figure::NAMES.iter().any(|(name, figure)| *name == word.it && !known.contains(figure)) {
            let message = format!("`{}` is a figure of other experiments than `{kind}`", word.it);
            item.error(message, format!("choose some of: {choices}"));
            continue;
        }
        let Some(figure) = item.choice(&words) else { continue };
        if figures.contains(&figure) {
            item.error("this figure stands here twice", "leave one of the two out");
        } else {
            figures.push(figure);
        }
    }
    if items.is_empty() {
        cursor.error("no figure is asked for", format!("choose some of: {choices}"));
    }
    (figures.len() == items.len() && !items.is_empty()).then_some(figures)
}

fn affordable(spec: &Spec, fields: &Fields<'_>) -> bool {
    let Cost { steps, multiply_adds, numbers } = spec.cost();
    let message = if multiply_adds > Cost::MOST_MULTIPLY_ADDS {
        format!(
            "this experiment is too large: {} runs of {} steps, about {:.0} billion multiply-adds, where the limit is {:.0} billion",
            spec.runs(),
            steps / spec.runs() as u64,
            multiply_adds as f64 / 1e9,
            Cost::MOST_MULTIPLY_ADDS as f64 / 1e9,
        )
    } else if numbers > Cost::MOST_NUMBERS {
        let limit = Cost::MOST_NUMBERS;
        format!("the result of this experiment is too large: it would hold {numbers} numbers, where the limit is {limit}")
    } else {
        return true;
    };
    let place = Place { width: 1, ..fields.place() };
    fields.problem(Problem::error(place, message).help(spec.advice()));
    false
}
