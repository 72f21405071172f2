//! A drawn chart with the numbers that it shows.

use std::fmt;

use super::table::Table;
use crate::html::Html;

/// A chart.
#[derive(Debug, Clone)]
pub struct Picture {
    /// What it is called in addresses, unique among the pictures of a figure: lower-case letters, digits, points and hyphens.
    pub name: String,
    /// The SVG, with a title and a description made of its numbers; a file of its own as well as a part of a page.
    pub svg: Html,
    /// The numbers it shows, in the units of its axes.
    pub data: Table,
}

impl fmt::Display for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.svg.fmt(f)
    }
}

// It is written as its SVG, which this room made.
impl askama::filters::HtmlSafe for Picture {}
