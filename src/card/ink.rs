//! The colours of cards: those of the site's light theme (`static/site.css`).

/// What everything stands on.
pub(super) const PAPER: [u8; 3] = [0xfa, 0xf8, 0xf3];
/// Hairlines, which only cards with a chart have.
pub(super) const HAIR: [u8; 3] = [0xd9, 0xd3, 0xc5];

/// A colour that texts and bars may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Ink {
    /// Text.
    Black,
    /// Text beside the main thing.
    Soft,
    /// The one colour beside ink.
    Rubric,
}

impl Ink {
    pub(super) const ALL: [Ink; 3] = [Ink::Black, Ink::Soft, Ink::Rubric];

    pub(super) const fn rgb(self) -> [u8; 3] {
        match self {
            Ink::Black => [0x1d, 0x1b, 0x17],
            Ink::Soft => [0x5d, 0x58, 0x4d],
            Ink::Rubric => [0xad, 0x2b, 0x16],
        }
    }

    /// Where the steps from paper to this ink begin in the 16 colours of a card of text, and how many there are. The first colour is paper.
    ///
    /// The numbers of one ink are told from those of the others by bits that all of them have, and within them the darker has the more
    /// bits or the higher ones: two numbers of the same ink joined by *or* are of that ink, and as dark as the darker of them or darker.
    pub(super) const fn ramp(self) -> (u8, u8) {
        match self {
            Ink::Black => (1, 7),
            Ink::Soft => (8, 4),
            Ink::Rubric => (12, 4),
        }
    }

    /// The number of the colour that has this ink over `coverage` of 255 parts of a pixel.
    pub(super) const fn shade(self, coverage: u8) -> u8 {
        let (first, steps) = self.ramp();
        match (coverage as u16 * steps as u16 + 127) / 255 {
            0 => 0,
            step => first + step as u8 - 1,
        }
    }
}

/// A colour as SVG writes it.
pub(super) fn hex([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shades_of_one_ink_join_to_one_that_is_no_lighter() {
        for ink in Ink::ALL {
            let (first, steps) = ink.ramp();
            for (a, b) in (first..first + steps).flat_map(|a| (first..first + steps).map(move |b| (a, b))) {
                assert!((a.max(b)..first + steps).contains(&(a | b)), "{ink:?}: {a} and {b}");
            }
            assert_eq!((ink.shade(0), ink.shade(255)), (0, first + steps - 1));
        }
    }
}
