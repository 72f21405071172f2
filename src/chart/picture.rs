//! A chart with the numbers that it shows. Both are made when somebody asks: who asks for one does not want the other,
//! and a list of addresses wants neither.

use super::plot::{Plot, SIZE, legend};
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

    /// The SVG with its legend, as a file of its own. Title and description are made of its numbers.
    pub fn file(&self) -> Html {
        self.plot.file()
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

/// The pictures of a figure for a page, with their legend once above them; nothing for none.
pub fn panels(pictures: &[Picture]) -> Html {
    let mut out = String::new();
    let keys = legend(pictures.iter().map(|picture| &picture.plot));
    if !keys.as_str().is_empty() {
        out.push_str(&format!("<ul class=\"legend\">{keys}</ul>\n"));
    }
    for row in pictures.chunk_by(|a, b| is_narrow(a) == is_narrow(b)) {
        let drawn: String = row.iter().map(|picture| picture.plot.panel().to_string()).collect();
        let class = if row.iter().any(is_narrow) { "pictures in-a-row" } else { "pictures" };
        out.push_str(&format!("<div class=\"{class}\">{drawn}</div>\n"));
    }
    Html::trusted(out)
}

fn is_narrow(picture: &Picture) -> bool {
    picture.plot.size.0 < SIZE.0
}
