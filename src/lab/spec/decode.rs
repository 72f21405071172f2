//! From a YAML block to an experiment.

use std::sync::Arc;

use super::fields::{POSITIVE, count, known, number, set};
use super::schedule::read_schedule;
use super::{Experiment, Figure, Kind, OptimizerSpec, TrainSpec};
use crate::lab::task::Task;
use crate::optim::Schedule;
use crate::problem::{Level, Place, Problem, SourceFile};
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
            let figures = read_figures(fields);
            let kind = fields.need("experiment").and_then(|c| c.choice(&[("train", Kind::Train)]));
            let spec = read_train(fields);
            Some(Experiment { title, figures: figures?, spec: TrainSpec { experiment: kind?, ..spec? } })
        })
    }
}

fn read_figures(fields: &mut Fields<'_>) -> Option<Vec<Figure>> {
    const FIGURES: [(&str, Figure); 3] =
        [("curves", Figure::Curves), ("sensitivity", Figure::Sensitivity), ("table", Figure::Table)];
    let Some(cursor) = fields.get("figures") else { return Some(vec![Figure::Curves, Figure::Table]) };
    let (items, mut figures) = (cursor.items(), Vec::new());
    for item in &items {
        let Some(figure) = item.choice(&FIGURES) else { continue };
        if figures.contains(&figure) {
            item.error("this figure stands here twice", "leave one of the two out");
        } else {
            figures.push(figure);
        }
    }
    if items.is_empty() {
        cursor.error("no figure is asked for", "choose some of: curves, sensitivity, table");
    }
    (figures.len() == items.len() && !items.is_empty()).then_some(figures)
}

fn read_train(fields: &mut Fields<'_>) -> Option<TrainSpec> {
    let names: Vec<&str> = Task::names().collect();
    let task = fields.need("task").and_then(|cursor| known(cursor, "task", Task::named, &names)).map(|(_, task)| task);
    let (mut epochs, mut seeds, mut batch) = (TrainSpec::EPOCHS, TrainSpec::SEEDS, TrainSpec::BATCH);
    let rows = task.map_or(u32::MAX, |task| task.most_batch());
    let fine = set(fields, "epochs", &mut epochs, |c| count(c, "epochs", TrainSpec::MOST_EPOCHS))
        & set(fields, "seeds", &mut seeds, |c| count(c, "seeds", TrainSpec::MOST_SEEDS))
        & set(fields, "batch", &mut batch, |c| count(c, "rows in a batch", rows));
    let steps = task.map_or(1, |task| task.steps_per_epoch(batch));
    let optimizers = read_optimizers(fields, steps);
    let learning_rates = read_rates(fields);
    let mut schedule = Schedule::Constant;
    let fine = fine & set(fields, "schedule", &mut schedule, |c| read_schedule(c, None, Some(steps)));
    let (task, optimizers, learning_rates) = (task?, optimizers?, learning_rates?);
    let spec = TrainSpec { experiment: Kind::Train, task, optimizers, learning_rates, schedule, epochs, seeds, batch };
    (fine && affordable(&spec, fields)).then_some(spec)
}

fn read_optimizers(fields: &mut Fields<'_>, steps_per_epoch: u64) -> Option<Vec<OptimizerSpec>> {
    let cursor = fields.need("optimizers")?;
    let items = cursor.items();
    let mut optimizers: Vec<OptimizerSpec> = Vec::new();
    for item in &items {
        let Some(optimizer) = OptimizerSpec::decode(*item, steps_per_epoch) else { continue };
        let same = |other: &OptimizerSpec| other.method == optimizer.method && other.schedule == optimizer.schedule;
        if optimizers.iter().any(same) {
            item.error(format!("`{}` stands here twice with the same options", optimizer.name), "leave one of the two out");
        } else {
            optimizers.push(optimizer);
        }
    }
    let enough = many_enough(cursor, items.len(), TrainSpec::MOST_OPTIMIZERS, "optimizers", "[sgd: {momentum: 0.9}, radam]");
    (enough && optimizers.len() == items.len()).then_some(optimizers)
}

fn read_rates(fields: &mut Fields<'_>) -> Option<Vec<f64>> {
    let cursor = fields.need("learning_rates")?;
    let items = cursor.items();
    let mut rates = Vec::new();
    for item in &items {
        let Some(rate) = number(*item, &POSITIVE) else { continue };
        if rates.contains(&rate.it) {
            item.error(format!("the learning rate {} stands here twice", rate.it), "leave one of the two out");
        } else {
            rates.push(rate.it);
        }
    }
    let enough = many_enough(cursor, items.len(), TrainSpec::MOST_RATES, "learning rates", "[0.1, 0.01]");
    (enough && rates.len() == items.len()).then_some(rates)
}

/// Whether a list has from one to `most` items, or complains.
fn many_enough(cursor: Cursor<'_>, found: usize, most: usize, what: &str, example: &str) -> bool {
    if found == 0 {
        cursor.error(format!("the list of {what} is empty"), format!("write some, like `{example}`"));
    } else if found > most {
        cursor
            .error(format!("{found} {what} are more than the limit of {most}"), "leave some out, or make two experiments of it");
    }
    (1..=most).contains(&found)
}

fn affordable(spec: &TrainSpec, fields: &Fields<'_>) -> bool {
    let cost = spec.cost();
    let fine = cost.multiply_adds <= TrainSpec::MOST_MULTIPLY_ADDS;
    if !fine {
        let message = format!(
            "this experiment is too large: {} runs of {} steps, about {:.0} billion multiply-adds, where the limit is {:.0} billion",
            spec.runs(),
            spec.steps(),
            cost.multiply_adds as f64 / 1e9,
            TrainSpec::MOST_MULTIPLY_ADDS as f64 / 1e9,
        );
        let place = Place { width: 1, ..fields.place() };
        fields.problem(Problem::error(place, message).help("choose fewer epochs, seeds, learning rates or optimizers"));
    }
    fine
}
