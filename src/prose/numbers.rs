//! Numbers in running text: `{{figure: what}}` is filled from the record of a figure of the same text.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::chart::Values;
use crate::content::Body;
use crate::context::Results;
use crate::diagnostics::{SourceFile, closest};
use crate::html::{Html, escape};
use crate::lab::Experiment;
use crate::markdown::{self, Host, Refused, Value};

/// The figures of a text by their names, with the numbers that their records give.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    /// By name; none where there is no result.
    figures: BTreeMap<String, Option<Values>>,
    /// Names that stand at more than one figure.
    twice: Vec<String>,
    /// True if results have been looked up.
    with_results: bool,
}

impl Numbers {
    /// Those of a text. Without results only the names of figures are known.
    pub(super) fn of(body: &Body, results: Option<&Results>) -> Self {
        let mut numbers = Numbers { with_results: results.is_some(), ..Numbers::default() };
        if !body.markdown.contains("{{") {
            return numbers;
        }
        let mut blocks = Blocks { file: &body.file, experiments: Vec::new() };
        markdown::render(&body.file, &body.markdown, body.lines_before, &mut blocks);
        for experiment in blocks.experiments {
            let Some(name) = experiment.name.clone() else { continue };
            let record = results.and_then(|results| results.records.get(&results.id(&experiment).ok()?));
            if numbers.figures.insert(name.clone(), record.map(|record| Values::of(record))).is_some() {
                numbers.twice.push(name);
            }
        }
        numbers
    }

    /// Returns the value of a placeholder.
    pub(super) fn value(&self, reference: &str) -> Value {
        let unknown = |message: String, help: String| {
            let html = format!("<span class=\"unmeasured\">{{{{{}}}}}</span>", escape(reference));
            Value { html: Html::trusted(html), diagnostic: Some(Refused::new(message).help(help)) }
        };
        let Some((figure, what)) = reference.split_once(':') else {
            let message = format!("`{{{{{reference}}}}}` names no number of a figure");
            return unknown(
                message,
                "write the name of a figure, a colon and what you want: `{{rates: radam at 0.01 final_accuracy}}`"
                    .to_owned(),
            );
        };
        let (figure, what) = (figure.trim(), what.trim());
        let Some(values) = self.figures.get(figure) else {
            let help = match closest(figure, self.figures.keys().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("give the `lab` block of the figure a line `name: {figure}`"),
            };
            return unknown(format!("no figure of this text is named `{figure}`"), help);
        };
        if self.twice.iter().any(|name| name == figure) {
            return unknown(
                format!("several figures of this text are named `{figure}`"),
                "give each a name of its own".to_owned(),
            );
        }
        let Some(values) = values else {
            let html = Html::trusted("<span class=\"flag\">not run yet</span>".to_owned());
            let diagnostic = self.with_results.then(|| {
                Refused::new(format!("the figure `{figure}` has no result, so `{what}` has no value"))
                    .help("pin it: `vdlm lab run`")
            });
            return Value { html, diagnostic };
        };
        match values.get(what) {
            Some(text) => Value {
                html: Html::trusted(format!("<data class=\"measured\">{}</data>", escape(&text))),
                diagnostic: None,
            },
            None => {
                let help = match closest(what, values.names()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("it has, for example, `{}`", values.names().next().unwrap_or("no number at all")),
                };
                unknown(format!("the figure `{figure}` has no number `{what}`"), help)
            }
        }
    }
}

/// Collects the experiments of a text and looks at nothing else in it.
struct Blocks<'a> {
    file: &'a Arc<SourceFile>,
    experiments: Vec<Experiment>,
}

impl Host for Blocks<'_> {
    fn link(&mut self, target: &str) -> Result<String, Refused> {
        Ok(target.to_owned())
    }

    fn block(&mut self, info: &str, block: &str, lines_before: usize) -> Option<Html> {
        if info.split_whitespace().next() == Some("lab") {
            self.experiments.extend(Experiment::parse(self.file, block, lines_before).0);
        }
        Some(Html::default())
    }
}
