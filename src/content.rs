//! From the bytes of a content folder to typed sources, each value with its place, and all problems in one run.
//!
//! One file per kind of content below; [`Source::read`] is the list of them. Nothing here knows other files: names stay
//! names until the archive looks them up.

mod announcement;
mod article;
mod change;
mod decks;
mod folder;
mod job;
mod link;
mod meetup;
mod page;
mod people;
mod price;
mod settings;
mod site;
mod topics;
mod venues;

use std::sync::Arc;

pub use announcement::{Announcement, Kind as AnnouncementKind, Slot};
pub use article::{Article, Paper};
pub use change::Change;
pub use folder::{Folder, Listing, ReadError, Touched};
pub use job::{Contact, Job};
pub use link::{Link, Target};
pub use meetup::{Agenda, AgendaItem, Credit, EventKey, Format, HotTopic, Meetup, Named, Panel, Photos, Status, Talk, TalkKind};
pub use page::Page;
pub use people::{Affiliation, Person, When};
pub use price::Price;
pub use settings::{SERVER_SETTINGS, Setting, settings};
pub use site::{CoOrganiser, Organiser, Site};
pub use topics::Topic;
pub use venues::{Coordinates, Venue};

use crate::problem::{Problem, SourceFile, Text};
use crate::yaml::{self, Cursor, Fields, Problems};

/// A file of the content folder, read into its type.
#[derive(Debug, Clone)]
pub enum Source {
    /// `site.yaml`
    Site(Box<Site>),
    /// `topics.yaml`
    Topics(Vec<Topic>),
    /// `people.yaml`
    People(Vec<Person>),
    /// `venues.yaml`
    Venues(Vec<Venue>),
    /// `meetups/*.yaml`
    Meetup(Box<Meetup>),
    /// `hot-topics/*.md`
    Article(Box<Article>),
    /// `jobs/*.md`
    Job(Box<Job>),
    /// `events/*.md`
    Announcement(Box<Announcement>),
    /// `pages/*.md`
    Page(Box<Page>),
}

impl Source {
    /// Reads a file by the kind that its path names. No source means that the file cannot be used as it is, and then at least
    /// one of the problems is an error; `None` as a whole means that the path names no kind of content.
    pub fn read(file: &Arc<SourceFile>) -> Option<(Option<Source>, Vec<Problem>)> {
        Some(match split(&file.name) {
            ("", "site.yaml") => yaml_file(file, |c| site::read(c).map(Box::new).map(Source::Site)),
            ("", "topics.yaml") => yaml_file(file, |c| Some(Source::Topics(registry(c, topics::read)))),
            ("", "people.yaml") => {
                let (source, mut problems) = yaml_file(file, |c| Some(Source::People(registry(c, people::read))));
                if let Some(Source::People(people)) = &source {
                    problems.extend(people::similar(people));
                }
                (source, problems)
            }
            ("", "venues.yaml") => yaml_file(file, |c| Some(Source::Venues(registry(c, venues::read)))),
            ("meetups", name) if is_yaml(name) => yaml_file(file, |c| meetup::read(c, file).map(Box::new).map(Source::Meetup)),
            ("hot-topics", name) if name.ends_with(".md") => {
                markdown_file(file, "a hot topic", |f, text| article::read(f, text).map(Box::new).map(Source::Article))
            }
            ("jobs", name) if name.ends_with(".md") => {
                markdown_file(file, "a job", |f, text| job::read(f, text).map(Box::new).map(Source::Job))
            }
            ("events", name) if name.ends_with(".md") => {
                markdown_file(file, "an event", |f, text| announcement::read(f, text).map(Box::new).map(Source::Announcement))
            }
            ("pages", name) if name.ends_with(".md") => {
                markdown_file(file, "a page", |f, text| page::read(f, text).map(Box::new).map(Source::Page))
            }
            _ => return None,
        })
    }
}

/// The Markdown of a file, below its front matter.
#[derive(Debug, Clone)]
pub struct Body {
    /// The file, for places.
    pub file: Arc<SourceFile>,
    /// The file's name without folder and ending, which is the last part of its page's address.
    pub stem: Arc<str>,
    /// The Markdown.
    pub markdown: Text,
    /// Lines of the file before it.
    pub lines_before: usize,
}

fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

fn is_yaml(name: &str) -> bool {
    name.ends_with(".yaml") || name.ends_with(".yml")
}

fn yaml_file(file: &Arc<SourceFile>, read: impl FnOnce(Cursor<'_>) -> Option<Source>) -> (Option<Source>, Vec<Problem>) {
    let problems = Problems::default();
    let source = match yaml::parse(file, &file.text, 0) {
        Ok(document) => read(document.cursor(&problems)),
        Err(problem) => {
            problems.add(problem);
            None
        }
    };
    usable(source, problems)
}

fn markdown_file(
    file: &Arc<SourceFile>,
    what: &'static str,
    read: impl FnOnce(&mut Fields<'_>, Body) -> Option<Source>,
) -> (Option<Source>, Vec<Problem>) {
    let problems = Problems::default();
    let parts = yaml::front_matter(file).and_then(|(front, before, body, lines_before)| {
        yaml::parse(file, front, before)
            .map(|document| (document, Text::of(file, file.text.len() - body.len()..file.text.len()), lines_before))
    });
    let source = match parts {
        Ok((document, markdown, lines_before)) => {
            let stem = split(&file.name).1.trim_end_matches(".md").into();
            let body = Body { file: file.clone(), stem, markdown, lines_before };
            document.cursor(&problems).fields(what, |fields| read(fields, body))
        }
        Err(problem) => {
            problems.add(problem);
            None
        }
    };
    usable(source, problems)
}

/// A source with an error in it is not used, however much of it could be read.
fn usable(source: Option<Source>, problems: Problems) -> (Option<Source>, Vec<Problem>) {
    let problems = problems.into_vec();
    let broken = problems.iter().any(|problem| problem.level == crate::problem::Level::Error);
    (source.filter(|_| !broken), problems)
}

/// A file that is one list of things of a kind. One without any is told: an editor that has just emptied it would take all names from the site, and
/// with the last of them the check of names.
fn registry<T>(cursor: Cursor<'_>, read: fn(Cursor<'_>) -> Option<T>) -> Vec<T> {
    let items = cursor.items();
    if items.is_empty() {
        cursor.error("this list has no entries", "begin one with `- name: `, or remove the file");
    }
    items.into_iter().filter_map(read).collect()
}
