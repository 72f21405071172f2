//! What is suspicious though nothing is broken: mistakes that archives of this kind really had.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::assemble::{Builder, OPEN_DAYS, Parts};
use super::route::slug;
use crate::content::{Link, Meetup, Target};
use crate::problem::{Place, Problem, Text};

impl Builder<'_> {
    pub(super) fn check(&mut self, parts: &Parts<'_>) {
        self.problems.par_extend(parts.meetups.par_iter().flat_map_iter(|meetup| in_meetup(meetup)));
        self.check_local_files(parts);
        self.check_jobs(parts);
    }

    /// Paths into the content folder that lead nowhere, and files there that no path leads to.
    fn check_local_files(&mut self, parts: &Parts<'_>) {
        let mut used: BTreeSet<&str> = BTreeSet::new();
        for path in parts.meetups.iter().flat_map(|meetup| paths(meetup)) {
            if is_local(path) && !self.addresses.local.contains(path.as_str()) {
                let problem = Problem::warning(path.place(), format!("there is no file `{path}` in the content folder"));
                self.problems.push(problem.help("put the file there, or correct the path"));
            }
            used.insert(path);
        }
        for file in self.addresses.local.iter().filter(|file| file.starts_with("meetups/") && !used.contains(file.as_str())) {
            let place = Place::start_of(&crate::problem::SourceFile::new(file.as_str(), ""));
            self.problems
                .push(Problem::hint(place, "no meetup links to this file").help("add it to `slides`, `photos` or `files`"));
        }
    }

    fn check_jobs(&mut self, parts: &Parts<'_>) {
        for job in parts.jobs.iter().filter(|job| job.expires.is_none()) {
            let message = format!("the offer has no end, so it counts as closed {OPEN_DAYS} days after {}", job.date);
            let problem = Problem::hint(Place::start_of(&job.body.file), message);
            self.problems.push(problem.help("add `expires: …` if the company gave a date"));
        }
    }
}

/// What can be seen in the file of one event.
pub(super) fn in_meetup(meetup: &Meetup) -> Vec<Problem> {
    let mut problems = strange_folders(meetup);
    problems.extend(swapped_decks(meetup));
    problems
}

/// Decks of one event in the folder of another.
fn strange_folders(meetup: &Meetup) -> Vec<Problem> {
    let Some(Target::Path(folder)) = meetup.folder.as_ref().map(|folder| &folder.target) else { return Vec::new() };
    let Some((above, _)) = folder.trim_end_matches('/').rsplit_once('/') else { return Vec::new() };
    let strange = |path: &str| path.starts_with(&format!("{above}/")) && !path.starts_with(folder.as_str());
    let problem = |path: &Text| {
        let problem = Problem::warning(path.place(), format!("`{path}` is not in this meetup's folder {folder}"));
        problem.help("check that the link is not another meetup's")
    };
    paths(meetup).into_iter().filter(|path| strange(path)).map(problem).collect()
}

/// Two talks whose decks carry each other's speakers in their file names.
fn swapped_decks(meetup: &Meetup) -> Vec<Problem> {
    let mut problems = Vec::new();
    for talk in &meetup.talks {
        for path in talk.slides.iter().filter_map(path_of) {
            let file = slug(path.rsplit('/').next().unwrap_or(path));
            let names = |speakers: &[Text]| speakers.iter().any(|name| file.contains(&surname(name)));
            let other = meetup.talks.iter().find(|other| other.title != talk.title && names(&other.speakers));
            if let Some(other) = other.filter(|_| !names(&talk.speakers)) {
                let message = format!("the file name looks like the deck of `{}`", other.title);
                problems.push(Problem::hint(path.place(), message).help("check that the slides are not swapped"));
            }
        }
    }
    problems
}

/// Whether a path is that of a file beside the content.
fn is_local(path: &str) -> bool {
    path.starts_with("meetups/")
}

/// The paths of files beside the content that a meetup links.
pub(super) fn local_paths(meetup: &Meetup) -> Vec<&str> {
    paths(meetup).into_iter().map(Text::as_str).filter(|path| is_local(path)).collect()
}

/// The last word of a name as it would stand in a file name; at least four letters, so that it says something.
fn surname(name: &str) -> String {
    match slug(name).rsplit('-').next() {
        Some(last) if last.len() >= 4 => last.to_owned(),
        _ => slug(name),
    }
}

fn path_of(link: &Link) -> Option<&Text> {
    match &link.target {
        Target::Path(path) => Some(path),
        Target::Url(_) => None,
    }
}

/// All paths that a meetup links.
fn paths(meetup: &Meetup) -> Vec<&Text> {
    let lists = [&meetup.slides, &meetup.videos, &meetup.files];
    let talks = meetup.talks.iter().flat_map(|talk| talk.slides.iter().chain(&talk.videos));
    let topics = meetup.hot_topics.iter().flat_map(|topic| &topic.slides);
    let photos = meetup.photos.iter().map(|photos| &photos.link);
    let single = meetup.poster.iter().chain(&meetup.banner);
    lists.into_iter().flatten().chain(talks).chain(topics).chain(photos).chain(single).filter_map(path_of).collect()
}
