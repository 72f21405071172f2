//! Lines and areas of equal value over a grid, by the marching squares of the `contour` crate.

use contour::ContourBuilder;

/// A point of a line, in the coordinates of the grid.
type Point = (f64, f64);

/// Values at places that are equally far from each other, row by row.
pub(super) struct Field {
    /// First and last place of each axis.
    ends: [(f64, f64); 2],
    /// Places along each axis, at least 2.
    places: [usize; 2],
    /// The values, with those at the edges a second time around them: contours end half a place outside.
    padded: Vec<f64>,
}

impl Field {
    /// The field of finite values at this many columns and rows.
    pub(super) fn new(ends: [(f64, f64); 2], places: [usize; 2], value: impl Fn(usize, usize) -> f64) -> Self {
        let [columns, rows] = places;
        let inside = |index: usize, count: usize| index.clamp(1, count) - 1;
        let all = (0..rows + 2).flat_map(|row| (0..columns + 2).map(move |column| (column, row)));
        let padded = all.map(|(column, row)| value(inside(column, columns), inside(row, rows))).collect();
        Self { ends, places, padded }
    }

    /// The field of a function with finite values.
    pub(super) fn of(ends: [(f64, f64); 2], places: usize, value: impl Fn(f64, f64) -> f64) -> Self {
        let at = |axis: usize, index: usize| {
            ends[axis].0 + (ends[axis].1 - ends[axis].0) * index as f64 / (places - 1) as f64
        };
        Self::new(ends, [places, places], |column, row| value(at(0, column), at(1, row)))
    }

    /// The values at all places, in no order.
    pub(super) fn values(&self) -> Vec<f64> {
        let [columns, rows] = self.places;
        let row = |row: usize| &self.padded[(row + 1) * (columns + 2) + 1..][..columns];
        (0..rows).flat_map(row).copied().collect()
    }

    /// The lines at a level, without what would run along the edges.
    pub(super) fn lines(&self, level: f64) -> Vec<Vec<Point>> {
        let lines = self.builder().lines(&self.padded, &[level]).unwrap_or_default();
        let rings = lines.iter().flat_map(|line| &line.geometry().0);
        rings.flat_map(|ring| self.inner(&ring.coords().map(|point| (point.x, point.y)).collect::<Vec<_>>())).collect()
    }

    /// The areas at and above a level, each as one closed line: holes are joined to the outer line, which they run
    /// against, so that a filled polygon leaves them out.
    pub(super) fn areas(&self, level: f64) -> Vec<Vec<Point>> {
        let areas = self.builder().contours(&self.padded, &[level]).unwrap_or_default();
        let polygons = areas.iter().flat_map(|area| &area.geometry().0);
        let line = polygons.map(|polygon| {
            let outer = &polygon.exterior().0;
            let holes = polygon.interiors().iter().flat_map(|hole| hole.0.iter().chain(outer.first()));
            outer.iter().chain(holes).map(|point| self.clamped((point.x, point.y))).collect()
        });
        line.collect()
    }

    fn builder(&self) -> ContourBuilder {
        let [dx, dy] = [0, 1].map(|axis| self.step(axis));
        // The crate has a value half a step from the edges of its place, and there is a place more around the field.
        let [(left, _), (bottom, _)] = self.ends;
        ContourBuilder::new(self.places[0] + 2, self.places[1] + 2, true)
            .x_step(dx)
            .y_step(dy)
            .x_origin(left - 1.5 * dx)
            .y_origin(bottom - 1.5 * dy)
    }

    fn step(&self, axis: usize) -> f64 {
        (self.ends[axis].1 - self.ends[axis].0) / (self.places[axis] - 1) as f64
    }

    /// Half a step outside the first and last place, to which the values there are taken to reach.
    fn edges(&self, axis: usize) -> (f64, f64) {
        let half = self.step(axis) / 2.0;
        (self.ends[axis].0 - half, self.ends[axis].1 + half)
    }

    fn clamped(&self, (x, y): Point) -> Point {
        let [(left, right), (bottom, top)] = [0, 1].map(|axis| self.edges(axis));
        (x.clamp(left, right), y.clamp(bottom, top))
    }

    /// The parts of a ring between the first and the last places.
    fn inner(&self, ring: &[Point]) -> Vec<Vec<Point>> {
        let is_inside = |point: &Point| {
            let within = |axis: usize, x: f64| {
                let slack = 1e-9 * self.step(axis);
                (self.ends[axis].0 - slack..=self.ends[axis].1 + slack).contains(&x)
            };
            within(0, point.0) && within(1, point.1)
        };
        ring.split(|point| !is_inside(point)).filter(|part| part.len() > 1).map(<[Point]>::to_vec).collect()
    }
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
    fn a_slope_is_one_line_from_edge_to_edge() {
        let slope = Field::of([(0.0, 1.0), (0.0, 1.0)], 5, |x, _| x);
        let lines = slope.lines(0.3);
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].iter().all(|(x, _)| (x - 0.3).abs() < 1e-12), "{lines:?}");
        let (low, high) =
            lines[0].iter().fold((1.0, 0.0), |(low, high): (f64, f64), at| (low.min(at.1), high.max(at.1)));
        assert_eq!((low, high), (0.0, 1.0));
    }

    /// The area that a closed line encloses.
    fn area(line: &[Point]) -> f64 {
        let next = line.iter().cycle().skip(1);
        line.iter().zip(next).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum::<f64>().abs() / 2.0
    }

    #[test]
    fn an_area_reaches_the_corners_and_leaves_its_holes_out() {
        let field = Field::of([(-2.0, 2.0), (-2.0, 2.0)], 81, |x, y| x * x + y * y);
        let areas = field.areas(1.0);
        assert_eq!(areas.len(), 1);
        let expected = 4.05 * 4.05 - std::f64::consts::PI;
        assert!((area(&areas[0]) - expected).abs() < 0.01, "{} {expected}", area(&areas[0]));
        assert!((area(&field.areas(-1.0)[0]) - 4.05 * 4.05).abs() < 1e-9);
    }
}
