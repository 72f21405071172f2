//! A chart with the numbers that it shows. Both are made when somebody asks: who asks for one does not want the other,
//! and a list of addresses wants neither.

use std::fmt;

use super::plot::Plot;
use super::table::{Data, Table};
use crate::html::Html;

/// A chart.
#[derive(Debug, Clone)]
pub struct Picture {
    plot: Plot,
    /// The numbers it shows, where they are not those of its lines.
    data: Option<Data>,
}

impl Picture {
    /// What it is called in addresses, unique among the pictures of a figure: lower-case letters, digits, points and
    /// hyphens.
    pub fn name(&self) -> &str {
        &self.plot.name
    }

    /// Name of the picture and its data in words, unique among the pictures of a figure.
    pub fn caption(&self) -> String {
        let title = &self.plot.title;
        match &self.data {
            Some(data) if !data.caption.contains(title.as_str()) => format!("{}: {title}", data.caption),
            Some(data) => data.caption.clone(),
            None => title.clone(),
        }
    }

    /// The SVG, with a title and a description made of its numbers; a file of its own as well as a part of a page.
    pub fn svg(&self) -> Html {
        self.plot.draw()
    }

    /// The numbers it shows, in the units of its axes and with six digits, which is more than a drawing shows.
    pub fn data(&self) -> Table {
        self.data.as_ref().map_or_else(|| self.plot.data().table(), Data::table)
    }
}

impl Plot {
    /// The picture, with what its lines show as its data.
    pub(super) fn picture(self) -> Picture {
        Picture { plot: self, data: None }
    }

    /// The picture with other data than its lines, where it shows more than lines.
    pub(super) fn picture_of(self, data: Data) -> Picture {
        Picture { plot: self, data: Some(data) }
    }
}

impl fmt::Display for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.svg().fmt(f)
    }
}

// It is written as its SVG, which this room made.
impl askama::filters::HtmlSafe for Picture {}
