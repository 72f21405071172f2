//! The plane through three weights, in f64.

/// A plane in the space of weights, with the first of the three as its origin and two axes of length 1 at right angles
/// (Gram–Schmidt).
#[derive(Debug, Clone)]
pub(super) struct Plane {
    origin: Vec<f64>,
    u: Vec<f64>,
    v: Vec<f64>,
}

/// Weights whose way out of a line is a smaller share of their distance than this span no plane: f32 knows them to
/// 6·10⁻⁸ each.
const FLAT: f64 = 1e-6;

impl Plane {
    /// The plane through three weights: its first axis points to `last`, its second stands on it on the side of
    /// `middle`. `None` when they lie on one line.
    pub(super) fn through(first: &[f32], middle: &[f32], last: &[f32]) -> Option<Plane> {
        let origin: Vec<f64> = first.iter().copied().map(f64::from).collect();
        let from_origin =
            |theta: &[f32]| theta.iter().zip(&origin).map(|(x, o)| f64::from(*x) - o).collect::<Vec<f64>>();
        let (u, middle) = (from_origin(last), from_origin(middle));
        let u = scaled(&u, norm(&u), 0.0)?;
        let along = dot(&middle, &u);
        let v: Vec<f64> = middle.iter().zip(&u).map(|(middle, u)| middle - along * u).collect();
        let v = scaled(&v, norm(&v), FLAT * norm(&middle))?;
        Some(Plane { origin, u, v })
    }

    /// Coordinates of the projection of some weights, and their distance from the plane.
    pub(super) fn project(&self, theta: &[f32]) -> (f64, f64, f64) {
        let way: Vec<f64> = theta.iter().zip(&self.origin).map(|(x, o)| f64::from(*x) - o).collect();
        let (x, y) = (dot(&way, &self.u), dot(&way, &self.v));
        let rest: Vec<f64> =
            way.iter().zip(self.u.iter().zip(&self.v)).map(|(way, (u, v))| way - x * u - y * v).collect();
        (x, y, norm(&rest))
    }

    /// The weights at a point of the plane.
    pub(super) fn at(&self, x: f64, y: f64) -> Vec<f32> {
        let axes = self.u.iter().zip(&self.v);
        self.origin.iter().zip(axes).map(|(o, (u, v))| (o + x * u + y * v) as f32).collect()
    }
}

/// A vector divided by its length, if that is finite and above `least`.
fn scaled(vector: &[f64], length: f64, least: f64) -> Option<Vec<f64>> {
    (length.is_finite() && length > least).then(|| vector.iter().map(|x| x / length).collect())
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn norm(a: &[f64]) -> f64 {
    dot(a, a).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plane_by_hand() {
        // Origin (1, 1, 1), first axis along z, and the middle is 3 along z and 4 along x.
        let plane = Plane::through(&[1.0; 3], &[5.0, 1.0, 4.0], &[1.0, 1.0, 7.0]).unwrap();
        assert_eq!(plane.project(&[1.0, 1.0, 7.0]), (6.0, 0.0, 0.0));
        assert_eq!(plane.project(&[5.0, 1.0, 4.0]), (3.0, 4.0, 0.0));
        assert_eq!(plane.project(&[2.0, 3.0, 0.0]), (-1.0, 1.0, 2.0));
        assert_eq!(plane.at(2.0, 0.5), [1.5, 1.0, 3.0]);
    }

    #[test]
    fn weights_on_a_line_span_no_plane() {
        assert!(Plane::through(&[0.0; 2], &[1.0, 1.0], &[2.0, 2.0]).is_none());
        assert!(Plane::through(&[0.0; 2], &[0.0; 2], &[2.0, 1.0]).is_none(), "the middle is the start");
        assert!(Plane::through(&[0.0; 2], &[1.0, 0.0], &[0.0; 2]).is_none(), "the end is the start");
        assert!(Plane::through(&[0.0; 2], &[f32::NAN, 0.0], &[1.0; 2]).is_none());
    }
}
