//! What else than lines a chart shows, in drawing coordinates.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::{Area, Coordinates, Drawn, UNIT, text, units};
use crate::chart::paint::{Look, Paint};

/// A shape over the plane of a chart.
#[derive(Debug, Clone)]
pub(in crate::chart) enum Shape {
    /// A filled polygon.
    Area(Vec<(f64, f64)>, Paint),
    /// A filled rectangle between two corners.
    Tile((f64, f64), (f64, f64), Paint),
    /// A line of this width in CSS pixels.
    Line(Vec<(f64, f64)>, Paint, u32),
    /// The head of an arrow at the second point, coming from the first.
    Head((f64, f64), (f64, f64), Paint),
    /// A mark of this look.
    Mark((f64, f64), Look),
    /// A cross in the colour of this look, so many CSS pixels to the right of its point.
    Cross((f64, f64), i32, Look),
    /// Words beside a point.
    Words((f64, f64), String, Anchor),
}

/// On which side of its point a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::chart) enum Anchor {
    /// Below it.
    Below,
}

type Plane<'a> = DrawingArea<SVGBackend<'a>, Coordinates>;

impl Shape {
    /// Draws it over the plane, and what may reach over the edges of the plane on the whole of the picture.
    pub(super) fn draw(&self, plane: &Plane<'_>, whole: &Area<'_>) -> Drawn {
        let area = plane.strip_coord_spec();
        let at = |point: &(f64, f64)| place(plane, point, &area);
        match self {
            Shape::Area(points, paint) => {
                area.draw(&Polygon::new(points.iter().map(at).collect::<Vec<_>>(), paint.fill()))
            }
            Shape::Tile(from, to, paint) => area.draw(&Rectangle::new([at(from), at(to)], paint.fill())),
            Shape::Line(points, paint, width) => {
                let style = paint.stroke(width * UNIT);
                area.draw(&PathElement::new(points.iter().map(at).collect::<Vec<_>>(), style))
            }
            Shape::Head(from, to, paint) => head(&area, at(from), at(to), *paint),
            Shape::Mark(point, look) => mark(whole, place(plane, point, whole), *look),
            Shape::Cross(point, right, look) => {
                let (x, y) = place(plane, point, whole);
                cross(whole, (x + right * UNIT as i32, y), Paint::Line(*look))
            }
            Shape::Words(point, words, anchor) => {
                let ((x, y), gap) = (at(point), 5 * UNIT as i32);
                let (position, place) = match anchor {
                    Anchor::Below => (Pos::new(HPos::Center, VPos::Top), (x, y + gap)),
                };
                area.draw(&Text::new(words.clone(), place, text(11.0, FontStyle::Normal).pos(position)))
            }
        }
    }
}

/// Where a point of the plane lies within an area.
pub(super) fn place(plane: &Plane<'_>, point: &(f64, f64), area: &Area<'_>) -> (i32, i32) {
    let ((x, y), (left, top)) = (plane.map_coordinate(point), area.get_base_pixel());
    (x - left, y - top)
}

/// The head of an arrow, eight pixels long.
fn head(area: &Area<'_>, from: (i32, i32), to: (i32, i32), paint: Paint) -> Drawn {
    let (dx, dy) = (f64::from(to.0 - from.0), f64::from(to.1 - from.1));
    let length = (dx * dx + dy * dy).sqrt().max(1.0);
    let (dx, dy) = (dx / length * f64::from(8 * UNIT), dy / length * f64::from(8 * UNIT));
    let corner = |side: f64| ((f64::from(to.0) - dx + side * dy) as i32, (f64::from(to.1) - dy - side * dx) as i32);
    area.draw(&Polygon::new(vec![to, corner(0.45), corner(-0.45)], paint.fill()))
}

/// Two strokes across each other, as a polygon: dashes of a line would take them apart.
pub(super) fn cross(area: &Area<'_>, (x, y): (i32, i32), paint: Paint) -> Drawn {
    let (arm, half) = (f64::from(5 * UNIT), f64::from(UNIT));
    let corners = [(half, half), (half, arm), (-half, arm), (-half, half), (-arm, half), (-arm, -half)];
    let turned = |(a, b): (f64, f64)| (x + ((a - b) / 2_f64.sqrt()) as i32, y + ((a + b) / 2_f64.sqrt()) as i32);
    let corners = corners.into_iter().chain(corners.map(|(a, b)| (-a, -b)));
    area.draw(&Polygon::new(corners.map(turned).collect::<Vec<_>>(), paint.fill()))
}

/// Marks differ by shape, so that lines can be told apart without colour.
pub(super) fn mark(area: &Area<'_>, (x, y): (i32, i32), look: Look) -> Drawn {
    let size = units(4, 0).0;
    let filled = Paint::Line(look).fill();
    let far = size * 5 / 4;
    match look.mark() % 4 {
        0 => area.draw(&Circle::new((x, y), size, filled)),
        1 => area.draw(&Rectangle::new([(x - size, y - size), (x + size, y + size)], filled)),
        2 => area.draw(&TriangleMarker::new((x, y), far, filled)),
        _ => area.draw(&Polygon::new(vec![(x, y - far), (x + far, y), (x, y + far), (x - far, y)], filled)),
    }
}
