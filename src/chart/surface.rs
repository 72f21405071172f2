//! An inner loop of Lookahead: pictures, words and a table.

mod pictures;

use super::Drawing;
use super::table::Table;
use super::words::{digits, interval, percent, short, written};
use crate::lab::{Average, Averages, Figure, Picture, SurfaceRun, SurfaceSpec};

/// The pictures, the caption and the table.
pub(super) fn draw(spec: &SurfaceSpec, runs: &[SurfaceRun], figures: &[Figure], id: &str) -> Drawing {
    let averages = Averages::of(runs);
    let drawn = runs.iter().find_map(|run| Some((run.seed, run.picture.as_ref()?)));
    let mut pictures = Vec::new();
    for figure in figures {
        match (figure, drawn) {
            (Figure::Panels, Some((seed, picture))) => pictures.extend(pictures::panels(spec, seed, picture, id)),
            (Figure::Average, _) if averages.is_some() => pictures.push(pictures::average(runs, id)),
            _ => {}
        }
    }
    let bands = figures
        .contains(&Figure::Average)
        .then_some("Lines are medians over seeds, bands reach from the lower to the upper quartile.");
    let said = [Some(setting(spec)), Some(average_in_words(runs, averages.as_ref())), bands.map(str::to_owned)];
    let caption = said.into_iter().flatten().collect::<Vec<String>>().join(" ");
    let details = vec![("Inner loop drawn".to_owned(), picture_in_words(runs))];
    Drawing { pictures, caption, table: table(spec, runs, averages.as_ref()), details }
}

fn setting(spec: &SurfaceSpec) -> String {
    format!(
        "Trained on {} by Lookahead (every {} steps, α {}) around {} at learning rate {}, batches of {}, looked at after {} epochs.",
        spec.task.title,
        spec.k,
        spec.alpha,
        spec.optimizer.label(),
        written(spec.learning_rate),
        spec.batch,
        spec.warm_epochs
    )
}

fn picture_in_words(runs: &[SurfaceRun]) -> String {
    let Some((seed, picture)) = runs.iter().find_map(|run| Some((run.seed, run.picture.as_ref()?))) else {
        return "No inner loop could be drawn.".to_owned();
    };
    let Picture { fast, slow, inner, next, .. } = picture;
    let at = |values: &[f64], index: usize| values.get(index).map_or("–".to_owned(), |share| percent(*share));
    let last = |values: &[f64]| at(values, values.len().saturating_sub(1));
    let far = fast.off.iter().copied().fold(0.0, f64::max);
    format!(
        "Of seed {seed}: test accuracy is {} % at the start, {} % at the end of the fast path and {} % at the slow weights; one loop later it is {} % \
         without Lookahead and {} % at the end of Lookahead's fast path. The fast path ends {} from its start and is at most {} off its plane.",
        at(&fast.test_accuracy, 0),
        last(&fast.test_accuracy),
        at(&slow.test_accuracy, 1),
        last(&inner.test_accuracy),
        last(&next.test_accuracy),
        short(fast.x.last().copied().unwrap_or(0.0)),
        short(far),
    )
}

fn average_in_words(runs: &[SurfaceRun], averages: Option<&Averages>) -> String {
    let Some(Averages { test_accuracy, .. }) = averages else {
        return "No inner loop was measured to its end.".to_owned();
    };
    let Average { gain, gain_by_seed, .. } = test_accuracy;
    let spread = match gain_by_seed.n {
        1 => format!(
            "95 % interval {} over loops, which follow each other and are not independent",
            interval(gain, percent)
        ),
        n => format!("95 % interval {} over {n} seeds", interval(gain_by_seed, percent)),
    };
    let diverged = runs.iter().filter(|run| run.diverged_at.is_some()).count();
    let diverged = if diverged > 0 { format!(" {diverged} of {} seeds diverged.", runs.len()) } else { String::new() };
    format!(
        "Over {} inner loops the slow weights are right in {} percentage points more of the test rows than the fast weights before them ({spread}; less than \
         zero means fewer).{diverged}",
        gain.n,
        percent(gain_by_seed.mean)
    )
}

/// The averages for programs, one number in each cell; accuracies in percent.
pub(super) fn data(runs: &[SurfaceRun]) -> Table {
    let head = [
        "measure",
        "start",
        "fast_end",
        "slow_end",
        "slow_minus_fast",
        "interval_over_loops_low",
        "interval_over_loops_high",
        "interval_over_seeds_low",
        "interval_over_seeds_high",
        "loops",
        "seeds",
    ];
    let row = |(name, average, unit): (&str, &Average, f64)| {
        let Average { start, fast, slow, gain, gain_by_seed } = average;
        let means = [start, fast, slow, gain].map(|interval| Some(interval.mean));
        let ends = [gain.low, gain.high, gain_by_seed.low, gain_by_seed.high];
        let numbers = means.into_iter().chain(ends);
        let cells = numbers.map(|number| number.map_or(String::new(), |number| digits(unit * number)));
        let counts = [gain.n, gain_by_seed.n].map(|n| n.to_string());
        std::iter::once(name.to_owned()).chain(cells).chain(counts).collect()
    };
    let rows = Averages::of(runs).map_or(Vec::new(), |averages| {
        [
            ("test_accuracy_percent", &averages.test_accuracy, 100.0),
            ("train_accuracy_percent", &averages.train_accuracy, 100.0),
            ("test_loss", &averages.test_loss, 1.0),
            ("train_loss", &averages.train_loss, 1.0),
        ]
        .map(row)
        .to_vec()
    });
    let caption = "Means over inner loops, with Student's 95 % intervals".to_owned();
    Table { caption, head: head.map(String::from).to_vec(), rows }
}

fn table(spec: &SurfaceSpec, runs: &[SurfaceRun], averages: Option<&Averages>) -> Table {
    let head = [
        "Measure",
        "Start of the loop",
        "Fast end",
        "Slow end",
        "Slow minus fast",
        "95 % interval over loops",
        "95 % interval over seeds",
    ];
    let row = |name: &str, average: &Average, form: fn(f64) -> String| {
        let Average { start, fast, slow, gain, gain_by_seed } = average;
        let mut row = vec![name.to_owned()];
        row.extend([start, fast, slow, gain].map(|interval| form(interval.mean)));
        row.extend([gain, gain_by_seed].map(|found| interval(found, form)));
        row
    };
    let rows = averages.map_or(Vec::new(), |averages| {
        vec![
            row("Test accuracy (%)", &averages.test_accuracy, percent),
            row("Train accuracy (%)", &averages.train_accuracy, percent),
            row("Test loss", &averages.test_loss, short),
            row("Train loss", &averages.train_loss, short),
        ]
    });
    let caption = format!(
        "Means over {} consecutive inner loops of {} steps from each of {} seeds. Intervals are Student's t; the one over loops is too short, because loops follow each \
         other.",
        spec.loops,
        spec.k,
        runs.len()
    );
    Table { caption, head: head.map(String::from).to_vec(), rows }
}
