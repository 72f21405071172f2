//! Markdown of the content as HTML: where its links lead, and what its `lab` blocks show.

use std::sync::Arc;

use askama::Template;

use super::as_markdown;
use super::figure::Figure;
use super::frame::SECTIONS;
use super::machines;
use super::numbers::Numbers;
use super::{Results, Site};
use crate::archive::Archive;
use crate::chart;
use crate::content::Body;
use crate::html::{Html, escape};
use crate::lab::Experiment;
use crate::markdown::{self, Host, Refused, Rendered, Resolver, Value};
use crate::problem::{Problem, SourceFile, closest};

/// Whether a text can have a `lab` block: its fence says so (CommonMark §4.5).
pub(super) fn may_have_blocks(body: &Body) -> bool {
    let after = |fence: &str| {
        body.markdown.split(fence).skip(1).any(|rest| rest.trim_start_matches([' ', '\t', '`', '~']).starts_with("lab"))
    };
    after("```") || after("~~~")
}

/// The text of a page, with its figures drawn from the results.
pub(super) fn render(site: &Site, body: &Body) -> Rendered {
    let mut host = PageHost::of(site, body);
    markdown::render(&body.file, &body.markdown, body.lines_before, &mut host)
}

/// The text of a page as Markdown that needs nothing of this site: addresses instead of file names, results instead of `lab` blocks.
pub(super) fn markdown(site: &Site, body: &Body) -> String {
    let host = PageHost::of(site, body);
    markdown::resolve(&body.markdown, &mut InMarkdown { site, host })
}

/// A `lab` block that can be run.
#[derive(Debug)]
pub(super) struct Block {
    /// Which figure of its page it is, from 1.
    pub(super) number: usize,
    /// As it is written.
    pub(super) text: String,
    /// What it means.
    pub(super) experiment: Experiment,
}

/// What is wrong in a text, and the experiments in it. Nothing is drawn and no code is coloured, so this is fast. With results,
/// numbers
/// that they do not give are wrong.
pub(super) fn read(archive: &Archive, body: &Body, results: Option<&Results>) -> (Vec<Block>, Vec<Problem>) {
    let mut host = PageHost::new(archive, body, None, results);
    let rendered = markdown::render(&body.file, &body.markdown, body.lines_before, &mut host);
    host.problems.extend(rendered.problems);
    (host.blocks, host.problems)
}

pub(super) struct PageHost<'a> {
    archive: &'a Archive,
    /// The text's file; relative links start from its folder.
    source: &'a Arc<SourceFile>,
    /// What figures are drawn from; nothing is drawn without.
    results: Option<&'a Results>,
    /// Whether what only programs read is there to be linked to.
    data: bool,
    /// What placeholders stand for.
    numbers: Numbers,
    figures: usize,
    blocks: Vec<Block>,
    problems: Vec<Problem>,
}

impl Host for PageHost<'_> {
    fn link(&mut self, target: &str) -> Result<String, Refused> {
        if target.contains("://") || ["mailto:", "tel:", "geo:"].iter().any(|scheme| target.starts_with(scheme)) {
            return Ok(target.to_owned());
        }
        let end = target.find(['?', '#']).unwrap_or(target.len());
        let (path, rest) = target.split_at(end);
        self.page(path).or_else(|| self.file(path)).map(|path| format!("{path}{rest}")).ok_or_else(|| self.no_page(path))
    }

    fn image(&mut self, target: &str, alt: &str) -> Result<Html, Refused> {
        let Some(address) = self.file(target) else {
            let help = "put the file beside the content and write its path; pictures elsewhere can be linked";
            return Err(Refused::new(format!("there is no file `{target}` in the content folder")).help(help));
        };
        Ok(Html::trusted(format!(r#"<img src="{}" alt="{}" loading="lazy">"#, escape(&address), escape(alt))))
    }

    fn value(&mut self, reference: &str) -> Option<Value> {
        Some(self.numbers.value(reference))
    }

    fn block(&mut self, info: &str, block: &str, lines_before: usize) -> Option<Html> {
        if info.split_whitespace().next() != Some("lab") {
            // Without results nobody looks at the page, and colouring code would take most of the time.
            return self.results.is_none().then(Html::default);
        }
        let (experiment, problems) = Experiment::parse(self.source, block, lines_before);
        self.problems.extend(problems);
        self.figures += 1;
        let Some(results) = self.results else {
            let number = self.figures;
            self.blocks.extend(experiment.map(|experiment| Block { number, text: block.to_owned(), experiment }));
            return Some(Html::default());
        };
        let figure = match experiment {
            Some(experiment) => results.figure(block, &experiment, &self.source.name, self.figures),
            None => Figure::pending(block, self.figures).waiting("Cannot be run as it is written".to_owned(), false),
        };
        figure.render().ok().map(Html::trusted)
    }
}

/// What [`PageHost`] knows, for a text that stays Markdown.
struct InMarkdown<'a> {
    site: &'a Site,
    host: PageHost<'a>,
}

impl Resolver for InMarkdown<'_> {
    fn link(&mut self, target: &str) -> Option<String> {
        let address = self.host.link(target).ok().or_else(|| self.host.file(target))?;
        Some(if address.starts_with('/') { self.site.address(&address) } else { address })
    }

    fn block(&mut self, info: &str, block: &str) -> Option<String> {
        (info.split_whitespace().next() == Some("lab")).then(|| {
            self.host.figures += 1;
            let (experiment, _) = Experiment::parse(self.host.source, block, 0);
            figure_markdown(&self.site.results, block, experiment.as_ref(), self.host.figures)
        })
    }

    fn value(&mut self, reference: &str) -> Option<String> {
        let text = self.host.numbers.value(reference).html.text();
        // What names no number stands as it was typed, as on the page.
        (!text.starts_with("{{")).then(|| as_markdown::escape(&text))
    }
}

/// What stands for a figure in Markdown: its title, what it shows in words, and its numbers.
fn figure_markdown(results: &Results, block: &str, experiment: Option<&Experiment>, number: usize) -> String {
    let figure = Figure::pending(block, number);
    let record = experiment.and_then(|experiment| Some((results.records.get(&results.id(experiment).ok()?)?, experiment)));
    let title = as_markdown::escape(&figure.title);
    let Some((record, experiment)) = record else {
        return format!("**Figure {number}: {title}.** This experiment has no result yet.");
    };
    let drawing = chart::draw(record, experiment, "figure");
    let caption = as_markdown::escape(&drawing.caption);
    let table = as_markdown::table(&drawing.table.head, &drawing.table.rows);
    format!("**Figure {number}: {title}.** {caption}\n\n{}:\n\n{table}", as_markdown::escape(&drawing.table.caption))
}

impl<'a> PageHost<'a> {
    pub(super) fn new(archive: &'a Archive, body: &'a Body, results: Option<&'a Results>, values: Option<&Results>) -> Self {
        let numbers = Numbers::of(body, values);
        Self { archive, source: &body.file, results, data: true, numbers, figures: 0, blocks: Vec::new(), problems: Vec::new() }
    }

    /// For a text of a site.
    pub(super) fn of(site: &'a Site, body: &'a Body) -> Self {
        let results = Some(&site.results);
        Self { data: site.extras.data, ..Self::new(&site.archive, body, results, results) }
    }

    /// The page at a path, also where the path is that of its file in the content folder.
    fn page(&self, path: &str) -> Option<String> {
        let path = if path.starts_with('/') { path.to_owned() } else { of_file(&self.resolve(path))? };
        let list = path == "/" || SECTIONS.iter().any(|section| section.path == path);
        if list || self.archive.route_exists(&path) || self.data && machines::is_there(self.archive, &path) {
            return Some(path);
        }
        self.archive.redirect(&path).map(ToString::to_string)
    }

    /// A file kept beside the content.
    fn file(&self, path: &str) -> Option<String> {
        let name = path.strip_prefix("/files/").map_or_else(|| self.resolve(path), str::to_owned);
        self.archive.files.contains(&name).then(|| format!("/files/{name}"))
    }

    /// A relative path from the folder of the text.
    fn resolve(&self, path: &str) -> String {
        let mut parts: Vec<&str> = self.source.name.split('/').collect();
        parts.pop();
        for part in path.split('/') {
            match part {
                "." | "" => {}
                ".." => drop(parts.pop()),
                part => parts.push(part),
            }
        }
        parts.join("/")
    }

    fn no_page(&self, path: &str) -> Refused {
        let refused = Refused::new(format!("there is no page `{path}`"));
        let routes = all_routes(self.archive);
        match closest(path, routes.iter().map(String::as_str)) {
            Some(near) => refused.help(format!("did you mean `{near}`?")),
            None => refused.help("write the address of a page as the browser shows it, such as /meetups/29/"),
        }
    }
}

/// The page made of a file of the content: `hot-topics/radam.md` gives `/hot-topics/radam/`.
fn of_file(name: &str) -> Option<String> {
    let name = name.strip_suffix(".md").or_else(|| name.strip_suffix(".yaml"))?;
    Some(match name.split_once('/') {
        Some(("pages", stem)) => format!("/{stem}/"),
        // The redirects know numbers with leading zeros.
        _ => format!("/{name}/"),
    })
}

/// The addresses of everything in the archive.
pub(super) fn all_routes(archive: &Archive) -> Vec<String> {
    archive.targets().map(|(route, _)| route.to_string()).collect()
}
