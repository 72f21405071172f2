//! A text that stays Markdown, with what only the site knows put in: where its links lead, what stands for its blocks and placeholders.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Parser, Tag, TagEnd};

use super::OPTIONS;

/// What the caller knows and the text does not.
pub trait Resolver {
    /// Where a link or picture leads, or `None` to leave it as it is written.
    fn link(&mut self, target: &str) -> Option<String>;

    /// The Markdown that stands for a fenced block whose opening fence says `info`, or `None` to keep it.
    fn block(&mut self, info: &str, body: &str) -> Option<String>;

    /// What a placeholder `{{reference}}` in running text stands for, as plain text, or `None` to keep it.
    fn value(&mut self, reference: &str) -> Option<String>;
}

/// The text with everything resolved. Its highest heading becomes one of level 2, as in [`render`](super::render); HTML comments are
/// left out, and other HTML shows as text.
pub fn resolve(body: &str, resolver: &mut dyn Resolver) -> String {
    let body = body.trim_start_matches('\u{feff}');
    let parser = Parser::new_ext(body, OPTIONS);
    let mut edits = Edits { body, resolver, edits: Vec::new(), block: None, text: 0..0 };
    edits.definitions(&parser);
    let events: Vec<(Event<'_>, Range<usize>)> = parser.into_offset_iter().collect();
    let highest = events.iter().filter_map(|(event, _)| level(event)).min().unwrap_or(2);
    for (event, range) in events {
        edits.event(event, range, highest);
    }
    edits.applied()
}

/// The text with other targets for its links and pictures, where `target` gives one, and everything else byte for byte as it was.
pub fn relink(body: &str, target: impl Fn(&str) -> Option<String>) -> String {
    let parser = Parser::new_ext(body, OPTIONS);
    let mut resolver = Relink(target);
    let mut edits = Edits { body, resolver: &mut resolver, edits: Vec::new(), block: None, text: 0..0 };
    edits.definitions(&parser);
    parser.into_offset_iter().for_each(|(event, range)| edits.link(&event, range));
    edits.applied()
}

/// Knows where links lead, and nothing else.
struct Relink<F>(F);

impl<F: Fn(&str) -> Option<String>> Resolver for Relink<F> {
    fn link(&mut self, target: &str) -> Option<String> {
        self.0(target)
    }

    fn block(&mut self, _info: &str, _body: &str) -> Option<String> {
        None
    }

    fn value(&mut self, _reference: &str) -> Option<String> {
        None
    }
}

fn level(event: &Event<'_>) -> Option<usize> {
    match event {
        Event::Start(Tag::Heading { level, .. }) => Some(*level as usize),
        _ => None,
    }
}

struct Edits<'a, 'r> {
    body: &'a str,
    resolver: &'r mut dyn Resolver,
    edits: Vec<(Range<usize>, String)>,
    /// The fenced block that is open: what its fence says, its range and its text.
    block: Option<(String, Range<usize>, String)>,
    /// The running text that is open. The parser ends a text at every character that might have meant something.
    text: Range<usize>,
}

impl Edits<'_, '_> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>, highest: usize) {
        match &event {
            Event::Text(_) if self.block.is_none() => {
                if self.text.end != range.start {
                    self.placeholders();
                    self.text.start = range.start;
                }
                self.text.end = range.end;
                return;
            }
            _ => self.placeholders(),
        }
        self.link(&event, range.clone());
        match event {
            Event::Start(Tag::Heading { level, .. }) => self.heading(level as usize, range, highest),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                self.block = Some((info.to_string(), range, String::new()))
            }
            Event::Text(text) => {
                if let Some((_, _, block)) = &mut self.block {
                    block.push_str(&text);
                }
            }
            Event::End(TagEnd::CodeBlock) => self.block_end(),
            Event::Html(html) | Event::InlineHtml(html) => self.html(&html, range),
            _ => {}
        }
    }

    /// Gives the definitions of links, `[name]: target`, their addresses.
    fn definitions(&mut self, parser: &Parser<'_>) {
        for (_, link) in parser.reference_definitions().iter() {
            self.target(&link.dest, link.span.clone(), "]:");
        }
    }

    /// Gives a link or picture its address, if the event begins one whose target stands in it.
    fn link(&mut self, event: &Event<'_>, range: Range<usize>) {
        if let Event::Start(
            Tag::Link { link_type: LinkType::Inline, dest_url, .. } | Tag::Image { link_type: LinkType::Inline, dest_url, .. },
        ) = event
        {
            self.target(dest_url, range, "](");
        }
    }

    /// Replaces the placeholders of the running text that has ended.
    fn placeholders(&mut self) {
        let range = std::mem::take(&mut self.text);
        let (mut at, mut rest) = (range.start, &self.body[range]);
        while let Some((before, after)) = rest.split_once("{{") {
            let Some((inside, behind)) = after.split_once("}}") else { return };
            let start = at + before.len();
            let end = start + inside.len() + 4;
            if let Some(value) = self.resolver.value(inside.trim()) {
                self.edits.push((start..end, value));
            }
            (at, rest) = (end, behind);
        }
    }

    /// Puts the final address of a link in place of its target, which stands after the last `mark` of the range.
    fn target(&mut self, target: &str, range: Range<usize>, mark: &str) {
        let slice = &self.body[range.clone()];
        let Some(from) = slice.rfind(mark) else { return };
        let Some(at) = slice[from..].find(target) else { return };
        if let Some(address) = self.resolver.link(target) {
            let start = range.start + from + at;
            self.edits.push((start..start + target.len(), address));
        }
    }

    fn heading(&mut self, level: usize, range: Range<usize>, highest: usize) {
        let wanted = "#".repeat((level + 2 - highest).min(6));
        let slice = &self.body[range.clone()];
        if slice.starts_with('#') {
            self.edits.push((range.start..range.start + level, wanted));
            return;
        }
        // Underlined: the line below the words goes.
        self.edits.push((range.start..range.start, format!("{wanted} ")));
        let line = slice.trim_end().rfind('\n').unwrap_or(slice.len());
        self.edits.push((range.start + line..range.start + slice.trim_end().len(), String::new()));
    }

    fn block_end(&mut self) {
        let Some((info, range, text)) = self.block.take() else { return };
        if let Some(markdown) = self.resolver.block(&info, &text) {
            let ends = self.body[range.clone()].ends_with('\n');
            self.edits.push((range, format!("{}{}", markdown.trim_end(), if ends { "\n" } else { "" })));
        }
    }

    fn html(&mut self, html: &str, range: Range<usize>) {
        let shown = if html.trim_start().starts_with("<!--") { String::new() } else { html.replace('<', "\\<") };
        self.edits.push((range, shown));
    }

    fn applied(mut self) -> String {
        self.placeholders();
        self.edits.sort_by_key(|(range, _)| range.start);
        let (mut out, mut at) = (String::with_capacity(self.body.len()), 0);
        for (range, text) in &self.edits {
            if range.start < at {
                continue;
            }
            out.push_str(&self.body[at..range.start]);
            out.push_str(text);
            at = range.end;
        }
        out.push_str(&self.body[at..]);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Upper;

    impl Resolver for Upper {
        fn link(&mut self, target: &str) -> Option<String> {
            target.starts_with('/').then(|| format!("https://example.org{target}"))
        }

        fn block(&mut self, info: &str, body: &str) -> Option<String> {
            (info == "lab").then(|| format!("**{}**", body.trim()))
        }

        fn value(&mut self, reference: &str) -> Option<String> {
            (reference == "a_b: c").then(|| "0.5".to_owned())
        }
    }

    #[test]
    fn links_blocks_placeholders_and_headings_are_resolved_and_the_rest_stays() {
        for (text, resolved) in [
            ("[a](/x/) [b](https://e.org/)", "[a](https://example.org/x/) [b](https://e.org/)"),
            ("[a](/x/ \"see /x/\")", "[a](https://example.org/x/ \"see /x/\")"),
            ("[![p](/p.png)](/x/)", "[![p](https://example.org/p.png)](https://example.org/x/)"),
            ("[a][r]\n\n[r]: /x/\n", "[a][r]\n\n[r]: https://example.org/x/\n"),
            ("# A\n\n## B [c](/x/)\n", "## A\n\n### B [c](https://example.org/x/)\n"),
            ("A\n=\n\ntext\n", "## A\n\ntext\n"),
            ("x\n\n```lab\ny: 1\n```\n\nz", "x\n\n**y: 1**\n\nz"),
            ("```rust\n[a](/x/) {{a_b: c}}\n```\n", "```rust\n[a](/x/) {{a_b: c}}\n```\n"),
            ("Has {{a_b: c}} and {{other}} and `{{a_b: c}}`.", "Has 0.5 and {{other}} and `{{a_b: c}}`."),
            ("a <!-- no --> b", "a  b"),
            ("a <b>c</b>", "a \\<b>c\\</b>"),
        ] {
            assert_eq!(resolve(text, &mut Upper), resolved, "{text}");
        }
    }

    #[test]
    fn links_alone_are_changed_in_a_text_that_stays_as_it_is() {
        let text = "# A [b](/x/)\n\n- [c](</x (y)/#z>) ![p](/p.png) <!-- [d](/x/) -->\n\n`[e](/x/)` {{a_b: c}}\n\n\
                    ```lab\n[f](/x/)\n```\n\n[g][r] <https://e.org/> [\\[h\\](/x/)](/y/ \"/y/\") [i](z/)\n\n[r]: /x/ \"t\"\n\n| a |\n|---|\n| [j](/x/) |\n";
        let changed = text
            .replace("b](/x/)", "b](../x/)")
            .replace("</x (y)", "<../x (y)")
            .replace("(/p.png)", "(../p.png)")
            .replace("[r]: /x/", "[r]: ../x/")
            .replace("(/y/ ", "(../y/ ")
            .replace("j](/x/)", "j](../x/)");
        let relative = |target: &str| target.starts_with('/').then(|| format!("..{target}"));
        assert_eq!(relink(text, relative), changed);
        assert_eq!(relink(text, |_| None), text);
    }
}
