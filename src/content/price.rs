//! What it costs to take part in an event.

use std::fmt;

use crate::yaml::Cursor;

/// A price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Price {
    /// Nothing.
    Free,
    /// So much.
    Sum {
        /// A decimal number as it is written: `12.50`.
        amount: String,
        /// The code of the currency (ISO 4217): `EUR`.
        currency: String,
    },
}

impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Price::Free => f.write_str("free"),
            Price::Sum { amount, currency } => write!(f, "{amount} {currency}"),
        }
    }
}

/// Reads `free`, or an amount and a currency.
pub(super) fn read(cursor: Cursor<'_>) -> Option<Price> {
    let text = cursor.text()?;
    let price = if *text == *"free" { Some(Price::Free) } else { sum(&text) };
    if price.is_none() {
        cursor.error(format!("`{text}` is not a price"), "write `free`, or an amount and the code of its currency: 12.50 EUR");
    }
    price
}

fn sum(text: &str) -> Option<Price> {
    let (amount, currency) = text.split_once(' ')?;
    let currency = currency.trim_start();
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // A comma is a decimal sign to some and parts thousands for others.
    let (whole, cents) = amount.split_once('.').map_or((amount, None), |(whole, cents)| (whole, Some(cents)));
    let fine = digits(whole) && cents.is_none_or(|cents| digits(cents) && cents.len() <= 3);
    let code = currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_uppercase());
    // Nothing is nothing in any currency.
    let nothing = amount.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    let sum = || if nothing { Price::Free } else { Price::Sum { amount: amount.to_owned(), currency: currency.to_owned() } };
    (fine && code).then(sum)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::SourceFile;
    use crate::yaml::{self, Problems};

    fn price(text: &str) -> Result<String, String> {
        let file = SourceFile::new("a.yaml", text);
        let document = yaml::parse(&file, text, 0).unwrap();
        let problems = Problems::default();
        let price = read(document.cursor(&problems));
        price.map(|price| price.to_string()).ok_or_else(|| problems.into_vec().remove(0).message)
    }

    #[test]
    fn a_price_is_free_or_an_amount_in_a_currency() {
        for (text, read) in [
            ("free", "free"),
            ("12.50 EUR", "12.50 EUR"),
            ("15  CHF", "15 CHF"),
            ("1.125 KWD", "1.125 KWD"),
            ("0 EUR", "free"),
            ("0.00 EUR", "free"),
        ] {
            assert_eq!(price(text).as_deref(), Ok(read), "{text}");
        }
        for text in [
            "12.50",
            "12,50 EUR",
            "EUR 12",
            "12 Euro",
            "12 eur",
            "12. EUR",
            ".5 EUR",
            "-1 EUR",
            "Free",
            "12 EUR or less",
            "1e3 EUR",
        ] {
            assert_eq!(price(text), Err(format!("`{text}` is not a price")));
        }
    }
}
