//! Accuracy over a plane of weights with the paths on it, and slow against fast weights over many inner loops.

use crate::chart::contour::Field;
use crate::chart::paint::{LAYERS, Look, Paint};
use crate::chart::picture::Picture as Chart;
use crate::chart::plot::{Anchor, Axis, Key, LINE, Plot, SIZE, Series, Shape, Symbol};
use crate::chart::table::Data;
use crate::chart::words::percent;
use crate::lab::{Curve, Levels, Picture, SurfaceRun, SurfaceSpec, Track};

/// Width and height of a panel in CSS pixels: three stand in a row.
const PANEL: (u32, u32) = (280, 290);
/// The looks of the fast path, of the inner method alone, and of Lookahead's next loop; the slow weights are drawn in
/// ink.
const FAST: Look = Look::Method(1);
const ALONE: Look = Look::Method(4);
const NEXT: Look = Look::Method(3);
/// Share of the places that may lie below the scale: corners far from any path would take most of it.
const BELOW: f64 = 0.15;

/// The three panels of a seed's inner loop.
pub(super) fn panels(spec: &SurfaceSpec, seed: u32, picture: &Picture, id: &str) -> Vec<Chart> {
    let scale = Scale::of(&picture.test_accuracy);
    let Picture { fast, slow, inner, next, .. } = picture;
    let own = |track: &Track, points: usize| Track {
        x: track.x.iter().copied().take(points).collect(),
        y: track.y.iter().copied().take(points).collect(),
        off: track.off.iter().copied().take(points).collect(),
        test_accuracy: track.test_accuracy.iter().copied().take(points).collect(),
        train_accuracy: track.train_accuracy.iter().copied().take(points).collect(),
    };
    let first = own(slow, 2);
    let faded = Way { track: fast, name: "fast path", look: None, arrow: false };
    let panels = [
        (
            "loop",
            format!("1. One inner loop of {} steps", spec.k),
            vec![
                Way { track: fast, name: "fast path", look: Some(FAST), arrow: true },
                Way { track: &first, name: "slow weights", look: None, arrow: true },
            ],
        ),
        (
            "alone",
            "2. On without Lookahead".to_owned(),
            vec![faded, Way { track: inner, name: "without Lookahead", look: Some(ALONE), arrow: true }],
        ),
        (
            "lookahead",
            "3. On with Lookahead".to_owned(),
            vec![
                Way { track: next, name: "next fast path", look: Some(NEXT), arrow: true },
                Way { track: slow, name: "slow weights", look: None, arrow: true },
            ],
        ),
    ];
    let grid = Grid { picture, scale: &scale };
    panels.into_iter().map(|(name, title, ways)| grid.panel(seed, name, title, &ways, id)).collect()
}

/// A path over the plane; without a look of its own it is drawn in ink.
struct Way<'a> {
    track: &'a Track,
    name: &'static str,
    look: Option<Look>,
    arrow: bool,
}

struct Grid<'a> {
    picture: &'a Picture,
    scale: &'a Scale,
}

impl Grid<'_> {
    fn panel(&self, seed: u32, name: &str, title: String, ways: &[Way<'_>], id: &str) -> Chart {
        let Picture { x, y, .. } = self.picture;
        let mut keys: Vec<Key> = ways.iter().filter(|way| way.arrow).map(Way::key).collect();
        let [low, high] = self.scale.ends().map(|end| format!("{end} %"));
        keys.push(Key { symbol: Symbol::Scale(low), name: format!("{high} accuracy") });
        let told: Vec<String> = ways.iter().filter_map(Way::describe).collect();
        let mut over: Vec<Shape> = ways.iter().flat_map(Way::shapes).collect();
        over.push(Shape::Words((0.0, 0.0), "start".to_owned(), Anchor::Below));
        let plot = Plot {
            name: format!("panel-{name}"),
            description: format!(
                "Test accuracy over the plane of seed {seed}, from {} % to {} %. {}.",
                self.least(),
                self.most(),
                told.join("; ")
            ),
            title,
            id: format!("{id}-panel-{name}"),
            size: PANEL,
            x: Axis::linear("distance towards the fast end", outer(x)),
            y: Axis::linear("distance at a right angle", outer(y)),
            under: self.layers(),
            series: Vec::new(),
            over,
            keys,
        };
        plot.picture_of(self.data(ways))
    }

    fn least(&self) -> String {
        percent(self.picture.test_accuracy.iter().copied().fold(1.0, f64::min))
    }

    fn most(&self) -> String {
        percent(self.picture.test_accuracy.iter().copied().fold(0.0, f64::max))
    }

    /// For each level of the scale the areas above it.
    fn layers(&self) -> Vec<Shape> {
        let Picture { x, y, test_accuracy, .. } = self.picture;
        let ends = [x, y].map(|places| (places[0], places[places.len() - 1]));
        let value = |column: usize, row: usize| 100.0 * test_accuracy[row * x.len() + column];
        let field = Field::new(ends, [x.len(), y.len()], value);
        let areas = self.scale.levels().flat_map(|level| field.areas(level));
        areas.map(|area| Shape::Area(area, Paint::Layer)).collect()
    }

    fn data(&self, ways: &[Way<'_>]) -> Data {
        let Picture { x, y, test_accuracy, .. } = self.picture;
        let row = |what: &str, x: f64, y: f64, off: f64, accuracy: f64| {
            vec![what.into(), x.into(), y.into(), off.into(), (100.0 * accuracy).into()]
        };
        let mut rows = Vec::new();
        for way in ways {
            let Track { x, y, off, test_accuracy, .. } = way.track;
            rows.extend((0..x.len()).map(|at| row(way.name, x[at], y[at], off[at], test_accuracy[at])));
        }
        let places = y.iter().flat_map(|y| x.iter().map(move |x| (*x, *y))).zip(test_accuracy);
        rows.extend(places.map(|((x, y), accuracy)| row("plane", x, y, 0.0, *accuracy)));
        let head = ["what", "first coordinate", "second coordinate", "distance from the plane", "test accuracy (%)"];
        Data { caption: "An inner loop of Lookahead".to_owned(), head: head.map(String::from).to_vec(), rows }
    }
}

impl Way<'_> {
    fn key(&self) -> Key {
        let symbol = Symbol::Line(self.look.unwrap_or_default(), LINE, self.look.is_some());
        Key { symbol, name: self.name.to_owned() }
    }

    fn points(&self) -> Vec<(f64, f64)> {
        self.track.x.iter().copied().zip(self.track.y.iter().copied()).collect()
    }

    /// The line over a wider one in the colour of the page, so that it is seen on every tile.
    fn shapes(&self) -> Vec<Shape> {
        let points = self.points();
        let paint = Paint::Line(self.look.unwrap_or_default());
        let mut shapes = vec![Shape::Line(points.clone(), Paint::Paper, 5), Shape::Line(points.clone(), paint, 2)];
        shapes.extend(self.look.into_iter().flat_map(|look| points.iter().map(move |point| Shape::Mark(*point, look))));
        if let (true, [.., before, last]) = (self.arrow, points.as_slice()) {
            shapes.push(Shape::Head(*before, *last, paint));
        }
        shapes
    }

    fn describe(&self) -> Option<String> {
        let accuracy = &self.track.test_accuracy;
        let (first, last) = (accuracy.first()?, accuracy.last()?);
        Some(format!(
            "{}: from {} % to {} % in {} steps",
            self.name,
            percent(*first),
            percent(*last),
            accuracy.len() - 1
        ))
    }
}

/// A scale of equal steps, round in percent.
struct Scale {
    /// Percent at the lowest level.
    low: f64,
    /// Percent from a level to the next.
    step: f64,
}

impl Scale {
    fn of(accuracy: &[f64]) -> Self {
        let mut sorted: Vec<f64> = accuracy.iter().map(|share| 100.0 * share).collect();
        sorted.sort_by(f64::total_cmp);
        let low = sorted.get((BELOW * sorted.len() as f64) as usize).copied().unwrap_or(0.0);
        let high = sorted.last().copied().unwrap_or(100.0);
        let steps = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0];
        let fits = |step: &f64| (high / step).ceil() * step - step * LAYERS as f64 <= low;
        let step = steps.into_iter().find(fits).unwrap_or(10.0);
        Self { low: (high / step).ceil() * step - step * LAYERS as f64, step }
    }

    fn levels(&self) -> impl Iterator<Item = f64> {
        (0..LAYERS).map(|index| self.low + self.step * index as f64)
    }

    fn ends(&self) -> [f64; 2] {
        [self.low, self.low + self.step * LAYERS as f64].map(|end| (end * 10.0).round() / 10.0)
    }
}

/// Half a step outside the first and the last place.
fn outer(places: &[f64]) -> (f64, f64) {
    let half = places.windows(2).next().map_or(0.5, |pair| (pair[1] - pair[0]) / 2.0);
    (places[0] - half, places[places.len() - 1] + half)
}

/// Fast and slow ends over the inner loops.
pub(super) fn average(runs: &[SurfaceRun], id: &str) -> Chart {
    let over = |levels: &dyn Fn(&SurfaceRun) -> Vec<f64>| Curve::over(&runs.iter().map(levels).collect::<Vec<_>>());
    let error = |levels: &Levels, from: usize| {
        levels.test_accuracy.iter().skip(from).map(|share| 100.0 * (1.0 - share)).collect()
    };
    // The slow weights of a loop come after its fast end; those at the start belong to none.
    let curves = [
        ("fast end", FAST, over(&|run| error(&run.fast, 0))),
        ("slow end", Look::Ink, over(&|run| error(&run.slow, 1))),
    ];
    let loops = curves[0].2.median.len().max(2);
    let line = |(name, look, curve): &(&str, Look, Curve)| Series {
        name: (*name).to_owned(),
        look: *look,
        points: curve.median.iter().enumerate().map(|(at, error)| (at as f64 + 1.0, *error)).collect(),
        band: (0..curve.median.len()).map(|at| (at as f64 + 1.0, curve.lower[at], curve.upper[at])).collect(),
        mark_every: (loops / 8).max(1),
        ..Series::default()
    };
    let top = curves.iter().flat_map(|(_, _, curve)| &curve.upper).copied().fold(1.0, f64::max);
    let mean = |curve: &Curve| curve.mean.iter().sum::<f64>() / curve.mean.len().max(1) as f64;
    let told = curves.iter().map(|(name, _, curve)| format!("{name} {:.1} %", mean(curve)));
    let plot = Plot {
        name: "average".to_owned(),
        title: "Test error at the ends of consecutive loops".to_owned(),
        description: format!("Mean test error over {loops} inner loops: {}.", told.collect::<Vec<_>>().join(", ")),
        id: format!("{id}-average"),
        size: SIZE,
        x: Axis::counting("inner loop", (1.0, loops as f64)),
        y: Axis::linear("test error, %", (0.0, (top / 2.0).ceil() * 2.0)),
        under: Vec::new(),
        series: curves.iter().map(line).collect(),
        over: Vec::new(),
        keys: Vec::new(),
    };
    plot.picture()
}
