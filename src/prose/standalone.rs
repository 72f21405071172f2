//! Markdown of the content for readers away from its page, such as those of a feed or of a list of jobs: figures are
//! named and not drawn, code is not coloured.

use super::PageHost;
use crate::content::Body;
use crate::context::Site;
use crate::html::{Html, escape};
use crate::lab::Experiment;
use crate::markdown::{self, Host, Refused, Value};

/// The text of the page at `page`.
pub(crate) fn render(site: &Site, body: &Body, page: &str) -> Html {
    let host = PageHost::of(site, body);
    let mut host = Standalone { host, body, page, figures: 0 };
    markdown::render(&body.file, &body.markdown, body.lines_before, &mut host).html
}

struct Standalone<'a> {
    host: PageHost<'a>,
    body: &'a Body,
    page: &'a str,
    figures: usize,
}

impl Host for Standalone<'_> {
    fn link(&mut self, target: &str) -> Result<String, Refused> {
        self.host.link(target)
    }

    fn image(&mut self, target: &str, alt: &str) -> Result<Html, Refused> {
        self.host.image(target, alt)
    }

    fn value(&mut self, reference: &str) -> Option<Value> {
        self.host.value(reference)
    }

    /// Nobody away from the page copies the address of a section, and without the page's style its sign would be in the
    /// way.
    fn anchors(&self) -> bool {
        false
    }

    fn block(&mut self, info: &str, block: &str, lines_before: usize) -> Option<Html> {
        if info.split_whitespace().next() != Some("lab") {
            return Some(Html::trusted(format!("<pre><code>{}</code></pre>\n", escape(block))));
        }
        self.figures += 1;
        let title = Experiment::parse(&self.body.file, block, lines_before).0.and_then(|experiment| experiment.title);
        let title = escape(title.as_deref().unwrap_or("Experiment"));
        // Charts are styled by the page, and readers of feeds take drawings out.
        let page = format!("{}#figure-{}", escape(self.page), self.figures);
        Some(Html::trusted(format!("<p><a href=\"{page}\">Figure: {title}</a></p>\n")))
    }
}
