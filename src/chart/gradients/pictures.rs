//! Gradients as ridges and as shares of zeros.

use crate::chart::paint::{Look, Paint, looks};
use crate::chart::picture::Picture;
use crate::chart::plot::{Axis, Plot, SIZE, Series, Shape};
use crate::chart::table::{Cell, Data};
use crate::chart::words::percent;
use crate::lab::{GradientRun, GradientStatistics, GradientsSpec};

/// Steps that have a row of their own, as far as they were counted: dense where things change fast.
const ROWS: [u64; 15] = [1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 200, 500, 1000];
/// How many rows the highest ridge reaches over.
const REACH: f64 = 2.4;
/// The least share of a step's gradients that makes a bin worth its place on the axis.
const VISIBLE: f64 = 1e-3;

/// The steps that are drawn as rows.
pub(super) fn rows(spec: &GradientsSpec) -> Vec<u64> {
    ROWS.into_iter().filter(|step| *step <= spec.drawn).collect()
}

/// One panel an optimizer, all on the same scales.
pub(super) fn ridges(
    spec: &GradientsSpec,
    runs: &[GradientRun],
    names: &[String],
    statistics: &[GradientStatistics],
    id: &str,
) -> Vec<Picture> {
    let (scale, looks) = (Scale::of(spec, runs), looks(&spec.optimizers));
    let panel = |(index, run): (usize, &GradientRun)| {
        let rows = rows(spec);
        let top = -(REACH + 0.2);
        let plot = Plot {
            name: format!("histogram-{}", index + 1),
            title: names[index].clone(),
            description: describe(spec, &names[index], &statistics[index]),
            id: format!("{id}-histogram-{}", index + 1),
            size: (SIZE.0, 380),
            x: scale.axis(),
            y: Axis {
                label: "step".to_owned(),
                ends: (rows.len() as f64 - 0.5, top),
                ticks: rows.iter().enumerate().map(|(row, step)| (row as f64, step.to_string())).collect(),
                logarithmic: false,
            },
            under: Vec::new(),
            series: Vec::new(),
            over: rows.iter().enumerate().flat_map(|(row, step)| scale.row(run, looks[index], row, *step)).collect(),
            keys: Vec::new(),
        };
        plot.picture_of(data(spec, run, &names[index]))
    };
    runs.iter().enumerate().map(panel).collect()
}

/// What all panels have in common.
struct Scale<'a> {
    spec: &'a GradientsSpec,
    /// First and last bin that hold enough anywhere.
    bins: (usize, usize),
    /// The largest share in one bin.
    highest: f64,
}

impl<'a> Scale<'a> {
    fn of(spec: &'a GradientsSpec, runs: &[GradientRun]) -> Self {
        let (mut first, mut last, mut highest) = (usize::MAX, 0, VISIBLE);
        for run in runs {
            for step in rows(spec) {
                for (bin, share) in shares(run, step).into_iter().enumerate().filter(|(_, share)| *share >= VISIBLE) {
                    (first, last) = (first.min(bin), last.max(bin));
                    highest = share.max(highest);
                }
            }
        }
        Self { spec, bins: if first > last { (0, spec.bins.len() + 1) } else { (first, last) }, highest }
    }

    /// Ends of ln |g|, in whole steps of five.
    fn ends(&self) -> (f64, f64) {
        let (first, last) = (self.spec.bins.middle(self.bins.0), self.spec.bins.middle(self.bins.1));
        (((first - 1.0) / 5.0).floor() * 5.0, ((last + 1.0) / 5.0).ceil() * 5.0)
    }

    /// Where the bars of the zeros are: a part of their own, a third as wide as the rest.
    fn zeros(&self) -> (f64, f64) {
        let (low, high) = self.ends();
        let width = (high - low) / 3.0;
        (low - 1.12 * width, low - 0.12 * width)
    }

    fn axis(&self) -> Axis {
        let ((low, high), (left, right)) = (self.ends(), self.zeros());
        let step = if high - low > 25.0 { 10 } else { 5 };
        let whole = (low as i64..=high as i64).filter(|at| at % step == 0);
        let mut ticks: Vec<(f64, String)> =
            [(left, "0 %"), (right, "100 %")].map(|(at, label)| (at, label.to_owned())).to_vec();
        ticks.extend(whole.filter(|at| *at as f64 > low).map(|at| (at as f64, at.to_string().replace('-', "−"))));
        Axis {
            label: "zeros (% of all)  ·  ln |g| of the others".to_owned(),
            ends: (left - 0.5, high),
            ticks,
            logarithmic: false,
        }
    }

    /// A ridge over its base line, and the bar of zeros beside it. Paper lies under the ridge, so that it hides those
    /// behind.
    fn row(&self, run: &GradientRun, look: Look, row: usize, step: u64) -> Vec<Shape> {
        let (base, (left, right), (low, high)) = (row as f64, self.zeros(), self.ends());
        let zeros = zero_share(run, step);
        let share = |bin: usize, share: &f64| (self.spec.bins.middle(bin), base - share / self.highest * REACH);
        let shares = shares(run, step);
        let inside =
            shares.iter().enumerate().map(|(bin, of)| share(bin, of)).filter(|(x, _)| (low..=high).contains(x));
        let mut ridge = vec![(low, base)];
        ridge.extend(inside);
        ridge.push((high, base));
        let bar = (left + zeros * (right - left), base - 0.55);
        let mut shapes = vec![
            Shape::Tile((left, base), bar, Paint::Line(look)),
            Shape::Line(vec![(right, base), (right, base - 0.55)], Paint::Axis, 1),
            Shape::Line(vec![(left, base), (left, base - 0.55)], Paint::Axis, 1),
        ];
        if !shares.is_empty() {
            shapes.push(Shape::Area(ridge.clone(), Paint::Paper));
            shapes.push(Shape::Area(ridge.clone(), Paint::Band(look)));
            // The same whole line in every panel: the panels have titles.
            shapes.push(Shape::Line(ridge, Paint::Ink, 1));
        }
        shapes
    }
}

/// Share of all gradients of a step, zeros included, in each bin, those below and above included; none when no seed
/// came so far.
fn shares(run: &GradientRun, step: u64) -> Vec<f64> {
    let at = step as usize - 1;
    let seeds = run.zeros.iter().filter(|zeros| zeros.len() > at).count() as u64;
    let all = (seeds * run.parameters) as f64;
    run.counts.get(at).map(|counts| counts.iter().map(|count| *count as f64 / all).collect()).unwrap_or_default()
}

/// Share of all gradients of a step that are exactly 0.
fn zero_share(run: &GradientRun, step: u64) -> f64 {
    let counts: Vec<u64> = run.zeros.iter().filter_map(|zeros| zeros.get(step as usize - 1).copied()).collect();
    counts.iter().sum::<u64>() as f64 / (counts.len().max(1) as u64 * run.parameters).max(1) as f64
}

fn describe(spec: &GradientsSpec, name: &str, of: &GradientStatistics) -> String {
    let told = |step: &u64| {
        let at = *step as usize - 1;
        let median = of.median_ln.get(at).copied().flatten().map(|ln| format!(", median of ln |g| {ln:.1}"));
        of.zeros.median.get(at).map(|zeros| format!("step {step} {} %{}", percent(*zeros), median.unwrap_or_default()))
    };
    let steps: Vec<String> = rows(spec).iter().filter_map(told).collect();
    format!("Gradients with {name}, share of exact zeros and size of the others: {}.", steps.join("; "))
}

/// All bins of the drawn rows.
fn data(spec: &GradientsSpec, run: &GradientRun, name: &str) -> Data {
    let mut table = Vec::new();
    for step in rows(spec) {
        let row = |bin: Cell, share: f64| vec![name.into(), step.to_string().into(), bin, (100.0 * share).into()];
        let shares = shares(run, step);
        if shares.is_empty() {
            continue;
        }
        table.push(row("zero".into(), zero_share(run, step)));
        table.extend(shares.iter().enumerate().map(|(bin, share)| row(spec.bins.middle(bin).into(), *share)));
    }
    let head =
        ["optimizer", "step", "middle of the bin of ln |g|", "share of all gradients (%)"].map(String::from).to_vec();
    Data { caption: format!("Gradients with {name}"), head, rows: table }
}

/// Share of zeros over steps, a line an optimizer.
pub(super) fn zeros(spec: &GradientsSpec, names: &[String], statistics: &[GradientStatistics], id: &str) -> Picture {
    let looks = looks(&spec.optimizers);
    let line = |(optimizer, of): (usize, &GradientStatistics)| {
        let at = |share: &f64, step: usize| (step as f64 + 1.0, 100.0 * share);
        let band = of.zeros.lower.iter().zip(&of.zeros.upper).enumerate();
        Series {
            name: names[optimizer].clone(),
            look: looks[optimizer],
            points: of.zeros.median.iter().enumerate().map(|(step, share)| at(share, step)).collect(),
            band: band.map(|(step, (low, high))| (step as f64 + 1.0, 100.0 * low, 100.0 * high)).collect(),
            mark_every: (spec.drawn as usize / 6).max(1),
            ..Series::default()
        }
    };
    let top = statistics.iter().flat_map(|of| &of.zeros.upper).fold(0.1, |top: f64, share| top.max(*share));
    let plot = Plot {
        name: "zeros".to_owned(),
        title: "Gradients that are exactly zero".to_owned(),
        description: names
            .iter()
            .zip(statistics)
            .map(|(name, of)| describe(spec, name, of))
            .collect::<Vec<_>>()
            .join(" "),
        id: format!("{id}-zeros"),
        size: SIZE,
        x: Axis::counting("step", (1.0, (spec.drawn as f64).max(2.0))),
        y: Axis::linear("share of all gradients (%)", (0.0, (top * 10.0).ceil() * 10.0)),
        under: Vec::new(),
        series: statistics.iter().enumerate().map(line).collect(),
        over: Vec::new(),
        keys: Vec::new(),
    };
    plot.picture()
}
