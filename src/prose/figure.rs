//! Content in place of a `lab` block: the pictures of an experiment, or the experiment itself while there is no result.

use askama::Template;

use crate::chart::{self, Picture};
use crate::context::{Results, assets, query, results};
use crate::html::Html;
use crate::lab::{Experiment, Record};

/// A figure of an article.
#[derive(Debug, Template)]
#[template(path = "figure.html")]
pub(crate) struct Figure {
    /// Number of the figure on its page, from 1.
    pub(crate) number: usize,
    /// Title.
    pub(crate) title: String,
    /// Content of the figure.
    pub(crate) state: State,
}

/// State of the experiment.
#[derive(Debug)]
pub(crate) enum State {
    /// There is a result.
    Drawn {
        /// The charts, each with its accessible name.
        pictures: Vec<Picture>,
        /// The experiment and its charts, with their numbers.
        caption: Html,
        /// The same in numbers.
        table: Html,
        /// What there is to say beyond the caption: names and values.
        details: Vec<(String, String)>,
        /// Command that makes it again.
        command: String,
        /// The id of its record.
        id: String,
        /// Address where it can be run again; none where nothing can be run.
        again: Option<String>,
    },
    /// There is no result.
    Pending {
        /// Settings of the experiment: keys and values as the article gives them.
        spec: Vec<(String, String)>,
        /// Why there is nothing yet: `Not run yet`.
        words: String,
        /// True if the figure appears by itself while the page is open.
        live: bool,
    },
}

impl Figure {
    /// A figure whose experiment has not run; `title` is that of the experiment as it was read.
    pub(crate) fn pending(spec: &str, title: Option<&str>, number: usize) -> Self {
        let spec = pairs(spec).into_iter().filter(|(key, _)| key != "title").collect();
        let title = title.unwrap_or("Experiment").to_owned();
        Self { number, title, state: State::Pending { spec, words: "Not run yet".to_owned(), live: false } }
    }

    /// Returns the figure for the `lab` block of an article: `block` is its text, `experiment` what it means.
    pub(super) fn of(results: &Results, block: &str, experiment: &Experiment, file: &str, number: usize) -> Self {
        let figure = Self::pending(block, experiment.title.as_deref(), number);
        let id = match results.id(experiment) {
            Ok(id) => id,
            Err(error) => return figure.waiting(format!("Cannot be run: {error}"), false),
        };
        if let Some(record) = results.records.get(&id) {
            let again = results.live.then(|| query::address("/lab/", &[("spec", block.trim())]));
            return figure.drawn(record, experiment, format!("vdlm lab run --again {file}"), again);
        }
        let words = match results.failed.get(&id) {
            Some(error) => return figure.waiting(format!("Could not be run: {error}"), false),
            None if results.running.as_ref() == Some(&id) => {
                "Running on this server now. The figure appears here when it is done"
            }
            None if results.live => "Not run yet. It waits for its turn on this server",
            None => "Not run yet",
        };
        figure.waiting(words.to_owned(), results.live)
    }

    /// The same figure with a record's pictures; `command` makes the record again, and so does the page at `again`.
    pub(crate) fn drawn(
        mut self,
        record: &Record,
        experiment: &Experiment,
        command: String,
        again: Option<String>,
    ) -> Self {
        let drawing = chart::draw(record, experiment, &format!("figure-{}", self.number));
        let (caption, table) = (Html::escaped(&drawing.caption), drawing.table.html());
        self.state = State::Drawn {
            pictures: drawing.pictures,
            caption,
            table,
            details: drawing.details,
            command,
            id: record.id.clone(),
            again,
        };
        self
    }

    /// Name of a saved file that belongs to the figure, without what tells the files of one figure apart.
    fn file_name(&self) -> String {
        // Two figures of a page may have one title, or none.
        slug::slugify(format!("figure {} {}", self.number, self.title))
    }

    /// The same figure with another reason why there is no picture, and whether it waits for a result that will come.
    pub(crate) fn waiting(mut self, reason: String, for_result: bool) -> Self {
        if let State::Pending { words, live, .. } = &mut self.state {
            (*words, *live) = (reason, for_result);
        }
        self
    }
}

/// The lines of a block as keys and values; a line that is indented belongs to the key before it.
pub(crate) fn pairs(spec: &str) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for line in spec.lines().filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#')) {
        match (line.split_once(':'), pairs.last_mut()) {
            (Some((key, value)), _) if !line.starts_with([' ', '\t', '-']) => {
                pairs.push((key.trim().to_owned(), value.trim().trim_matches('"').to_owned()));
            }
            (_, Some((_, value))) => {
                if !value.is_empty() {
                    value.push_str(", ");
                }
                value.push_str(line.trim().trim_start_matches("- "));
            }
            (_, None) => pairs.push((String::new(), line.trim().to_owned())),
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::SourceFile;

    #[test]
    fn a_figure_without_its_data_says_so() {
        let text =
            "experiment: train\ntask: digits-cnn\noptimizers: [sgd]\nlearning_rates: [0.1]\nepochs: 1\nseeds: 1\n";
        let (experiment, diagnostics) = Experiment::parse(&SourceFile::new("block", text), text, 0);
        let experiment = experiment.unwrap_or_else(|| panic!("{diagnostics:?}"));
        let figure = Figure::of(&Results::default(), text, &experiment, "a.md", 1);
        let State::Pending { words, live: false, .. } = figure.state else { panic!("{figure:?}") };
        assert_eq!(words, "Cannot be run: the data set `digits` is not here");
    }

    #[test]
    fn figures_of_one_title_are_saved_under_two_names() {
        let name = |number| Figure::pending("", Some("The rates"), number).file_name();
        assert_eq!([name(1), name(2)], ["figure-1-the-rates", "figure-2-the-rates"]);
    }

    #[test]
    fn a_block_shows_what_it_would_run() {
        let figure = Figure::pending(
            "title: \"A <b> c\"\ntask: digits-mlp\noptimizers:\n  - adam\n  - radam\nx\n",
            Some("A <b> c"),
            2,
        );
        assert_eq!(figure.title, "A <b> c");
        let State::Pending { spec, .. } = &figure.state else { panic!("{figure:?}") };
        let spec: Vec<(&str, &str)> = spec.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_eq!(spec, [("task", "digits-mlp"), ("optimizers", "adam, radam, x")]);
        let html = figure.render().unwrap();
        assert!(html.contains("A &#60;b&#62; c") || html.contains("A &lt;b&gt; c"), "{html}");
    }
}
