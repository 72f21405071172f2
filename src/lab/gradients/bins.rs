//! Bins for logarithms of gradients.

use serde::{Deserialize, Serialize};

use crate::lab::numbers::{PLACE, POSITIVE, set_number};
use crate::lab::reader::Cursor;

/// Bins of equal width, with one for what is below them and one for what is above.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bins {
    /// Lower edge of the first bin.
    pub from: f64,
    /// Upper edge of the last one.
    pub to: f64,
    /// Width of each.
    pub width: f64,
}

impl Bins {
    /// The bins, when nothing is said: from far below what f32 training shows (10⁻¹³) to above what it survives (7.4).
    pub const DEFAULT: Bins = Bins { from: -30.0, to: 2.0, width: 0.5 };
    /// Most bins.
    const MOST: f64 = 400.0;

    /// Number of bins, without those below and above.
    pub fn len(&self) -> usize {
        ((self.to - self.from) / self.width).round() as usize
    }

    /// Never: specs have at least one.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Where a gradient that is not 0 is counted: 0 is below the bins, `len() + 1` above them. A bin has its lower edge
    /// and not its upper one.
    pub fn index(&self, gradient: f32) -> usize {
        let ln = libm::log(f64::from(gradient.abs()));
        if ln < self.from {
            0
        } else if ln >= self.to {
            self.len() + 1
        } else {
            // Rounding may carry a value next to the last edge over it.
            1 + (((ln - self.from) / self.width) as usize).min(self.len() - 1)
        }
    }

    /// ln |g| in the middle of the bin at an index of [`Bins::index`]; the nearest edge for what is outside.
    pub fn middle(&self, index: usize) -> f64 {
        match index {
            0 => self.from,
            index if index > self.len() => self.to,
            index => self.from + (index as f64 - 0.5) * self.width,
        }
    }

    /// `{from: -30, to: 2, width: 0.5}`, each of which may be left out.
    pub(super) fn read(cursor: Cursor<'_>) -> Option<Bins> {
        let mut bins = Bins::DEFAULT;
        cursor.fields("the bins", |fields| {
            let fine = set_number(fields, "from", &mut bins.from, &PLACE)
                & set_number(fields, "to", &mut bins.to, &PLACE)
                & set_number(fields, "width", &mut bins.width, &POSITIVE);
            fine.then_some(())
        })?;
        let found = (bins.to - bins.from) / bins.width;
        // The tolerance is for widths such as 0.1, which are not exact.
        if !(1.0..=Bins::MOST).contains(&found) || (found - found.round()).abs() > 1e-6 {
            let message = format!("from {} to {} there are {found} bins of width {}", bins.from, bins.to, bins.width);
            cursor.error(message, format!("choose a whole number of bins, from 1 to {}", Bins::MOST));
            return None;
        }
        Some(bins)
    }
}
