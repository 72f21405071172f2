//! Assembles an archive: registries, events, prose, indices, lints.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::broken::is_named_after;
use super::names::Names;
use super::route::{Route, segment};
use super::{
    Affiliation, AnnouncementId, Archive, ArticleId, CoOrganiser, EventId, JobId, Organiser, Person, PersonId, Site,
    Topic, TopicId, Venue, VenueId,
};
use crate::content::{self, EventKey, Source};
use crate::diagnostics::{Diagnostic, SourceFile, Span, Spanned, fold};

/// The file without which there is no archive.
const SITE: &str = "site.yaml";

/// Days after its announcement for which an offer without an end counts as open. This is the site's own rule; pages say
/// so.
pub(super) const OPEN_DAYS: i32 = 180;

/// Separators in a text that looks like several names.
const NAME_SEPARATORS: [&str; 6] = [" and ", " und ", " & ", ";", "/", " + "];

/// Words that stand for a name that is not known yet, in lower case.
const PLACEHOLDERS: [&str; 6] = ["tba", "tbd", "tbc", "todo", "n.n.", "nn"];

/// Academic titles before a name, in lower case and without a full stop.
const TITLES: [&str; 9] = ["dr", "prof", "mag", "di", "ddr", "ing", "dipl.-ing", "univ.-prof", "assoc.-prof"];

impl Archive {
    /// Assembles an archive from sources. `others` are the names of the other files in the content folder, `broken`
    /// those of the files that are not used as they are: what they define is unknown, so references to it are not
    /// reported.
    ///
    /// There is no archive without a site. Every other mistake is reported, and only the broken reference is left out.
    pub fn assemble(
        sources: &[&Source],
        others: &BTreeSet<String>,
        broken: &BTreeSet<String>,
    ) -> (Option<Archive>, Vec<Diagnostic>) {
        let mut parts = Parts::sort(sources);
        let Some(site) = parts.site else {
            if broken.contains(SITE) {
                return (None, Vec::new());
            }
            let place = Span::start_of(&SourceFile::new(SITE, ""));
            let help = "add site.yaml with name, short_name, time_zone and description";
            return (None, vec![Diagnostic::error(place, "there is no site.yaml").help(help)]);
        };
        let mut builder = Builder::new(site, others, broken);
        builder.diagnostics.extend(parts.remove_duplicates());
        builder.registries(&parts);
        builder.events(&parts);
        builder.articles(&parts);
        builder.announcements(&parts);
        builder.jobs(&parts);
        builder.pages(&parts);
        builder.cross_link(&parts);
        builder.finish_site(site);
        builder.affiliations(&parts);
        builder.index();
        builder.lint(&parts);
        (Some(builder.archive), builder.diagnostics)
    }
}

/// The sources by kind, in the order of their files.
#[derive(Default)]
pub(super) struct Parts<'a> {
    pub(super) site: Option<&'a content::Site>,
    pub(super) topics: Vec<&'a content::Topic>,
    pub(super) people: Vec<&'a content::Person>,
    pub(super) venues: Vec<&'a content::Venue>,
    pub(super) meetups: Vec<&'a content::Meetup>,
    pub(super) articles: Vec<&'a content::Article>,
    pub(super) jobs: Vec<&'a content::Job>,
    pub(super) announcements: Vec<&'a content::Announcement>,
    pub(super) pages: Vec<&'a content::Page>,
}

impl<'a> Parts<'a> {
    fn sort(sources: &[&'a Source]) -> Self {
        let mut parts = Parts::default();
        for source in sources {
            match source {
                Source::Site(site) => parts.site = Some(site),
                Source::Topics(topics) => parts.topics.extend(topics),
                Source::People(people) => parts.people.extend(people),
                Source::Venues(venues) => parts.venues.extend(venues),
                Source::Meetup(meetup) => parts.meetups.push(meetup),
                Source::Article(article) => parts.articles.push(article),
                Source::Job(job) => parts.jobs.push(job),
                Source::Announcement(announcement) => parts.announcements.push(announcement),
                Source::Page(page) => parts.pages.push(page),
            }
        }
        parts
    }

    /// Keeps one file of each meetup: the one that is named after it, or else the first one.
    fn remove_duplicates(&mut self) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        let mut used: HashMap<EventKey, &content::Meetup> = HashMap::new();
        let mut meetups = std::mem::take(&mut self.meetups);
        meetups.sort_by_key(|meetup| !is_named_after(&meetup.file.name, &meetup.key()));
        for meetup in meetups {
            let key = meetup.key();
            if let Some(first) = used.get(&key.value) {
                let diagnostic = Diagnostic::error(key.span.clone(), format!("meetup {key} is here a second time"));
                diagnostics.push(
                    diagnostic.help(format!("the first is in {}; give this one its own number", first.file.name)),
                );
            } else {
                used.insert(key.value, meetup);
                self.meetups.push(meetup);
            }
        }
        self.meetups.sort_by(|a, b| a.file.name.cmp(&b.file.name));
        diagnostics
    }
}

/// An archive that is being assembled.
pub(super) struct Builder<'a> {
    pub(super) archive: Archive,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) event_by_key: BTreeMap<EventKey, EventId>,
    /// Slugs in use by section, each with the number to try when it is asked for again.
    slugs: HashMap<&'static str, HashMap<String, usize>>,
    /// Articles, offers and announcements by the names of their files.
    pub(super) articles: HashMap<&'a str, ArticleId>,
    pub(super) jobs: HashMap<&'a str, JobId>,
    pub(super) announcements: HashMap<&'a str, AnnouncementId>,
    /// Addresses that are made of the names of files, with their files.
    pub(super) file_routes: HashMap<Route, Arc<SourceFile>>,
    names: Registries,
}

/// The names of the three registries.
#[derive(Debug)]
struct Registries {
    people: Names,
    venues: Names,
    topics: Names,
}

impl<'a> Builder<'a> {
    fn new(site: &'a content::Site, others: &'a BTreeSet<String>, broken: &BTreeSet<String>) -> Self {
        Self {
            archive: Archive { files: others.clone(), broken: broken.clone(), ..empty(site) },
            diagnostics: Vec::new(),
            event_by_key: BTreeMap::new(),
            slugs: HashMap::new(),
            articles: HashMap::new(),
            jobs: HashMap::new(),
            announcements: HashMap::new(),
            file_routes: HashMap::new(),
            names: Registries { people: Names::of("person"), venues: Names::of("venue"), topics: Names::of("topic") },
        }
    }

    fn registries(&mut self, parts: &Parts<'_>) {
        for topic in &parts.topics {
            let index = self.archive.topics.len();
            self.register(|names| &mut names.topics, &topic.name, &topic.aliases, index);
            let route = self.route("topics", &topic.name);
            let source = (*topic).clone();
            self.archive.topics.push(Topic { source, route, events: vec![], talks: vec![], articles: vec![] });
        }
        for venue in &parts.venues {
            let index = self.archive.venues.len();
            self.register(|names| &mut names.venues, &venue.name, &venue.aliases, index);
            let route = self.route("venues", &venue.name);
            self.archive.venues.push(Venue { source: (*venue).clone(), route, events: Vec::new() });
        }
        for person in &parts.people {
            let index = self.archive.people.len();
            self.register(|names| &mut names.people, &person.name, &person.aliases, index);
            self.add_person((*person).clone());
        }
    }

    fn register(
        &mut self,
        names: fn(&mut Registries) -> &mut Names,
        name: &Spanned<Arc<str>>,
        aliases: &[Spanned<Arc<str>>],
        index: usize,
    ) {
        for spelling in std::iter::once(name).chain(aliases) {
            if let Err(diagnostic) = names(&mut self.names).add(spelling, index) {
                self.diagnostics.push(diagnostic);
            }
        }
    }

    fn add_person(&mut self, source: content::Person) -> PersonId {
        let route = self.route("people", &source.name);
        self.archive.people.push(Person {
            source,
            route,
            affiliations: Vec::new(),
            talks: Vec::new(),
            panels: Vec::new(),
            hot_topics: Vec::new(),
            articles: Vec::new(),
            credits: Vec::new(),
            organiser: false,
        });
        PersonId(self.archive.people.len() - 1)
    }

    /// Makes the address for a title or name in a section. A number is added when the slug is taken.
    pub(super) fn route(&mut self, section: &'static str, title: &str) -> Route {
        let base = segment(title);
        let taken = self.slugs.entry(section).or_default();
        let Some(mut number) = taken.get(&base).copied() else {
            let route = Route::new(section, &base);
            taken.insert(base, 2);
            return route;
        };
        // A title may end with a number, so `base-2` can be the slug of another title.
        let mut free = format!("{base}-{number}");
        while taken.contains_key(&free) {
            number += 1;
            free = format!("{base}-{number}");
        }
        let route = Route::new(section, &free);
        taken.insert(free, 2);
        taken.insert(base, number + 1);
        route
    }

    /// Returns the person of a name, and adds those who are in no list yet. A name that is close to another one is
    /// reported but stays as it is written: taking one person for another would be worse than a typo.
    pub(super) fn person(&mut self, name: &Spanned<Arc<str>>) -> PersonId {
        if let Some(index) = self.names.people.find(name) {
            return PersonId(index);
        }
        if !self.archive.is_broken("people.yaml") {
            self.diagnostics.extend(self.lint_new_name(name));
        }
        let id = self.add_person(content::Person::named(name.clone()));
        // Two events may name the new person; a second registration of the same index cannot fail.
        let _ = self.names.people.add(name, id.0);
        id
    }

    fn lint_new_name(&self, name: &Spanned<Arc<str>>) -> Option<Diagnostic> {
        if PLACEHOLDERS.contains(&fold(name).as_str()) {
            let diagnostic = Diagnostic::warning(name.span.clone(), format!("`{name}` is no name of a person"));
            return Some(diagnostic.help("leave the key out until somebody is known"));
        }
        let known = |name: &&str| self.names.people.find(name).is_some();
        let without_title = Some(without_title(name)).filter(known);
        if let Some(spelling) = without_title.or_else(|| self.names.people.misspelt(name)) {
            let diagnostic = Diagnostic::warning(name.span.clone(), format!("nobody is called `{name}`"));
            let help = format!("did you mean `{spelling}`? If this is somebody else, add the name to people.yaml");
            return Some(diagnostic.help(help));
        }
        let looks_like_several = NAME_SEPARATORS.iter().any(|separator| name.contains(separator));
        looks_like_several.then(|| {
            let help = "write a list, as in `[Ada Lovelace, Alan Turing]`. If this is one name, add it to people.yaml";
            Diagnostic::warning(name.span.clone(), format!("`{name}` looks like several people")).help(help)
        })
    }

    /// Returns the person of a name who is in the archive already.
    pub(super) fn known_person(&self, name: &str) -> Option<PersonId> {
        self.names.people.find(name).map(PersonId)
    }

    /// Returns the people of a list of names, each once.
    pub(super) fn persons(&mut self, names: &[Spanned<Arc<str>>]) -> Vec<PersonId> {
        let mut people = Vec::new();
        for name in names {
            push_new(&mut people, self.person(name));
        }
        people
    }

    /// Returns the venue of a name, if it is registered.
    pub(super) fn venue(&mut self, name: &Spanned<Arc<str>>) -> Option<VenueId> {
        if let Some(index) = self.names.venues.find(name) {
            return Some(VenueId(index));
        }
        if !self.names.venues.is_empty() && !self.archive.is_broken("venues.yaml") {
            self.diagnostics.push(self.names.venues.unknown(name, "venues.yaml"));
        }
        None
    }

    pub(super) fn tags(&mut self, names: &[Spanned<Arc<str>>]) -> Vec<TopicId> {
        let mut tags = Vec::new();
        for name in names {
            match self.names.topics.find(name) {
                Some(index) if tags.contains(&TopicId(index)) => {}
                Some(index) => tags.push(TopicId(index)),
                None if self.names.people.find(name).is_some() => self.diagnostics.push(
                    Diagnostic::error(name.span.clone(), format!("`{name}` is a person, not a topic"))
                        .help("name people in `speakers` or `presenters`"),
                ),
                None if self.archive.is_broken("topics.yaml") || self.names.topics.is_empty() => {}
                None => self.diagnostics.push(self.names.topics.unknown(name, "topics.yaml")),
            }
        }
        tags
    }

    /// Returns the event that another file names.
    pub(super) fn event(&mut self, key: &Spanned<EventKey>) -> Option<EventId> {
        let found = self.event_by_key.get(&key.value).copied();
        if found.is_none() && !self.archive.has_broken_meetup() {
            let diagnostic = Diagnostic::warning(key.span.clone(), format!("there is no meetup {}", key.value));
            self.diagnostics.push(diagnostic.help("correct the number, or add the file of that meetup"));
        }
        found
    }

    fn finish_site(&mut self, site: &content::Site) {
        for organiser in &site.organisers {
            let person = self.person(&organiser.name);
            self.archive.people[person.0].organiser = true;
            self.archive.site.organisers.push(Organiser { source: organiser.clone(), person });
        }
        for helper in &site.co_organisers {
            // Institutions run events too, so only a name that is a person's already is taken for one.
            let person = self.known_person(&helper.name);
            let event = helper.event.as_ref().and_then(|key| self.event(key));
            self.archive.site.co_organisers.push(CoOrganiser { source: helper.clone(), person, event });
        }
        if jiff::tz::TimeZone::get(&site.time_zone).is_err() {
            let diagnostic =
                Diagnostic::error(site.time_zone.span.clone(), format!("unknown time zone `{}`", site.time_zone));
            self.diagnostics.push(diagnostic.help("use an IANA name: Europe/Vienna"));
        }
    }

    fn affiliations(&mut self, parts: &Parts<'_>) {
        for (index, person) in parts.people.iter().enumerate() {
            for affiliation in &person.affiliations {
                let when = affiliation.when();
                let keys = if when.is_none() { affiliation.meetups.as_slice() } else { &[] };
                let events = keys.iter().filter_map(|key| self.event(key)).collect();
                self.archive.people[index].affiliations.push(Affiliation {
                    name: affiliation.name.clone(),
                    when,
                    events,
                });
            }
        }
    }
}

/// A name without academic titles before it: `Dr. Ada Neuling` gives `Ada Neuling`.
fn without_title(name: &str) -> &str {
    match name.split_once(' ') {
        Some((first, rest)) if TITLES.contains(&first.trim_end_matches('.').to_lowercase().as_str()) => {
            without_title(rest)
        }
        _ => name,
    }
}

fn empty(site: &content::Site) -> Archive {
    Archive {
        site: Site { source: site.clone(), organisers: Vec::new(), co_organisers: Vec::new() },
        events: Vec::new(),
        talks: Vec::new(),
        people: Vec::new(),
        venues: Vec::new(),
        topics: Vec::new(),
        hot_topics: Vec::new(),
        articles: Vec::new(),
        jobs: Vec::new(),
        announcements: Vec::new(),
        pages: Vec::new(),
        files: BTreeSet::new(),
        broken: BTreeSet::new(),
        routes: HashMap::new(),
        redirects: BTreeMap::new(),
    }
}

/// Appends an item unless the list has it already.
pub(super) fn push_new<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}
