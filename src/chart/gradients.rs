//! How large gradients are: pictures, words and a table.

mod pictures;

use super::Drawing;
use super::table::Table;
use super::words::{digits, interval, or_none, percent, short, variants, written};
use crate::lab::{Figure, GradientRun, GradientStatistics, GradientsSpec, labels};

/// Steps that stand in the table, as far as they were counted.
const SHOWN_STEPS: [usize; 9] = [1, 2, 5, 10, 20, 50, 100, 200, 500];

/// The pictures, the caption and the table.
pub(super) fn draw(spec: &GradientsSpec, runs: &[GradientRun], figures: &[Figure], id: &str) -> Drawing {
    let statistics: Vec<GradientStatistics> = runs.iter().map(|run| GradientStatistics::of(spec, run)).collect();
    let names = labels(&spec.optimizers);
    let mut pictures = Vec::new();
    for figure in figures {
        match figure {
            Figure::Histogram => pictures.extend(pictures::ridges(spec, runs, &names, &statistics, id)),
            Figure::Zeros => pictures.push(pictures::zeros(spec, &names, &statistics, id)),
            _ => {}
        }
    }
    let details = details(spec, &names, &statistics);
    Drawing { pictures, caption: caption(spec, figures), table: table(spec, &names, &statistics), details }
}

fn caption(spec: &GradientsSpec, figures: &[Figure]) -> String {
    let ridges = " A ridge and the bar beside it make up all gradients of a step, of all seeds together; the bar is the \
                  share that is exactly zero.";
    let band = " The band around a line of zeros reaches from the lower to the upper quartile over seeds.";
    let told = [(Figure::Histogram, ridges), (Figure::Zeros, band)];
    let told: String =
        told.into_iter().filter(|(figure, _)| figures.contains(figure)).map(|(_, words)| words).collect();
    format!(
        "Trained on {} in batches of {} at learning rate {}, from {} seeds, the same for all.{}{told}",
        spec.task.title,
        spec.batch,
        written(spec.learning_rate),
        spec.seeds,
        variants(&spec.optimizers),
    )
}

fn details(spec: &GradientsSpec, names: &[String], statistics: &[GradientStatistics]) -> Vec<(String, String)> {
    let of_each = |told: &dyn Fn(&GradientStatistics) -> String| {
        let each = names.iter().zip(statistics).map(|(name, statistics)| format!("{name} {}", told(statistics)));
        each.collect::<Vec<String>>().join("; ")
    };
    let zeros = of_each(&|of| match (of.zeros.median.first(), of.zeros.median.get(spec.drawn as usize - 1)) {
        (Some(first), Some(last)) => format!("{} % and {} %", percent(*first), percent(*last)),
        _ => "diverged before".to_owned(),
    });
    let ends = of_each(&|of| match &of.final_accuracy {
        Some(accuracy) if of.diverged > 0 => {
            format!("{} % with {} of {} seeds diverged", percent(accuracy.mean), of.diverged, spec.seeds)
        }
        Some(accuracy) => format!("{} %", percent(accuracy.mean)),
        None => "diverged".to_owned(),
    });
    let details = [
        ("Exact zeros", format!("at step 1 and at step {}, median over seeds: {zeros}", spec.drawn)),
        ("Test accuracy", format!("mean after {} steps: {ends}", spec.steps)),
    ];
    details.map(|(name, value)| (name.to_owned(), value)).to_vec()
}

/// The numbers of all steps for programs, one in each cell.
pub(super) fn data(spec: &GradientsSpec, runs: &[GradientRun]) -> Table {
    let head = [
        "optimizer",
        "step",
        "zeros_median_percent",
        "zeros_lower_quartile_percent",
        "zeros_upper_quartile_percent",
        "median_ln",
        "batch_loss_median",
        "seeds",
    ];
    let mut rows = Vec::new();
    for (name, run) in labels(&spec.optimizers).iter().zip(runs) {
        let of = GradientStatistics::of(spec, run);
        let zeros = &of.zeros;
        rows.extend((0..zeros.median.len()).map(|at| {
            let share = |values: &[f64]| digits(100.0 * values[at]);
            vec![
                name.clone(),
                (at + 1).to_string(),
                share(&zeros.median),
                share(&zeros.lower),
                share(&zeros.upper),
                of.median_ln[at].map_or(String::new(), digits),
                digits(of.batch_loss.median[at]),
                zeros.survivors[at].to_string(),
            ]
        }));
    }
    let caption = "Gradients by step, over seeds".to_owned();
    Table { caption, head: head.map(String::from).to_vec(), rows }
}

fn table(spec: &GradientsSpec, names: &[String], statistics: &[GradientStatistics]) -> Table {
    let head = [
        "Optimizer",
        "Step",
        "Zero gradients, median (%)",
        "Quartiles (%)",
        "Median of ln |g|",
        "Batch loss, median",
        "Seeds",
    ];
    let mut rows = Vec::new();
    for (name, of) in names.iter().zip(statistics) {
        for step in SHOWN_STEPS.into_iter().filter(|step| *step <= of.zeros.median.len()) {
            let (at, zeros) = (step - 1, &of.zeros);
            rows.push(vec![
                name.clone(),
                step.to_string(),
                percent(zeros.median[at]),
                format!("{} – {}", percent(zeros.lower[at]), percent(zeros.upper[at])),
                or_none(of.median_ln[at].map(|ln| format!("{ln:.2}"))),
                short(of.batch_loss.median[at]),
                zeros.survivors[at].to_string(),
            ]);
        }
    }
    let finals = names.iter().zip(statistics).map(|(name, of)| match &of.final_accuracy {
        Some(accuracy) => format!("{name} {} % ({})", percent(accuracy.mean), interval(accuracy, percent)),
        None => format!("{name} diverged"),
    });
    let caption = format!(
        "Gradients of all parameters over the first {} steps. The median of ln |g| is that of the gradients that are not zero, to half a bin of {}. Mean test \
         accuracy after {} steps with its 95 % interval by Student's t over seeds: {}.",
        spec.drawn,
        spec.bins.width,
        spec.steps,
        finals.collect::<Vec<String>>().join("; ")
    );
    Table { caption, head: head.map(String::from).to_vec(), rows }
}
