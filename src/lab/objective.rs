//! Functions to descend on, with their gradients.

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

/// A function of a few numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Objective {
    /// (1 − x)² + 100·(y − x²)². Usually drawn over x from −2 to 2 and y from −1 to 3; minimum 0 at (1, 1), at the
    /// end of a bent valley.
    Rosenbrock,
    /// ½ · Σ i²·x_i², i from 1 to `dim`. Any domain; minimum 0 at the origin, condition number dim².
    Quadratic {
        /// Number of parameters, at least 1.
        dim: usize,
    },
    /// (1.5 − x + x·y)² + (2.25 − x + x·y²)² + (2.625 − x + x·y³)². Domain −4.5 … 4.5; minimum 0 at (3, 0.5).
    Beale,
    /// (x² + y − 11)² + (x + y² − 7)². Domain −5 … 5; four minima of 0: (3, 2), (−2.805118, 3.131313), (−3.779310,
    /// −3.283186) and (3.584428, −1.848127).
    Himmelblau,
    /// 20 + x² − 10·cos 2πx + y² − 10·cos 2πy. Domain −5.12 … 5.12; minimum 0 at the origin, among many that are not
    /// as low.
    Rastrigin,
    /// ½ · (x⁴ − 16x² + 5x + y⁴ − 16y² + 5y). Domain −5 … 5; minimum −78.332331 at (−2.903534, −2.903534).
    StyblinskiTang,
}

impl Objective {
    /// The names of all of them in specs.
    pub const NAMES: [&'static str; 6] =
        ["rosenbrock", "quadratic", "beale", "himmelblau", "rastrigin", "styblinski-tang"];

    /// The objective of a name; `dim` is for `quadratic` only, the others have two parameters.
    pub fn named(name: &str, dim: usize) -> Option<Objective> {
        Some(match name {
            "rosenbrock" => Objective::Rosenbrock,
            "quadratic" => Objective::Quadratic { dim },
            "beale" => Objective::Beale,
            "himmelblau" => Objective::Himmelblau,
            "rastrigin" => Objective::Rastrigin,
            "styblinski-tang" => Objective::StyblinskiTang,
            _ => return None,
        })
    }

    /// Its name in sentences.
    pub fn title(self) -> &'static str {
        match self {
            Objective::Rosenbrock => "Rosenbrock's function",
            Objective::Quadratic { .. } => "the quadratic ½ Σ i²·x_i²",
            Objective::Beale => "Beale's function",
            Objective::Himmelblau => "Himmelblau's function",
            Objective::Rastrigin => "Rastrigin's function",
            Objective::StyblinskiTang => "the function of Styblinski and Tang",
        }
    }

    /// The usual domain, lower and upper end for each of two parameters; functions go on outside. `None` for the
    /// quadratic, which has none.
    pub fn domain(self) -> Option<[(f64, f64); 2]> {
        Some(match self {
            Objective::Rosenbrock => [(-2.0, 2.0), (-1.0, 3.0)],
            Objective::Quadratic { .. } => return None,
            Objective::Beale => [(-4.5, 4.5); 2],
            Objective::Himmelblau | Objective::StyblinskiTang => [(-5.0, 5.0); 2],
            Objective::Rastrigin => [(-5.12, 5.12); 2],
        })
    }

    /// Whether a point is within the usual domain, its edge included.
    pub fn contains(self, point: [f64; 2]) -> bool {
        let within = |(x, (low, high)): (&f64, (f64, f64))| (low..=high).contains(x);
        self.domain().is_none_or(|domain| point.iter().zip(domain).all(within))
    }

    /// Where its value is least in two dimensions, to six decimals.
    pub fn minima(self) -> &'static [[f64; 2]] {
        match self {
            Objective::Rosenbrock => &[[1.0, 1.0]],
            Objective::Quadratic { .. } | Objective::Rastrigin => &[[0.0, 0.0]],
            Objective::Beale => &[[3.0, 0.5]],
            Objective::Himmelblau => {
                &[[3.0, 2.0], [-2.805_118, 3.131_313], [-3.779_310, -3.283_186], [3.584_428, -1.848_127]]
            }
            Objective::StyblinskiTang => &[[-2.903_534, -2.903_534]],
        }
    }

    /// The least value.
    pub fn minimum(self) -> f64 {
        match self {
            Objective::StyblinskiTang => STYBLINSKI_TANG_MINIMUM,
            _ => 0.0,
        }
    }

    /// Number of its parameters.
    pub fn dim(self) -> usize {
        match self {
            Objective::Quadratic { dim } => dim,
            _ => 2,
        }
    }

    /// The value at `p`, which has [`Objective::dim`] numbers.
    ///
    /// # Panics
    /// When `p` is shorter.
    pub fn value(self, p: &[f64]) -> f64 {
        if let Objective::Quadratic { .. } = self {
            return p.iter().enumerate().map(|(i, x)| 0.5 * square((i + 1) as f64 * x)).sum();
        }
        let (x, y) = (p[0], p[1]);
        match self {
            Objective::Rosenbrock => square(1.0 - x) + 100.0 * square(y - x * x),
            Objective::Quadratic { .. } => unreachable!("returned above"),
            Objective::Beale => square(beale(x, y, 1)) + square(beale(x, y, 2)) + square(beale(x, y, 3)),
            Objective::Himmelblau => square(x * x + y - 11.0) + square(x + y * y - 7.0),
            Objective::Rastrigin => 20.0 + [x, y].map(|x| x * x - 10.0 * libm::cos(2.0 * PI * x)).iter().sum::<f64>(),
            Objective::StyblinskiTang => [x, y].map(|x| 0.5 * (square(x * x) - 16.0 * x * x + 5.0 * x)).iter().sum(),
        }
    }

    /// The gradient at `p` into `g`; both have [`Objective::dim`] numbers.
    ///
    /// # Panics
    /// When one is shorter.
    pub fn gradient(self, p: &[f64], g: &mut [f64]) {
        if let Objective::Quadratic { .. } = self {
            g.iter_mut().zip(p).enumerate().for_each(|(i, (g, x))| *g = square((i + 1) as f64) * x);
            return;
        }
        let (x, y) = (p[0], p[1]);
        let (by_x, by_y) = match self {
            Objective::Rosenbrock => (-2.0 * (1.0 - x) - 400.0 * x * (y - x * x), 200.0 * (y - x * x)),
            Objective::Quadratic { .. } => unreachable!("returned above"),
            Objective::Beale => {
                let [a, b, c] = [1, 2, 3].map(|power| 2.0 * beale(x, y, power));
                let by_x = a * (y - 1.0) + b * (y * y - 1.0) + c * (y * y * y - 1.0);
                (by_x, a * x + b * 2.0 * x * y + c * 3.0 * x * y * y)
            }
            Objective::Himmelblau => {
                let (a, b) = (x * x + y - 11.0, x + y * y - 7.0);
                (4.0 * x * a + 2.0 * b, 2.0 * a + 4.0 * y * b)
            }
            Objective::Rastrigin => {
                let slope = |x: f64| 2.0 * x + 20.0 * PI * libm::sin(2.0 * PI * x);
                (slope(x), slope(y))
            }
            Objective::StyblinskiTang => {
                let slope = |x: f64| 2.0 * x * x * x - 16.0 * x + 2.5;
                (slope(x), slope(y))
            }
        };
        (g[0], g[1]) = (by_x, by_y);
    }
}

/// ½·(x⁴ − 16x² + 5x) at the least root of its slope 2x³ − 16x + 2.5, twice.
const STYBLINSKI_TANG_MINIMUM: f64 = -78.332_331_407_542_83;

/// One of the three terms of Beale's function, before it is squared.
fn beale(x: f64, y: f64, power: u32) -> f64 {
    let (target, y) = match power {
        1 => (1.5, y),
        2 => (2.25, y * y),
        _ => (2.625, y * y * y),
    };
    target - x + x * y
}

fn square(x: f64) -> f64 {
    x * x
}
