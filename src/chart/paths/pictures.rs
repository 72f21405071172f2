//! Paths over the contours of their function, and its values along them.

use crate::chart::contour::Field;
use crate::chart::paint::{Look, Paint, looks};
use crate::chart::picture::Picture;
use crate::chart::plot::{Anchor, Axis, Key, Plot, SIZE, Series, Shape};
use crate::chart::table::Data;
use crate::chart::words::{short, written};
use crate::lab::{Objective, Path, PathsSpec};

/// Places along each side of the grid that contours are found on: enough for the valley of Rosenbrock's function.
const PLACES: usize = 241;
/// Number of contours, at levels that are equally far from each other on a logarithmic scale.
const LEVELS: usize = 7;
/// The highest level is at most so many times the lowest.
const LARGEST_RATIO: f64 = 1e6;
/// Values that are nearer to the minimum are drawn as near: what is below says nothing more.
const NEAREST: f64 = 1e-10;
/// Values that are farther are drawn as far.
pub(super) const FARTHEST: f64 = 1e6;

/// One panel a learning rate, with the paths of all optimizers.
pub(super) fn panels(spec: &PathsSpec, paths: &[Path], names: &[String], id: &str) -> Vec<Picture> {
    let looks = looks(&spec.optimizers);
    let domain = domain(spec, paths);
    let contours = contours(spec.objective, domain);
    let panel = |(index, rate): (usize, &f64)| {
        let own: Vec<&Path> = paths.iter().filter(|path| path.learning_rate == *rate).collect();
        let mut over: Vec<Shape> = own.iter().flat_map(|path| shapes(path, looks[path.optimizer], domain)).collect();
        over.extend(spec.objective.minima().iter().flat_map(|[x, y]| cross((*x, *y), domain)));
        over.push(Shape::Words((spec.start[0], spec.start[1]), "start".to_owned(), Anchor::Below));
        let clipped = spec.clip.map_or(String::new(), |clip| format!(", gradients clipped to {clip}"));
        let plot = Plot {
            name: format!("paths-{rate}"),
            title: format!("Learning rate {}{clipped}", written(*rate)),
            description: own.iter().map(|path| describe(path, names)).collect::<Vec<_>>().join(" "),
            id: format!("{id}-paths-{}", index + 1),
            size: (SIZE.0, 360),
            x: Axis::linear("x", domain[0]),
            y: Axis::linear("y", domain[1]),
            under: contours.clone(),
            // The lines are shapes, for they are cut at the edges; here they are for the legend.
            series: own
                .iter()
                .map(|path| Series {
                    name: names[path.optimizer].clone(),
                    look: looks[path.optimizer],
                    mark_every: 1,
                    ..Series::default()
                })
                .collect(),
            over,
            keys: Vec::new(),
        };
        plot.picture_of(data(&own, names))
    };
    spec.learning_rates.iter().enumerate().map(panel).collect()
}

/// One chart a learning rate: how far the value is from the least one, over steps.
pub(super) fn values(spec: &PathsSpec, paths: &[Path], names: &[String], id: &str) -> Vec<Picture> {
    let looks = looks(&spec.optimizers);
    let above = |value: &f64| (value - spec.objective.minimum()).clamp(NEAREST, FARTHEST);
    let all = paths.iter().flat_map(|path| &path.values).map(above);
    let (low, high) = all.fold((f64::MAX, f64::MIN), |(low, high), value| (low.min(value), high.max(value)));
    let whole = |x: f64, round: fn(f64) -> f64| libm::pow(10.0, round(x.log10()));
    let y = Axis::logarithmic("value − least value", (whole(low, f64::floor), whole(high.max(low * 2.0), f64::ceil)));
    let chart = |(index, rate): (usize, &f64)| {
        let own: Vec<&Path> = paths.iter().filter(|path| path.learning_rate == *rate).collect();
        let line = |path: &&Path| Series {
            name: names[path.optimizer].clone(),
            look: looks[path.optimizer],
            points: path.values.iter().enumerate().map(|(step, value)| (step as f64, above(value))).collect(),
            mark_every: (spec.steps as usize / 6).max(1),
            ..Series::default()
        };
        let plot = Plot {
            name: format!("values-{rate}"),
            title: format!("Value by step, learning rate {rate}"),
            description: own.iter().map(|path| describe(path, names)).collect::<Vec<_>>().join(" "),
            id: format!("{id}-values-{}", index + 1),
            size: SIZE,
            x: Axis::counting("step", (0.0, spec.steps as f64)),
            y: y.clone(),
            under: Vec::new(),
            series: own.iter().map(line).collect(),
            over: own.iter().filter_map(|path| lost(path, looks[path.optimizer], y.ends.1)).collect(),
            keys: own.iter().find(|path| path.diverged_at.is_some()).map(|_| Key::diverged()).into_iter().collect(),
        };
        plot.picture_of(values_by_step(&own, names))
    };
    spec.learning_rates.iter().enumerate().map(chart).collect()
}

fn describe(path: &Path, names: &[String]) -> String {
    let (name, rate) = (&names[path.optimizer], written(path.learning_rate));
    let last = path.values.last().map_or("no value".to_owned(), |value| format!("value {}", short(*value)));
    let arrived = path.reached_at.map_or(String::new(), |step| format!(", arrived at step {step}"));
    let diverged = path.diverged_at.map_or(String::new(), |step| format!("diverged at step {step}, "));
    let left = path.left_at.map_or(String::new(), |step| format!(", outside the picture after step {step}"));
    let clipped = if path.clipped > 0 { format!(", {} gradients clipped", path.clipped) } else { String::new() };
    format!("{name} at learning rate {rate}: {diverged}{last} at the end{arrived}{left}{clipped}.")
}

/// The usual domain of the function, or what the start spans around the origin.
fn domain(spec: &PathsSpec, paths: &[Path]) -> [(f64, f64); 2] {
    let far = paths.iter().flat_map(|path| path.points.first()).flatten().fold(1.0, |far: f64, x| far.max(x.abs()));
    spec.objective.domain().unwrap_or([(-1.2 * far, 1.2 * far); 2])
}

fn contours(objective: Objective, domain: [(f64, f64); 2]) -> Vec<Shape> {
    let above = |x: f64, y: f64| (objective.value(&[x, y]) - objective.minimum()).max(NEAREST).ln();
    let field = Field::of(domain, PLACES, above);
    let mut sorted = field.values();
    sorted.sort_by(f64::total_cmp);
    let highest = sorted[sorted.len() - 1];
    // From what a fortieth of the picture lies below, so that the first lines enclose the minima and the valleys.
    let lowest = sorted[sorted.len() / 40].max(highest - LARGEST_RATIO.ln());
    let level = |index: usize| lowest + (highest - lowest) * index as f64 / LEVELS as f64;
    let lines = (0..LEVELS).flat_map(|index| field.lines(level(index)));
    lines.map(|line| Shape::Line(line, Paint::Contour, 1)).collect()
}

/// The parts of a path inside the picture, with marks, and an arrow where it leaves.
fn shapes(path: &Path, look: Look, domain: [(f64, f64); 2]) -> Vec<Shape> {
    let points: Vec<(f64, f64)> = path.points.iter().map(|[x, y]| (*x, *y)).collect();
    let mut shapes = Vec::new();
    let mut line: Vec<(f64, f64)> = Vec::new();
    for pair in points.windows(2) {
        let Some((from, to)) = inside(pair[0], pair[1], domain) else { continue };
        if line.last() != Some(&from) {
            shapes.extend(drawn(std::mem::take(&mut line), look));
            line.push(from);
        }
        line.push(to);
        if to != pair[1] {
            shapes.push(Shape::Head(from, to, Paint::Line(look)));
        }
    }
    shapes.extend(drawn(line, look));
    let within = |point: &&(f64, f64)| {
        (domain[0].0..=domain[0].1).contains(&point.0) && (domain[1].0..=domain[1].1).contains(&point.1)
    };
    let every = (points.len() / 6).max(1);
    // The last mark is larger news than the ones on the way: where the method has come to.
    let marked = points.iter().skip(every).step_by(every).chain(points.last());
    shapes.extend(marked.filter(within).map(|point| Shape::Mark(*point, look)));
    shapes
}

fn drawn(line: Vec<(f64, f64)>, look: Look) -> Option<Shape> {
    (line.len() > 1).then_some(Shape::Line(line, Paint::Line(look), 2))
}

/// The part of a segment that lies in the rectangle (Liang and Barsky 1984).
fn inside(from: (f64, f64), to: (f64, f64), domain: [(f64, f64); 2]) -> Option<((f64, f64), (f64, f64))> {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    let limits = [
        (-dx, from.0 - domain[0].0),
        (dx, domain[0].1 - from.0),
        (-dy, from.1 - domain[1].0),
        (dy, domain[1].1 - from.1),
    ];
    for (p, q) in limits {
        if p == 0.0 && q < 0.0 {
            return None;
        }
        if p < 0.0 {
            enter = enter.max(q / p);
        } else if p > 0.0 {
            leave = leave.min(q / p);
        }
    }
    let at = |share: f64| (from.0 + share * dx, from.1 + share * dy);
    // The very ends, so that a segment that is wholly inside joins the next one.
    let (first, last) = (if enter == 0.0 { from } else { at(enter) }, if leave == 1.0 { to } else { at(leave) });
    (enter <= leave).then_some((first, last))
}

/// An upright cross over a minimum.
fn cross((x, y): (f64, f64), domain: [(f64, f64); 2]) -> Vec<Shape> {
    let [dx, dy] = domain.map(|(low, high)| 0.025 * (high - low));
    let line = |from, to| Shape::Line(vec![from, to], Paint::Ink, 2);
    vec![line((x - dx, y), (x + dx, y)), line((x, y - dy), (x, y + dy))]
}

/// A cross at the upper edge where a path that diverged ends.
fn lost(path: &Path, look: Look, top: f64) -> Option<Shape> {
    path.diverged_at.map(|_| Shape::Cross((path.values.len().saturating_sub(1) as f64, top), 0, look))
}

/// The values as they were computed: the drawing stops at its edges, the numbers do not.
fn values_by_step(paths: &[&Path], names: &[String]) -> Data {
    let row = |path: &Path, step: usize| {
        vec![names[path.optimizer].as_str().into(), step.to_string().into(), path.values[step].into()]
    };
    let rows = paths.iter().flat_map(|path| (0..path.values.len()).map(move |step| row(path, step))).collect();
    let head = ["optimizer", "step", "value"].map(String::from).to_vec();
    Data { caption: "Values".to_owned(), head, rows }
}

fn data(paths: &[&Path], names: &[String]) -> Data {
    let row = |path: &Path, step: usize| {
        let [x, y] = path.points[step];
        vec![
            names[path.optimizer].as_str().into(),
            step.to_string().into(),
            x.into(),
            y.into(),
            path.values[step].into(),
        ]
    };
    let rows = paths.iter().flat_map(|path| (0..path.points.len()).map(move |step| row(path, step))).collect();
    let head = ["optimizer", "step", "x", "y", "value where it is judged"].map(String::from).to_vec();
    Data { caption: "Paths".to_owned(), head, rows }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_cut_at_the_edges() {
        let domain = [(0.0, 2.0), (0.0, 1.0)];
        assert_eq!(inside((0.5, 0.5), (1.5, 0.5), domain), Some(((0.5, 0.5), (1.5, 0.5))));
        assert_eq!(inside((-1.0, 0.5), (3.0, 0.5), domain), Some(((0.0, 0.5), (2.0, 0.5))));
        assert_eq!(inside((1.0, 0.5), (1.0, 2.5), domain), Some(((1.0, 0.5), (1.0, 1.0))));
        assert_eq!(inside((-1.0, 2.0), (3.0, 2.0), domain), None);
    }
}
