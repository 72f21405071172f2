//! From a YAML block to an experiment.

use std::sync::Arc;

use super::{Experiment, Spec, Window};
use crate::diagnostics::{Diagnostic, SourceFile, closest};
use crate::lab::experiment::{Cost, Figure};
use crate::lab::kind::Kind;
use crate::lab::numbers::{POSITIVE, number};
use crate::lab::reader::{Cursor, Fields, read_document};
use crate::lab::train::TrainSpec;

impl Experiment {
    /// Reads the text of a `lab` block, before which `lines_before` lines of the file stand.
    ///
    /// Gives the experiment unless something in the block is an error, and all problems found.
    pub fn parse(file: &Arc<SourceFile>, text: &str, lines_before: usize) -> (Option<Experiment>, Vec<Diagnostic>) {
        read_document(file, text, lines_before, Experiment::decode)
    }

    /// Reads an experiment; `None`, or any error among the problems, means that it must not be run.
    fn decode(cursor: Cursor<'_>) -> Option<Experiment> {
        cursor.fields("an experiment", |fields| {
            let title = fields.text("title").map(|text| text.to_string());
            let Some(kind) = read_kind(fields) else {
                // Which keys there may be is not known without the kind.
                fields.accept_all_keys();
                return None;
            };
            let name = read_name(fields);
            let window = if kind == TrainSpec::NAME { read_window(fields) } else { Some(None) };
            let figures = read_figures(fields, kind);
            let spec = Spec::read(kind, fields);
            let spec = spec.filter(|spec| affordable(spec, fields));
            if let (Some(Some(window)), Some(Spec::Train(train))) = (&window, &spec)
                && !train.learning_rates.iter().any(|rate| (window.from..=window.to).contains(rate))
                && let Some(cursor) = fields.get("window")
            {
                let message = format!("none of the learning rates lies from {} to {}", window.from, window.to);
                cursor.error(message, "choose ends around some of `learning_rates`, or leave the window out");
            }
            Some(Experiment { name: name?, title, window: window?, figures: figures?, spec: spec? })
        })
    }
}

/// Reads the kind; after an error the one that was probably meant, so that the rest of the block is checked all the
/// same.
fn read_kind(fields: &mut Fields<'_>) -> Option<&'static str> {
    let Some(cursor) = fields.need("experiment") else { return Some(Spec::KINDS[0]) };
    let kinds: Vec<(&str, &'static str)> = Spec::KINDS.iter().map(|kind| (*kind, *kind)).collect();
    cursor.choice(&kinds).or_else(|| closest(&cursor.text()?, Spec::KINDS.iter().copied()))
}

/// Reads a name that addresses and placeholders can hold. `None` after an error.
fn read_name(fields: &mut Fields<'_>) -> Option<Option<String>> {
    let Some(cursor) = fields.get("name") else { return Some(None) };
    let name = cursor.text()?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) || !name.chars().all(plain) {
        let message = format!("`{name}` is no name of a figure");
        cursor.error(message, "write lower-case letters, digits and hyphens, a letter first: `rates`");
        return None;
    }
    Some(Some(name.to_string()))
}

/// Reads `[0.003, 0.1]`, or `{rates: [0.003, 0.1], label: rates of the slide}`: two rates or more, whose lowest and
/// highest are the ends. `None` after an error.
fn read_window(fields: &mut Fields<'_>) -> Option<Option<Window>> {
    let Some(cursor) = fields.get("window") else { return Some(None) };
    if !cursor.is_map() {
        return read_ends(cursor, "window".to_owned()).map(Some);
    }
    let read = |fields: &mut Fields<'_>| {
        let label = fields.text("label").map_or_else(|| "window".to_owned(), |label| label.to_string());
        fields.need("rates").and_then(|rates| read_ends(rates, label))
    };
    cursor.fields("a window", read).map(Some)
}

fn read_ends(cursor: Cursor<'_>, label: String) -> Option<Window> {
    let items = cursor.items();
    let rates: Vec<f64> = items.iter().filter_map(|item| number(*item, &POSITIVE)).map(|found| found.value).collect();
    if items.len() < 2 {
        cursor.error("a window has two ends", "write its lowest and its highest learning rate: `[0.003, 0.1]`");
        return None;
    }
    let (from, to) = rates.iter().fold((f64::MAX, f64::MIN), |(low, high), rate| (low.min(*rate), high.max(*rate)));
    (rates.len() == items.len()).then_some(Window { from, to, label })
}

fn read_figures(fields: &mut Fields<'_>, kind: &'static str) -> Option<Vec<Figure>> {
    let (known, shown) = Spec::figures(kind)?;
    let Some(cursor) = fields.get("figures") else { return Some(shown.to_vec()) };
    let words: Vec<(&str, Figure)> = known.iter().map(|figure| (figure.name(), *figure)).collect();
    let choices = words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
    let (items, mut figures) = (cursor.items(), Vec::new());
    for item in &items {
        let Some(word) = item.text() else { continue };
        if Figure::NAMES.iter().any(|(name, figure)| *word == **name && !known.contains(figure)) {
            let message = format!("`{word}` is a figure of other experiments than `{kind}`");
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
            "this experiment is too large: {} runs of {} steps, about {:.0} billion multiply-adds, \
             where the limit is {:.0} billion",
            spec.runs(),
            steps / spec.runs() as u64,
            multiply_adds as f64 / 1e9,
            Cost::MOST_MULTIPLY_ADDS as f64 / 1e9,
        )
    } else if numbers > Cost::MOST_NUMBERS {
        let limit = Cost::MOST_NUMBERS;
        format!(
            "the result of this experiment is too large: it would hold {numbers} numbers, where the limit is {limit}"
        )
    } else {
        return true;
    };
    fields.report(Diagnostic::error(fields.span(), message).help(spec.advice()));
    false
}
