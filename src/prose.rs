//! Markdown of the content as HTML, with its links checked and its `lab` blocks drawn.

mod figure;
mod numbers;
pub(crate) mod standalone;

use std::sync::Arc;

use askama::Template;
use rayon::prelude::*;

use crate::archive::{Archive, file_slug};
use crate::content::Body;
use crate::context::{Results, SECTIONS, Site};
use crate::diagnostics::{Diagnostic, SourceFile, closest};
use crate::html::{Html, escape};
use crate::lab::Experiment;
use crate::markdown::{self, Host, Refused, Rendered, Value};
use crate::views::Views;
use numbers::Numbers;

pub(crate) use figure::Figure;
pub(crate) use figure::pairs;

/// Returns whether a text may have a `lab` block, by the info strings of its fences (CommonMark §4.5).
pub(crate) fn may_have_blocks(body: &Body) -> bool {
    let after = |fence: &str| {
        body.markdown.split(fence).skip(1).any(|rest| rest.trim_start_matches([' ', '\t', '`', '~']).starts_with("lab"))
    };
    after("```") || after("~~~")
}

/// Renders the text of a page, with its figures drawn from the results.
pub(crate) fn render(site: &Site, body: &Body) -> Rendered {
    let mut host = PageHost::of(site, body);
    markdown::render(&body.file, &body.markdown, body.lines_before, &mut host)
}

/// Renders a text that stands among others on a page, if there is one. Its headings have no addresses, because two texts
/// may have the same.
pub(crate) fn part(site: &Site, body: Option<&Body>, page: &str) -> Option<Html> {
    body.map(|body| standalone::render(site, body, page))
}

/// A `lab` block that can be run.
#[derive(Debug)]
pub(crate) struct Block {
    /// Number of the figure on its page, from 1.
    pub(crate) number: usize,
    /// Source.
    pub(crate) text: String,
    /// Meaning of the source.
    pub(crate) experiment: Experiment,
}

/// Finds the experiments and the faults of a text. Nothing is drawn and no code is coloured, so this is fast. With
/// results, placeholders without a value are faults.
pub(crate) fn read(
    archive: &Archive,
    views: &Views,
    body: &Body,
    results: Option<&Results>,
) -> (Vec<Block>, Vec<Diagnostic>) {
    let mut host = PageHost::new((archive, views), body, None, results);
    let rendered = markdown::render(&body.file, &body.markdown, body.lines_before, &mut host);
    host.diagnostics.extend(rendered.diagnostics);
    if let Some(value) = &body.value {
        host.diagnostics.iter_mut().for_each(|diagnostic| diagnostic.span = value.clone());
    }
    (host.blocks, host.diagnostics)
}

pub(crate) struct PageHost<'a> {
    archive: &'a Archive,
    views: &'a Views,
    /// File of the text; relative links start from its folder.
    source: &'a Arc<SourceFile>,
    /// Results to draw figures from; nothing is drawn without.
    results: Option<&'a Results>,
    /// True if links to data for programs are allowed.
    data: bool,
    /// Values of placeholders.
    numbers: Numbers,
    figures: usize,
    blocks: Vec<Block>,
    diagnostics: Vec<Diagnostic>,
}

impl Host for PageHost<'_> {
    fn link(&mut self, target: &str) -> Result<String, Refused> {
        if target.contains("://") || ["mailto:", "tel:", "geo:"].iter().any(|scheme| target.starts_with(scheme)) {
            return Ok(target.to_owned());
        }
        let end = target.find(['?', '#']).unwrap_or(target.len());
        let (path, rest) = target.split_at(end);
        self.page(path)
            .or_else(|| self.file(path))
            .map(|path| format!("{path}{rest}"))
            .ok_or_else(|| self.no_page(path))
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
            // Without results nobody sees the page, and colouring code would take most of the time.
            return self.results.is_none().then(Html::default);
        }
        let (experiment, diagnostics) = Experiment::parse(self.source, block, lines_before);
        self.diagnostics.extend(diagnostics);
        self.figures += 1;
        let Some(results) = self.results else {
            let number = self.figures;
            self.blocks.extend(experiment.map(|experiment| Block { number, text: block.to_owned(), experiment }));
            return Some(Html::default());
        };
        let figure = match experiment {
            Some(experiment) => Figure::of(results, block, &experiment, &self.source.name, self.figures),
            None => {
                Figure::pending(block, None, self.figures).waiting("Cannot be run as it is written".to_owned(), false)
            }
        };
        figure.render().ok().map(Html::trusted)
    }
}

impl<'a> PageHost<'a> {
    pub(crate) fn new(
        (archive, views): (&'a Archive, &'a Views),
        body: &'a Body,
        results: Option<&'a Results>,
        values: Option<&Results>,
    ) -> Self {
        let numbers = Numbers::of(body, values);
        Self {
            archive,
            views,
            source: &body.file,
            results,
            data: true,
            numbers,
            figures: 0,
            blocks: Vec::new(),
            diagnostics: Vec::new(),
        }
    }

    /// Creates the host for a text of a site.
    pub(crate) fn of(site: &'a Site, body: &'a Body) -> Self {
        let results = Some(&site.results);
        Self { data: site.extras.data, ..Self::new((&site.archive, &site.views), body, results, results) }
    }

    /// Returns the page at a path, which may be that of its file in the content folder.
    fn page(&self, path: &str) -> Option<String> {
        let path = if path.starts_with('/') { path.to_owned() } else { of_file(&self.resolve(path))? };
        let list = path == "/" || SECTIONS.iter().any(|section| section.path == path);
        let page = list || self.archive.route_exists(&path) || self.archive.may_exist(&path);
        if page || self.data && self.views.is_data(&path) {
            return Some(path);
        }
        self.archive.redirect(&path).map(ToString::to_string)
    }

    /// Returns the address of a file kept beside the content.
    fn file(&self, path: &str) -> Option<String> {
        // From the folder of the text, as Markdown has it, or from the content folder, as the paths of YAML files have it.
        let names = match path.strip_prefix("/files/") {
            Some(name) => [name.to_owned(), String::new()],
            None => [self.resolve(path), path.to_owned()],
        };
        names.iter().find(|name| self.archive.files.contains(*name)).map(|name| format!("/files/{name}"))
    }

    /// Resolves a relative path from the folder of the text.
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

/// Finds what only shows when pages are made of texts of an archive: dead links, faulty formulas, experiments that
/// cannot be run.
pub fn lint(archive: &Archive, texts: &[&Body]) -> Vec<Diagnostic> {
    lint_texts(archive, texts, None)
}

/// [`lint`], and besides it what only shows beside the results: numbers in texts that no record gives.
pub fn lint_with(archive: &Archive, texts: &[&Body], results: &Results) -> Vec<Diagnostic> {
    lint_texts(archive, texts, Some(results))
}

/// On all cores, and in the order of the texts all the same.
fn lint_texts(archive: &Archive, texts: &[&Body], results: Option<&Results>) -> Vec<Diagnostic> {
    let views = Views::new(archive);
    texts.par_iter().flat_map_iter(|body| read(archive, &views, body, results).1).collect()
}

/// The experiments of all texts that can be run, each with the name of its file.
pub fn experiments(archive: &Archive) -> Vec<(String, Experiment)> {
    let views = Views::new(archive);
    let of = |body: &Body| {
        let name = body.file.name.clone();
        read(archive, &views, body, None).0.into_iter().map(move |block| (name.clone(), block.experiment))
    };
    let texts: Vec<&Body> = archive.bodies().collect();
    // Most texts have none, and need not be read for it.
    texts.into_par_iter().filter(|body| may_have_blocks(body)).flat_map_iter(of).collect()
}

/// Returns the page made of a content file: `hot-topics/radam.md` gives `/hot-topics/radam/`.
fn of_file(name: &str) -> Option<String> {
    let name = name.strip_suffix(".md").or_else(|| name.strip_suffix(".yaml"))?;
    Some(match name.split_once('/') {
        Some(("pages", stem)) => format!("/{}/", file_slug(stem)),
        Some((section @ ("jobs" | "events" | "hot-topics"), stem)) => format!("/{section}/{}/", file_slug(stem)),
        // The redirects know numbers with leading zeros.
        _ => format!("/{name}/"),
    })
}

/// Returns the addresses of everything in the archive.
pub(crate) fn all_routes(archive: &Archive) -> Vec<String> {
    archive.targets().map(|(route, _)| route.to_string()).collect()
}
