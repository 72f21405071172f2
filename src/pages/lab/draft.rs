//! The fields of the lab's form, and the YAML that they stand for.

use super::super::query::Query;
use crate::diagnostics::{Diagnostic, SourceFile};
use crate::lab::Method;
use crate::yaml::{self, Node, Value};

/// Rows for optimizers in the form: a chart has styles for so many lines. YAML may have more.
const ROWS: usize = 6;

/// The schedules, as a spec names them.
pub(super) const SCHEDULES: [&str; 8] = [
    "constant",
    "cosine",
    "one-cycle",
    "flat-cosine",
    "step",
    "warmup-linear",
    "warmup-untuned-linear",
    "warmup-untuned-exponential",
];

/// The fields of the form as they were typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Draft {
    pub(super) title: String,
    pub(super) task: String,
    /// Name and settings of each row; a row without a name is empty.
    pub(super) optimizers: Vec<(String, String)>,
    pub(super) rates: String,
    pub(super) schedule: String,
    pub(super) schedule_settings: String,
    pub(super) epochs: String,
    pub(super) batch: String,
    pub(super) seeds: String,
}

impl Default for Draft {
    /// A comparison that says something and takes about a second.
    fn default() -> Self {
        let row = |name: &str, settings: &str| (name.to_owned(), settings.to_owned());
        let optimizers = vec![row("sgd", "momentum: 0.9"), row("adam", ""), row("radam", ""), row("ranger", "")];
        Self {
            title: String::new(),
            task: "digits-mlp".to_owned(),
            optimizers,
            rates: "0.03, 0.01, 0.003".to_owned(),
            schedule: "constant".to_owned(),
            schedule_settings: String::new(),
            epochs: "20".to_owned(),
            batch: "32".to_owned(),
            seeds: "3".to_owned(),
        }
        .filled()
    }
}

impl Draft {
    /// The fields of a form that was sent, if one was.
    pub(super) fn sent(query: &Query) -> Option<Draft> {
        let field = |name: &str| query.get(name).unwrap_or("").replace(char::is_control, " ");
        query.get("task")?;
        let row = |n: usize| (field(&format!("optimizer-{n}")), field(&format!("settings-{n}")));
        Some(Self {
            title: field("title"),
            task: field("task"),
            optimizers: (1..=ROWS).map(row).collect(),
            rates: field("rates"),
            schedule: field("schedule"),
            schedule_settings: field("schedule-settings"),
            epochs: field("epochs"),
            batch: field("batch"),
            seeds: field("seeds"),
        })
    }

    /// The fields that stand for a text, if it holds nothing else.
    pub(super) fn of_yaml(text: &str) -> Option<Draft> {
        let document = yaml::parse(&SourceFile::new("spec", text), text, 0).ok()?;
        let Value::Map(entries) = document.root.value else { return None };
        let mut draft = Self { schedule: "constant".to_owned(), ..Self::default() };
        let mut is_train = false;
        for (key, value) in &entries {
            match flow(key).as_str() {
                "experiment" => is_train = flow(value) == "train",
                "title" => draft.title = scalar(value)?,
                "task" => draft.task = scalar(value)?,
                "optimizers" => draft.optimizers = rows(value)?,
                "learning_rates" => draft.rates = inside(&flow(value)),
                "schedule" => (draft.schedule, draft.schedule_settings) = schedule(value)?,
                "epochs" => draft.epochs = scalar(value)?,
                "batch" => draft.batch = scalar(value)?,
                "seeds" => draft.seeds = scalar(value)?,
                // What is no part of what is run.
                "figures" | "name" | "window" => {}
                _ => return None,
            }
        }
        let has = |name: &str| entries.iter().any(|(key, _)| flow(key) == name);
        // What a block leaves out has the defaults of a block, which are not those of the form.
        if !has("epochs") {
            draft.epochs = "30".to_owned();
        }
        if !has("seeds") {
            draft.seeds = "5".to_owned();
        }
        let known = SCHEDULES.contains(&draft.schedule.as_str());
        (is_train && known && has("task") && has("optimizers") && has("learning_rates")).then(|| draft.filled())
    }

    /// The text that the fields stand for: one line for each, so that a problem with a line is one with its field.
    pub(super) fn yaml(&self) -> String {
        let mut out = String::new();
        if !self.title.is_empty() {
            out.push_str(&format!("title: {}\n", quoted(&self.title)));
        }
        out.push_str(&format!("experiment: train\ntask: {}\noptimizers:\n", self.task));
        for (name, settings) in self.optimizers.iter().filter(|(name, _)| !name.is_empty()) {
            match inside(settings) {
                settings if settings.is_empty() => out.push_str(&format!("  - {name}\n")),
                settings => out.push_str(&format!("  - {name}: {{{settings}}}\n")),
            }
        }
        out.push_str(&format!("learning_rates: [{}]\n", numbers(&self.rates)));
        match inside(&self.schedule_settings) {
            settings if !settings.is_empty() => {
                out.push_str(&format!("schedule: {{name: {}, {settings}}}\n", self.schedule))
            }
            _ if !["", "constant"].contains(&self.schedule.as_str()) => {
                out.push_str(&format!("schedule: {}\n", self.schedule))
            }
            _ => {}
        }
        out.push_str(&format!("epochs: {}\nbatch: {}\nseeds: {}\n", self.epochs, self.batch, self.seeds));
        out.push_str("figures: [curves, sensitivity, table]\n");
        out
    }

    /// The name of the field that a problem with [`Draft::yaml`] is about.
    pub(super) fn field(&self, problem: &Diagnostic) -> String {
        let line = problem.span.line_text();
        let key = line.split(':').next().unwrap_or("");
        match key {
            "learning_rates" => "rates".to_owned(),
            "optimizers" => "optimizer-1".to_owned(),
            "schedule" if self.schedule_settings.is_empty() => "schedule".to_owned(),
            "schedule" => "schedule-settings".to_owned(),
            "title" | "task" | "epochs" | "batch" | "seeds" => key.to_owned(),
            _ if line.starts_with("  - ") => self.row_of(problem.span.line),
            _ => String::new(),
        }
    }

    /// The field of the optimizer whose text stands at a line.
    fn row_of(&self, line: usize) -> String {
        let text = self.yaml();
        let first = text.lines().position(|line| line == "optimizers:").map_or(0, |at| at + 2);
        let rows = self.optimizers.iter().enumerate().filter(|(_, (name, _))| !name.is_empty());
        let row = rows.map(|(row, (_, settings))| (row + 1, settings)).nth(line.saturating_sub(first));
        row.map_or(String::new(), |(row, settings)| {
            format!("{}-{row}", if settings.is_empty() { "optimizer" } else { "settings" })
        })
    }

    /// As many rows as the form has.
    fn filled(mut self) -> Self {
        self.optimizers.resize(self.optimizers.len().max(ROWS), Default::default());
        self
    }

    /// The names that a row can choose from.
    pub(super) fn methods(&self) -> &'static [&'static str] {
        &Method::NAMES
    }
}

/// Removes brackets or braces around a text, in case somebody typed them.
fn inside(text: &str) -> String {
    let text = text.trim();
    let pairs = [('[', ']'), ('{', '}')];
    let bare = pairs.iter().find_map(|(open, close)| text.strip_prefix(*open)?.strip_suffix(*close));
    bare.unwrap_or(text).trim().to_owned()
}

/// Returns typed numbers as in a list of YAML. Between them may be commas, semicolons or spaces. A comma is a decimal
/// one where it can be nothing else: between semicolons, or after a zero, which is no rate.
fn numbers(text: &str) -> String {
    let bare = inside(text);
    let commas = bare.contains(';') || (!bare.contains('.') && bare.split(',').any(|part| part.trim() == "0"));
    let parts: Vec<String> = match commas {
        true => bare.split([';', ' ']).map(|part| part.trim_end_matches(',').replace(',', ".")).collect(),
        false => bare.split([',', ' ']).map(str::to_owned).collect(),
    };
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

fn rows(value: &Node) -> Option<Vec<(String, String)>> {
    let Value::List(items) = &value.value else { return None };
    let row = |item: &Node| match &item.value {
        Value::Text(name) => Some((name.to_string(), String::new())),
        Value::Map(entries) => match entries.as_slice() {
            [(name, settings)] => Some((scalar(name)?, inside(&flow(settings)))),
            _ => None,
        },
        _ => None,
    };
    let rows: Option<Vec<_>> = items.iter().map(row).collect();
    rows.filter(|rows| rows.len() <= ROWS && rows.iter().all(|(name, _)| Method::NAMES.contains(&name.as_str())))
}

/// `cosine`, or `{name: step, …}` as name and settings.
fn schedule(value: &Node) -> Option<(String, String)> {
    let Value::Map(entries) = &value.value else { return Some((scalar(value)?, String::new())) };
    let name = entries.iter().find(|(key, _)| flow(key) == "name").map(|(_, name)| flow(name))?;
    let others = entries.iter().filter(|(key, _)| flow(key) != "name");
    Some((name, others.map(|(key, value)| format!("{}: {}", flow(key), flow(value))).collect::<Vec<_>>().join(", ")))
}

fn scalar(node: &Node) -> Option<String> {
    match &node.value {
        Value::Text(text) => Some(text.to_string()),
        _ => None,
    }
}

/// A value on one line.
fn flow(node: &Node) -> String {
    match &node.value {
        Value::Null => String::new(),
        Value::Text(text) => {
            let plain = |c: char| c.is_ascii_alphanumeric() || ['.', '-', '+', '_'].contains(&c);
            if !text.is_empty() && text.chars().all(plain) { text.to_string() } else { quoted(text) }
        }
        Value::List(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Value::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| format!("{}: {}", flow(key), flow(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}

/// YAML's double-quoted text is JSON's.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::Experiment;

    fn experiment(text: &str) -> (Option<Experiment>, Vec<Diagnostic>) {
        Experiment::parse(&SourceFile::new("spec", text), text, 0)
    }

    #[test]
    fn the_form_can_be_run_as_it_stands_and_comes_back_from_its_text() {
        let draft = Draft { title: "A \"b\": c".to_owned(), ..Draft::default() };
        let (found, problems) = experiment(&draft.yaml());
        let found = found.unwrap_or_else(|| panic!("{problems:?}"));
        assert_eq!((found.title.as_deref(), found.spec.runs()), (Some("A \"b\": c"), 4 * 3 * 3));
        assert_eq!(Draft::of_yaml(&draft.yaml()).as_ref(), Some(&draft));
    }

    #[test]
    fn a_block_of_an_article_fills_the_form_with_the_same_experiment() {
        let block = "title: Four\nexperiment: train\ntask: digits-mlp\noptimizers: [sgd: {momentum: 0.9}, {lookahead: {k: 6, inner: \
                     {name: adam, beta1: 0.8}}}, radam]\nlearning_rates: [0.1, 3e-2]\nschedule: {name: step, epochs: [3, 6], factor: 0.1}\n\
                     figures: [curves]\n";
        let draft = Draft::of_yaml(block).unwrap();
        assert_eq!(draft.optimizers[1], ("lookahead".to_owned(), "k: 6, inner: {name: adam, beta1: 0.8}".to_owned()));
        assert_eq!(
            (draft.schedule.as_str(), draft.schedule_settings.as_str()),
            ("step", "epochs: [3, 6], factor: 0.1")
        );
        let same = |text: &str| experiment(text).0.unwrap().spec;
        assert_eq!(same(&draft.yaml()), same(block));
        for other in ["experiment: variance\n", "experiment: train\ntask: [", "- a\n", &format!("{block}bins: 3\n")] {
            assert_eq!(Draft::of_yaml(other), None, "{other}");
        }
    }

    #[test]
    fn a_problem_is_one_with_its_field() {
        let mut draft = Draft::default();
        draft.optimizers[0] = Default::default();
        draft.optimizers[2].1 = "beta3: 0.9".to_owned();
        draft.rates = "[0.1, x]".to_owned();
        draft.epochs = "0".to_owned();
        draft.schedule = "cosin".to_owned();
        let (_, problems) = experiment(&draft.yaml());
        let fields: Vec<String> = problems.iter().map(|problem| draft.field(problem)).collect();
        for field in ["settings-3", "rates", "epochs", "schedule"] {
            assert!(fields.contains(&field.to_owned()), "{field}: {fields:?} {problems:?}");
        }
    }

    #[test]
    fn rates_are_read_as_people_type_them() {
        for (typed, list) in [
            ("0.03, 0.01", "0.03, 0.01"),
            ("[1e-3,10]", "1e-3, 10"),
            ("0.1  0.01", "0.1, 0.01"),
            ("0.1; 0.01;", "0.1, 0.01"),
            ("0,03", "0.03"),
            ("0,03, 0,01", "0.03, 0.01"),
            ("1,5; 0,1", "1.5, 0.1"),
            ("0,03 0,01", "0.03, 0.01"),
            ("1,10", "1, 10"),
            ("0.1, x", "0.1, x"),
            ("", ""),
        ] {
            assert_eq!(numbers(typed), list, "{typed}");
        }
    }

    #[test]
    fn what_is_typed_cannot_leave_its_line() {
        let query = Query::parse("task=digits-mlp%0Aepochs: 7&rates=0.1&optimizer-1=adam&epochs=2&batch=32&seeds=1");
        let draft = Draft::sent(&query).unwrap();
        assert!(draft.yaml().contains("task: digits-mlp epochs: 7\n"), "{}", draft.yaml());
        assert_eq!(Draft::sent(&Query::parse("q=1")), None);
    }
}
