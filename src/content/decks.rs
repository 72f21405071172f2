//! Finds suspicious links of a meetup: mistakes that archives of this kind really had.

use super::link::{FilePath, Link, Target};
use super::meetup::Meetup;
use crate::diagnostics::{Diagnostic, Spanned, fold};

impl Meetup {
    /// All paths of files that it links.
    pub fn paths(&self) -> impl Iterator<Item = &Spanned<FilePath>> {
        let lists = [&self.slides, &self.videos, &self.files].into_iter().flatten();
        let talks = self.talks.iter().flat_map(|talk| talk.slides.iter().chain(&talk.videos));
        let topics = self.hot_topics.iter().flat_map(|topic| &topic.slides);
        let single = self.poster.iter().chain(&self.banner);
        let links = lists.chain(talks).chain(topics).chain(single).map(|link| &link.0);
        links.chain(self.photos.iter().map(|photos| &photos.link)).filter_map(path_of)
    }
}

/// Finds what can be seen in the file alone.
pub(super) fn lint(meetup: &Meetup) -> Vec<Diagnostic> {
    let mut diagnostics = strange_folders(meetup);
    diagnostics.extend(swapped_decks(meetup));
    diagnostics
}

/// Finds decks of one event in the folder of another.
fn strange_folders(meetup: &Meetup) -> Vec<Diagnostic> {
    let Some(folder) = meetup.folder.as_ref().and_then(|folder| path_of(folder)) else { return Vec::new() };
    let Some((above, _)) = folder.trim_end_matches('/').rsplit_once('/') else { return Vec::new() };
    let beside = |path: &str| path.strip_prefix(above).is_some_and(|rest| rest.starts_with('/'));
    let warning = |path: &Spanned<FilePath>| {
        let message = format!("`{path}` is not in this meetup's folder {folder}");
        Diagnostic::warning(path.span.clone(), message).help("check that the link is not another meetup's")
    };
    meetup.paths().filter(|path| beside(path) && !path.starts_with(&***folder)).map(warning).collect()
}

/// Finds talks whose decks carry another talk's speakers in their file names.
fn swapped_decks(meetup: &Meetup) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    if meetup.talks.len() < 2 {
        return diagnostics;
    }
    let surnames: Vec<Vec<String>> =
        meetup.talks.iter().map(|talk| talk.speakers.iter().map(|name| surname(name)).collect()).collect();
    for (talk, own) in meetup.talks.iter().zip(&surnames) {
        for path in talk.slides.iter().filter_map(|link| path_of(link)) {
            let file = fold(path.rsplit('/').next().unwrap_or(path));
            let names = |surnames: &[String]| surnames.iter().any(|name| file.contains(name));
            let mut others = meetup.talks.iter().zip(&surnames).filter(|(other, _)| other.title != talk.title);
            if let Some((other, _)) = others.find(|(_, theirs)| names(theirs)).filter(|_| !names(own)) {
                let message = format!("the file name looks like the deck of `{}`", other.title);
                diagnostics
                    .push(Diagnostic::hint(path.span.clone(), message).help("check that the slides are not swapped"));
            }
        }
    }
    diagnostics
}

/// The last word of a name as it would stand in a file name; at least four letters, so that it means something.
fn surname(name: &str) -> String {
    let folded = fold(name);
    match folded.rsplit(|c: char| !c.is_ascii_alphanumeric()).find(|word| !word.is_empty()) {
        Some(last) if last.len() >= 4 => last.to_owned(),
        _ => folded,
    }
}

fn path_of(link: &Link) -> Option<&Spanned<FilePath>> {
    match &link.target {
        Target::Path(path) => Some(path),
        Target::Url(_) => None,
    }
}
