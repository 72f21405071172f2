//! Links and images.

use std::ops::Range;

use linkify::{LinkFinder, LinkKind};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use pulldown_cmark::{Event, LinkType, TagEnd};

use super::{Refused, Writer, plain};
use crate::diagnostics::{Diagnostic, closest};
use crate::html::escape;

/// Schemes that a link may have. Others, `javascript:` and `data:` first, would run or show what nobody checked.
const SCHEMES: [&str; 5] = ["http", "https", "mailto", "tel", "geo"];

/// Characters that are percent-encoded in an address. `%` is not: the author has encoded the rest already.
const NOT_IN_ADDRESS: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`').add(b'\\');

/// Encodes and escapes an address for an attribute in quotes.
pub(super) fn attribute(address: &str) -> String {
    escape(&utf8_percent_encode(address, NOT_IN_ADDRESS).to_string())
}

impl Writer<'_, '_> {
    pub(super) fn link_start(&mut self, kind: LinkType, target: &str, title: &str, range: Range<usize>) {
        let wanted = if kind == LinkType::Email { format!("mailto:{target}") } else { target.to_owned() };
        match self.address(&wanted) {
            Ok(address) => self.open_link(&address, title),
            Err(refused) => {
                self.refuse(range, target, refused);
                self.push("<span class=\"dead-link\">");
                self.link_ends.push("</span>");
            }
        }
    }

    pub(super) fn link_end(&mut self) {
        let end = self.link_ends.pop().unwrap_or("");
        self.push(end);
    }

    fn open_link(&mut self, address: &str, title: &str) {
        let title = if title.is_empty() { String::new() } else { format!(" title=\"{}\"", escape(title)) };
        let rel = if is_external(address) { " rel=\"noopener\"" } else { "" };
        self.push(format!("<a href=\"{}\"{title}{rel}>", attribute(address)));
        self.link_ends.push("</a>");
    }

    fn address(&mut self, target: &str) -> Result<String, Refused> {
        check_scheme(target)?;
        match target.strip_prefix('#') {
            Some(id) => self.heading_address(id),
            None => self.host.link(target),
        }
    }

    fn heading_address(&self, id: &str) -> Result<String, Refused> {
        let prefix = self.host.id_prefix();
        let known = || self.headings.iter().filter_map(|heading| heading.id.strip_prefix(prefix));
        if known().any(|known| known == id) {
            return Ok(format!("#{prefix}{id}"));
        }
        let refused = Refused::new(format!("no heading here has the id `{id}`"));
        Err(match closest(id, known()) {
            Some(near) => refused.help(format!("did you mean `#{near}`?")),
            None => refused,
        })
    }

    /// Writes text, with links where bare web addresses stand, as on GitHub.
    pub(super) fn text_with_links(&mut self, text: &str) {
        if !text.contains("://") || !self.link_ends.is_empty() {
            self.out.push(Event::Text(text.to_owned().into()));
            return;
        }
        for span in LinkFinder::new().kinds(&[LinkKind::Url]).spans(text) {
            let target = Some(span.as_str()).filter(|target| span.kind().is_some() && is_external(target));
            let address = target.and_then(|target| self.address(target).ok());
            if let Some(address) = &address {
                self.open_link(address, "");
            }
            self.out.push(Event::Text(span.as_str().to_owned().into()));
            if address.is_some() {
                self.link_end();
            }
        }
    }

    /// Takes all of the image's description.
    pub(super) fn image(&mut self, target: &str, title: &str, range: Range<usize>) {
        let alt = self.description();
        if !title.is_empty() {
            self.hint(range.clone(), "the title of an image is not shown", "say it in the text around the image");
        }
        if alt.is_empty() {
            let help = "say between `[` and `]` what it shows; leave it out only for an ornament";
            self.hint(range.clone(), "the image has no description", help);
        }
        match check_scheme(target).and_then(|()| self.host.image(target, &alt)) {
            Ok(html) => self.push(html.as_str().to_owned()),
            Err(refused) => {
                self.refuse(range, target, refused);
                self.push(format!("<span class=\"dead-link\">{}</span>", escape(&alt)));
            }
        }
    }

    /// Takes the words up to the end of the image; its description may hold images itself.
    fn description(&mut self) -> String {
        let mut depth = 1;
        let inner = self.events.by_ref().map(|(event, _)| event).take_while(|event| {
            match event {
                Event::Start(pulldown_cmark::Tag::Image { .. }) => depth += 1,
                Event::End(TagEnd::Image) => depth -= 1,
                _ => {}
            }
            depth > 0
        });
        let inner: Vec<Event> = inner.collect();
        plain::words(inner.iter())
    }

    /// Reports what the host refused, at the place of `target` within the range.
    pub(super) fn refuse(&mut self, range: Range<usize>, target: &str, refused: Refused) {
        let diagnostic = Diagnostic::warning(self.places.place_within(range, target), refused.message);
        self.diagnostics.push(Diagnostic { help: refused.help, ..diagnostic });
    }

    fn hint(&mut self, range: Range<usize>, message: &str, help: &str) {
        self.diagnostics.push(Diagnostic::hint(self.places.place(range), message).help(help));
    }
}

fn check_scheme(target: &str) -> Result<(), Refused> {
    // Browsers skip blanks and control characters: `java\nscript:` would run.
    let read: String = target.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    let scheme = read.split(['/', '?', '#']).next().and_then(|head| head.split_once(':')).map(|(scheme, _)| scheme);
    match scheme {
        Some(scheme) if !SCHEMES.contains(&scheme.to_ascii_lowercase().as_str()) => {
            let help = format!("a link may begin with {}:, or be a path", SCHEMES.join(":, "));
            Err(Refused::new(format!("links to `{scheme}:` are not followed")).help(help))
        }
        _ => Ok(()),
    }
}

fn is_external(address: &str) -> bool {
    let address = address.to_ascii_lowercase();
    ["http://", "https://", "//"].iter().any(|start| address.starts_with(start))
}
