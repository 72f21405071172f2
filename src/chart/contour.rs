//! Lines of equal value by marching squares (Maple 2003), joined to as few lines as there are.

use std::collections::BTreeMap;

/// A point of a line of equal value.
type Point = (f64, f64);
/// An edge of the grid: column and row of its lower left corner, and whether it is upright.
type Edge = (usize, usize, bool);

/// Values over a grid of places that are equally far from each other, row by row.
pub(super) struct Field {
    /// First and last place of each axis.
    pub(super) ends: [(f64, f64); 2],
    /// Places along each axis, at least 2.
    pub(super) places: usize,
    /// The value at each place.
    pub(super) values: Vec<f64>,
}

impl Field {
    /// The values of a function.
    pub(super) fn of(ends: [(f64, f64); 2], places: usize, value: impl Fn(f64, f64) -> f64) -> Self {
        let at = |axis: usize, index: usize| {
            ends[axis].0 + (ends[axis].1 - ends[axis].0) * index as f64 / (places - 1) as f64
        };
        let values = (0..places).flat_map(|row| (0..places).map(move |column| (column, row)));
        let values = values.map(|(column, row)| value(at(0, column), at(1, row))).collect();
        Self { ends, places, values }
    }

    /// The lines at a level.
    pub(super) fn lines(&self, level: f64) -> Vec<Vec<Point>> {
        let mut segments = Vec::new();
        for row in 0..self.places - 1 {
            for column in 0..self.places - 1 {
                segments.extend(self.cell(column, row, level));
            }
        }
        join(&segments)
            .into_iter()
            .map(|line| line.into_iter().map(|edge| self.crossing(edge, level)).collect())
            .collect()
    }

    fn value(&self, column: usize, row: usize) -> f64 {
        self.values[row * self.places + column]
    }

    /// The segments in a cell, each from edge to edge.
    fn cell(&self, column: usize, row: usize, level: f64) -> Vec<(Edge, Edge)> {
        let corners = [(0, 0), (1, 0), (1, 1), (0, 1)].map(|(x, y)| self.value(column + x, row + y));
        let above = corners.map(|value| value >= level);
        let edges: [Edge; 4] =
            [(column, row, false), (column + 1, row, true), (column, row + 1, false), (column, row, true)];
        let crossed: Vec<usize> = (0..4).filter(|edge| above[*edge] != above[(edge + 1) % 4]).collect();
        match crossed.as_slice() {
            [a, b] => vec![(edges[*a], edges[*b])],
            // A saddle: the mean of the corners says which pairs belong together.
            [_, _, _, _] => {
                let middle = corners.iter().sum::<f64>() / 4.0 >= level;
                if middle == above[0] {
                    vec![(edges[0], edges[1]), (edges[2], edges[3])]
                } else {
                    vec![(edges[3], edges[0]), (edges[1], edges[2])]
                }
            }
            _ => Vec::new(),
        }
    }

    /// Where an edge has the value of the level.
    fn crossing(&self, (column, row, upright): Edge, level: f64) -> Point {
        let (low, high) =
            (self.value(column, row), self.value(column + usize::from(!upright), row + usize::from(upright)));
        let share = ((level - low) / (high - low)).clamp(0.0, 1.0);
        let (dx, dy) = if upright { (0.0, share) } else { (share, 0.0) };
        let along = |axis: usize, index: f64| {
            self.ends[axis].0 + (self.ends[axis].1 - self.ends[axis].0) * index / (self.places - 1) as f64
        };
        (along(0, column as f64 + dx), along(1, row as f64 + dy))
    }
}

/// Joins segments that share an edge. Of each edge at most two segments start, so every walk has one way on.
fn join(segments: &[(Edge, Edge)]) -> Vec<Vec<Edge>> {
    let mut at: BTreeMap<Edge, Vec<usize>> = BTreeMap::new();
    for (index, (a, b)) in segments.iter().enumerate() {
        at.entry(*a).or_default().push(index);
        at.entry(*b).or_default().push(index);
    }
    let mut used = vec![false; segments.len()];
    let mut walk = |start: usize, from: Edge| {
        let (mut line, mut here, mut index) = (vec![from], from, start);
        loop {
            used[index] = true;
            let (a, b) = segments[index];
            here = if a == here { b } else { a };
            line.push(here);
            match at[&here].iter().find(|next| !used[**next]) {
                Some(next) => index = *next,
                None => return (line, used.clone()),
            }
        }
    };
    let ends: Vec<(usize, Edge)> =
        at.iter().filter(|(_, found)| found.len() == 1).map(|(edge, found)| (found[0], *edge)).collect();
    let all = (0..segments.len()).map(|index| (index, segments[index].0));
    let (mut lines, mut done) = (Vec::new(), vec![false; segments.len()]);
    // Open lines from one of their ends first; what is left are closed ones.
    for (index, edge) in ends.into_iter().chain(all) {
        if !done[index] {
            let (line, used) = walk(index, edge);
            lines.push(line);
            done = used;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_is_one_closed_line_at_its_radius() {
        let field = Field::of([(-2.0, 2.0), (-2.0, 2.0)], 41, |x, y| x * x + y * y);
        let lines = field.lines(1.0);
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].first(), lines[0].last());
        assert!(lines[0].len() > 40);
        for (x, y) in &lines[0] {
            assert!(((x * x + y * y).sqrt() - 1.0).abs() < 2e-3, "{x} {y}");
        }
        assert!(field.lines(9.0).is_empty());
    }

    #[test]
    fn a_slope_is_one_open_line_and_a_saddle_two() {
        let slope = Field::of([(0.0, 1.0), (0.0, 1.0)], 5, |x, _| x);
        let lines = slope.lines(0.3);
        assert_eq!((lines.len(), lines[0].len()), (1, 5));
        assert!(lines[0].iter().all(|(x, _)| (x - 0.3).abs() < 1e-12));
        let saddle = Field::of([(-1.0, 1.0), (-1.0, 1.0)], 2, |x, y| x * y);
        assert_eq!(saddle.lines(0.5).len(), 2);
    }
}
