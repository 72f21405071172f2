//! `venues.yaml`: the places where events were.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use super::Body;
use crate::diagnostics::Spanned;

/// A place, or a video call.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(expecting = "a venue")]
pub struct Venue {
    /// Name, as lists show it.
    pub name: Spanned<Arc<str>>,
    /// Other spellings that an event may use.
    #[serde(default)]
    pub aliases: Vec<Spanned<Arc<str>>>,
    /// Street and city, as far as a source gives them.
    pub address: Option<Arc<str>>,
    /// Latitude and longitude in degrees, in this order.
    pub coordinates: Option<Coordinates>,
    /// Set if it is no place but a video call.
    pub online: Option<Spanned<bool>>,
    /// What it is and how one gets in, in Markdown.
    #[schemars(with = "Option<String>")]
    pub description: Option<Body>,
    /// Anything else to know about it.
    pub note: Option<Arc<str>>,
}

/// A point on the earth, in degrees of WGS 84.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(try_from = "Vec<Spanned<f64>>")]
pub struct Coordinates {
    /// North of the equator, from -90 to 90.
    pub latitude: f64,
    /// East of Greenwich, from -180 to 180.
    pub longitude: f64,
}

/// Latitude and longitude, in this order, as maps show them.
impl TryFrom<Vec<Spanned<f64>>> for Coordinates {
    type Error = &'static str;

    fn try_from(degrees: Vec<Spanned<f64>>) -> Result<Self, Self::Error> {
        let degrees: Vec<f64> = degrees.iter().map(|degrees| degrees.value).collect();
        // A text that is no number is reported by itself.
        let within = |degrees: f64, max: f64| degrees.is_nan() || degrees.abs() <= max;
        match degrees[..] {
            [latitude, longitude] if within(latitude, 90.0) && within(longitude, 180.0) => {
                Ok(Self { latitude, longitude })
            }
            _ => Err("these are no coordinates\n\
                      write degrees north and degrees east: coordinates: [48.1887, 16.3541]"),
        }
    }
}
