//! What is suspicious in the links of one meetup though nothing is broken: mistakes that archives of this kind really had.

use super::link::{Link, Target};
use super::meetup::Meetup;
use crate::problem::{Problem, Text, fold};

impl Meetup {
    /// All paths of files that it links.
    pub fn paths(&self) -> impl Iterator<Item = &Text> {
        let lists = [&self.slides, &self.videos, &self.files];
        let talks = self.talks.iter().flat_map(|talk| talk.slides.iter().chain(&talk.videos));
        let topics = self.hot_topics.iter().flat_map(|topic| &topic.slides);
        let photos = self.photos.iter().map(|photos| &photos.link);
        let single = self.poster.iter().chain(&self.banner);
        lists.into_iter().flatten().chain(talks).chain(topics).chain(photos).chain(single).filter_map(path_of)
    }
}

/// All that can be seen in the file alone.
pub(super) fn suspicious(meetup: &Meetup) -> Vec<Problem> {
    let mut problems = strange_folders(meetup);
    problems.extend(swapped_decks(meetup));
    problems
}

/// Decks of one event in the folder of another.
fn strange_folders(meetup: &Meetup) -> Vec<Problem> {
    let Some(Target::Path(folder)) = meetup.folder.as_ref().map(|folder| &folder.target) else { return Vec::new() };
    let Some((above, _)) = folder.trim_end_matches('/').rsplit_once('/') else { return Vec::new() };
    let beside = |path: &str| path.strip_prefix(above).is_some_and(|rest| rest.starts_with('/'));
    let problem = |path: &Text| {
        let problem = Problem::warning(path.place(), format!("`{path}` is not in this meetup's folder {folder}"));
        problem.help("check that the link is not another meetup's")
    };
    meetup.paths().filter(|path| beside(path) && !path.starts_with(folder.as_str())).map(problem).collect()
}

/// Two talks whose decks carry each other's speakers in their file names.
fn swapped_decks(meetup: &Meetup) -> Vec<Problem> {
    let mut problems = Vec::new();
    if meetup.talks.len() < 2 {
        return problems;
    }
    let surnames: Vec<Vec<String>> =
        meetup.talks.iter().map(|talk| talk.speakers.iter().map(|name| surname(name)).collect()).collect();
    for (talk, own) in meetup.talks.iter().zip(&surnames) {
        for path in talk.slides.iter().filter_map(path_of) {
            let file = fold(path.rsplit('/').next().unwrap_or(path));
            let names = |surnames: &[String]| surnames.iter().any(|name| file.contains(name));
            let mut others = meetup.talks.iter().zip(&surnames).filter(|(other, _)| other.title != talk.title);
            if let Some((other, _)) = others.find(|(_, theirs)| names(theirs)).filter(|_| !names(own)) {
                let message = format!("the file name looks like the deck of `{}`", other.title);
                problems.push(Problem::hint(path.place(), message).help("check that the slides are not swapped"));
            }
        }
    }
    problems
}

/// The last word of a name as it would stand in a file name; at least four letters, so that it says something.
fn surname(name: &str) -> String {
    let folded = fold(name);
    match folded.rsplit(|c: char| !c.is_ascii_alphanumeric()).find(|word| !word.is_empty()) {
        Some(last) if last.len() >= 4 => last.to_owned(),
        _ => folded,
    }
}

fn path_of(link: &Link) -> Option<&Text> {
    match &link.target {
        Target::Path(path) => Some(path),
        Target::Url(_) => None,
    }
}
