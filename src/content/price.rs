//! Price of admission to an event.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::yaml::{Invalid, Scalar};

/// A price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Price {
    /// Nothing.
    Free,
    /// A sum of money.
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

/// `free`, or an amount and a currency.
impl Scalar for Price {
    fn from_text(text: &str) -> Result<Self, Invalid> {
        let price = if text == "free" { Some(Price::Free) } else { sum(text) };
        price.ok_or_else(|| {
            let help = "write `free`, or an amount and the code of its currency: 12.50 EUR";
            Invalid::new(format!("`{text}` is not a price")).help(help)
        })
    }

    fn placeholder() -> Self {
        Price::Free
    }
}

impl JsonSchema for Price {
    fn schema_name() -> Cow<'static, str> {
        "Price".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "`free`, or an amount and a currency",
            "pattern": r"^(free|\d+(\.\d{1,3})? +[A-Z]{3})$",
        })
    }
}

fn sum(text: &str) -> Option<Price> {
    let (amount, currency) = text.split_once(' ')?;
    let currency = currency.trim_start();
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // A comma separates decimals for some and thousands for others.
    let (whole, cents) = amount.split_once('.').map_or((amount, None), |(whole, cents)| (whole, Some(cents)));
    let fine = digits(whole) && cents.is_none_or(|cents| digits(cents) && cents.len() <= 3);
    let code = currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_uppercase());
    // Zero is free in any currency.
    let nothing = amount.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    let sum =
        || if nothing { Price::Free } else { Price::Sum { amount: amount.to_owned(), currency: currency.to_owned() } };
    (fine && code).then(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!(Price::from_text(text).unwrap().to_string(), read, "{text}");
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
            assert!(Price::from_text(text).is_err(), "{text}");
        }
    }
}
