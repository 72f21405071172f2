//! The image of a card of text while it is put together.

use super::SIZE;
use super::drawing::Bar;
use super::stamp::Stamp;

/// Bytes of a row, of two pixels each (PNG, third edition, 7.2).
pub(super) const ROW: usize = SIZE.0 as usize / 2;
pub(super) const ROWS: usize = SIZE.1 as usize;
/// Numbers of filters (PNG, third edition, 9.2).
const SUB: u8 = 1;
const UP: u8 = 2;

/// Rows of 4 bits a pixel, the left one of two in the high bits.
pub(super) struct Image {
    bytes: Vec<u8>,
    /// Which rows may have something other than paper.
    inked: [bool; ROWS],
}

impl Image {
    /// Nothing but paper.
    pub(super) fn new() -> Self {
        Self { bytes: vec![0; ROW * ROWS], inked: [false; ROWS] }
    }

    pub(super) fn clear(&mut self) {
        for (row, inked) in self.bytes.chunks_exact_mut(ROW).zip(&mut self.inked) {
            if std::mem::take(inked) {
                row.fill(0);
            }
        }
    }

    /// All rows from the top, each behind the number of its filter (PNG, third edition, 9.2): where there is ink, *Sub* or *Up*, the differences from
    /// the byte before or above, whichever leaves fewer of them, since the inside of a letter is like what is around it; *None* where there is none.
    pub(super) fn filtered(&self) -> Vec<u8> {
        let mut filtered = vec![0; (1 + ROW) * ROWS];
        let (mut up, mut sub) = ([0; ROW], [0; ROW]);
        let mut above = &[0; ROW][..];
        let mut was_inked = false;
        for ((row, inked), out) in self.bytes.chunks_exact(ROW).zip(self.inked).zip(filtered.chunks_exact_mut(1 + ROW)) {
            if inked || was_inked {
                let in_up = differences(row, above, &mut up);
                // What is left of the first byte counts as nothing.
                sub[0] = row[0];
                let in_sub = differences(&row[1..], row, &mut sub[1..]) + usize::from(row[0] != 0);
                let (number, differences) = if in_sub < in_up { (SUB, &sub) } else { (UP, &up) };
                out[0] = number;
                out[1..].copy_from_slice(differences);
            }
            (above, was_inked) = (row, inked);
        }
        filtered
    }

    /// Bars of cards begin and end between bytes.
    pub(super) fn bar(&mut self, bar: &Bar) {
        let shade = bar.ink.shade(255);
        let (left, right) = (bar.left as usize / 2, (bar.left + bar.width) as usize / 2);
        for y in bar.top as usize..(bar.top + bar.height) as usize {
            self.row(y)[left..right].fill(shade << 4 | shade);
        }
    }

    /// Joins a stamp into the image, as far as it lies in it. Where two of the same ink meet, it becomes no lighter (`Ink::ramp`).
    pub(super) fn press(&mut self, stamp: &Stamp, (left, top): (i32, i32)) {
        let within = |at: i32| at.clamp(0, ROW as i32);
        let (first, last) = (within(left), within(left + stamp.width as i32));
        if first >= last {
            return;
        }
        let skipped = (first - left) as usize;
        for (y, row) in (top..).zip(stamp.bytes.chunks_exact(stamp.width)) {
            let Some(y) = usize::try_from(y).ok().filter(|y| *y < ROWS) else { continue };
            let under = &mut self.row(y)[first as usize..last as usize];
            under.iter_mut().zip(&row[skipped..]).for_each(|(under, over)| *under |= over);
        }
    }

    /// The pixels of a row that will have some ink.
    fn row(&mut self, y: usize) -> &mut [u8] {
        self.inked[y] = true;
        &mut self.bytes[y * ROW..(y + 1) * ROW]
    }
}

/// What is left of each byte without the other one, and at how many places that is something.
fn differences(bytes: &[u8], others: &[u8], out: &mut [u8]) -> usize {
    for ((byte, other), out) in bytes.iter().zip(others).zip(&mut *out) {
        *out = byte.wrapping_sub(*other);
    }
    // Few enough to be counted in a byte, so that a vector holds many counts.
    let some = |few: &[u8]| usize::from(few.iter().map(|byte| u8::from(*byte != 0)).sum::<u8>());
    out.chunks(128).map(some).sum()
}
