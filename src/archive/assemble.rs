//! The order in which an archive is put together: registries, events, prose, indices, checks.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::link::Addresses;
use super::names::Names;
use super::route::{Route, segment};
use super::{
    Affiliation, AnnouncementId, Archive, ArticleId, CoOrganiser, EventId, Groups, JobId, List, Organiser, Person, PersonId,
    Site, Topic, TopicId, Venue,
};
use crate::content::{self, EventKey, Source, When};
use crate::problem::{At, Problem, SourceFile, Text};

/// Days after its announcement for which an offer without an end counts as open: the site's own rule, and pages say so.
pub(super) const OPEN_DAYS: i32 = 180;

/// What stands between names that were written as one.
const JOINING: [&str; 6] = [" and ", " und ", " & ", ";", "/", " + "];

impl Archive {
    /// Puts an archive together from sources; `local` are the names of the other files in the content folder.
    ///
    /// Without a site there is no archive. Everything else that is wrong is left out and told, so that all problems come in
    /// one run; an error among them says that its file should not be used as it is.
    pub fn assemble(sources: &[&Source], local: &BTreeSet<String>) -> (Option<Archive>, Vec<Problem>) {
        match Assembly::new(sources, &Arc::new(local.clone())) {
            Ok(assembly) => (Some(assembly.archive), assembly.problems),
            Err(problem) => (None, vec![problem]),
        }
    }
}

/// An archive that has been put together, with what it takes to amend it.
#[derive(Debug)]
pub struct Assembly {
    /// The archive.
    pub archive: Archive,
    /// What is wrong in the sources beside each other; an error says that its file should not be used as it is.
    pub problems: Vec<Problem>,
    pub(super) names: Registers,
}

impl Assembly {
    /// Puts an archive together, see [`Archive::assemble`].
    ///
    /// # Errors
    /// The problem that there is no site.
    pub fn new(sources: &[&Source], local: &Arc<BTreeSet<String>>) -> Result<Self, Problem> {
        let parts = Parts::sort(sources);
        let Some(site) = parts.site else {
            let place = crate::problem::Place::start_of(&SourceFile::new("site.yaml", ""));
            let help = "add site.yaml with name, short_name, time_zone and description";
            return Err(Problem::error(place, "there is no site.yaml").help(help));
        };
        let names =
            Registers { people: Names::of("person"), venues: Names::of("venue"), topics: Names::of("topic"), registered: 0 };
        let mut builder = Builder::new(site, local, names);
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
        builder.check(&parts);
        let Builder { archive, problems, names, .. } = builder;
        Ok(Self { archive, problems, names })
    }
}

/// The sources by kind.
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
}

/// An archive while it is being put together.
pub(super) struct Builder<'a> {
    pub(super) archive: Archive,
    pub(super) problems: Vec<Problem>,
    pub(super) addresses: Addresses<'a>,
    pub(super) event_by_key: BTreeMap<EventKey, EventId>,
    /// Slugs in use, by section, each with the number to try next when it is asked for again.
    slugs: HashMap<&'static str, HashMap<String, usize>>,
    /// The articles, offers and announcements by the names of their files.
    pub(super) articles: HashMap<&'a str, ArticleId>,
    pub(super) jobs: HashMap<&'a str, JobId>,
    pub(super) announcements: HashMap<&'a str, AnnouncementId>,
    pub(super) names: Registers,
}

/// The names of the three registries.
#[derive(Debug, Default)]
pub(super) struct Registers {
    people: Names,
    venues: Names,
    topics: Names,
    /// How many people `people.yaml` names. Those after them are there because an event or article names them, in the order in which that happens.
    pub(super) registered: usize,
}

impl<'a> Builder<'a> {
    /// Nothing but names.
    pub(super) fn new(site: &'a content::Site, local: &'a Arc<BTreeSet<String>>, names: Registers) -> Self {
        Self {
            archive: Archive { files: local.clone(), ..empty(site) },
            problems: Vec::new(),
            addresses: Addresses { files: &site.files, local },
            event_by_key: BTreeMap::new(),
            slugs: HashMap::new(),
            articles: HashMap::new(),
            jobs: HashMap::new(),
            announcements: HashMap::new(),
            names,
        }
    }

    fn registries(&mut self, parts: &Parts<'_>) {
        for topic in &parts.topics {
            let index = self.archive.topics.len();
            self.register(|names| &mut names.topics, &topic.name, &topic.aliases, index);
            let route = self.route("topics", &topic.name);
            let (name, about) = (topic.name.clone(), topic.about.clone());
            self.archive.topics.push(Topic { route, name, about, events: vec![], talks: vec![], articles: vec![] });
        }
        for venue in &parts.venues {
            let index = self.archive.venues.len();
            self.register(|names| &mut names.venues, &venue.name, &venue.aliases, index);
            self.add_venue(&venue.name, venue);
        }
        for person in &parts.people {
            let index = self.archive.people.len();
            self.register(|names| &mut names.people, &person.name, &person.aliases, index);
            self.add_person(&person.name);
            let links = self.addresses.links(&person.links);
            let entry = &mut self.archive.people[index];
            (entry.aliases, entry.links, entry.note) = (person.aliases.clone(), links, person.note.clone());
        }
        self.names.registered = self.archive.people.len();
    }

    fn register(&mut self, names: fn(&mut Registers) -> &mut Names, name: &Text, aliases: &[Text], index: usize) {
        for spelling in std::iter::once(name).chain(aliases) {
            if let Err(problem) = names(&mut self.names).add(spelling, index) {
                self.problems.push(problem);
            }
        }
    }

    fn add_venue(&mut self, name: &Text, venue: &content::Venue) {
        let route = self.route("venues", name);
        self.archive.venues.push(Venue {
            route,
            name: name.clone(),
            aliases: venue.aliases.clone(),
            address: venue.address.clone(),
            coordinates: venue.coordinates,
            online: venue.online,
            note: venue.note.clone(),
            events: Vec::new(),
        });
    }

    fn add_person(&mut self, name: &Text) -> PersonId {
        let route = self.route("people", name);
        self.archive.people.push(Person {
            route,
            name: name.clone(),
            aliases: Vec::new(),
            affiliations: Vec::new(),
            links: Vec::new(),
            note: None,
            talks: Vec::new(),
            panels: Vec::new(),
            hot_topics: Vec::new(),
            articles: Vec::new(),
            credits: Vec::new(),
            organiser: false,
        });
        PersonId(self.archive.people.len() - 1)
    }

    /// The page for a title or name in a section; when the slug is taken, a number is added.
    pub(super) fn route(&mut self, section: &'static str, title: &str) -> Route {
        let base = segment(title);
        let taken = self.slugs.entry(section).or_default();
        let Some(mut number) = taken.get(&base).copied() else {
            let route = Route::new(section, &base);
            taken.insert(base, 2);
            return route;
        };
        // A title may end with a number itself, so that `base-2` can be somebody's own slug.
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

    /// The person of a name. A misspelling is told and means the person it is close to; a new name is a new person.
    pub(super) fn person(&mut self, name: &Text) -> PersonId {
        if let Some(index) = self.names.people.find(name) {
            return PersonId(index);
        }
        if let Some((index, spelling)) = self.names.people.misspelt(name) {
            let problem = Problem::warning(name.place(), format!("nobody is called `{name}`"));
            let help = format!("did you mean `{spelling}`? If this is somebody else, add the name to people.yaml");
            self.problems.push(problem.help(help));
            return PersonId(index);
        }
        if JOINING.iter().any(|joining| name.contains(joining)) {
            let problem = Problem::warning(name.place(), format!("`{name}` looks like several people"));
            let help = "write a list, as in `[Ada Lovelace, Alan Turing]`. If this is one name, add it to people.yaml";
            self.problems.push(problem.help(help));
        }
        let id = self.add_person(name);
        // Two events may name the new person; a second registration of the same index cannot fail.
        let _ = self.names.people.add(name, id.0);
        id
    }

    /// The person of a name, if it is one of the archive's.
    pub(super) fn known_person(&self, name: &str) -> Option<PersonId> {
        self.names.people.find(name).map(PersonId)
    }

    pub(super) fn persons(&mut self, names: &[Text]) -> Vec<PersonId> {
        names.iter().map(|name| self.person(name)).collect()
    }

    /// The venue of a name, if there is one. Without any registry the names alone make the venues.
    pub(super) fn venue(&mut self, name: &Text) -> Option<super::VenueId> {
        if let Some(index) = self.names.venues.find(name) {
            return Some(super::VenueId(index));
        }
        if !self.names.venues.is_empty() {
            self.problems.push(self.names.venues.unknown(name, "venues.yaml"));
        }
        None
    }

    pub(super) fn tags(&mut self, names: &[Text]) -> Vec<TopicId> {
        let mut tags = Vec::new();
        for name in names {
            match self.names.topics.find(name) {
                Some(index) if tags.contains(&TopicId(index)) => {}
                Some(index) => tags.push(TopicId(index)),
                None if self.names.people.find(name).is_some() => self.problems.push(
                    Problem::error(name.place(), format!("`{name}` is a person, not a topic"))
                        .help("name people in `speakers` or `presenters`"),
                ),
                None if !self.names.topics.is_empty() => self.problems.push(self.names.topics.unknown(name, "topics.yaml")),
                None => {}
            }
        }
        tags
    }

    /// The event of a key, which some other file names.
    pub(super) fn event(&mut self, key: &At<EventKey>) -> Option<EventId> {
        let found = self.event_by_key.get(&key.it).copied();
        if found.is_none() {
            let problem = Problem::warning(key.place.clone(), format!("there is no meetup {}", key.it));
            self.problems.push(problem.help("correct the number, or add the file of that meetup"));
        }
        found
    }

    fn finish_site(&mut self, site: &content::Site) {
        self.archive.site.logo = self.addresses.links(&site.logo);
        self.archive.site.links = self.addresses.links(&site.links);
        for organiser in &site.organisers {
            let person = self.person(&organiser.name);
            self.archive.people[person.0].organiser = true;
            self.archive.site.organisers.push(Organiser {
                person,
                role: organiser.role.clone(),
                photo: organiser.photo.clone(),
                hosts_table: organiser.hosts_table.clone(),
                signs: organiser.signs.clone(),
            });
        }
        for helper in &site.co_organisers {
            // Institutions run events too; only somebody who is known as a person is one.
            let person = self.known_person(&helper.name);
            let event = helper.event.as_ref().and_then(|key| self.event(key));
            let (name, affiliation, note) = (helper.name.clone(), helper.affiliation.clone(), helper.note.clone());
            self.archive.site.co_organisers.push(CoOrganiser { name, person, affiliation, event, note });
        }
        if jiff::tz::TimeZone::get(&site.time_zone).is_err() {
            let problem = Problem::error(site.time_zone.place(), format!("unknown time zone `{}`", site.time_zone));
            self.problems.push(problem.help("use an IANA name: Europe/Vienna"));
        }
    }

    fn affiliations(&mut self, parts: &Parts<'_>) {
        for (index, person) in parts.people.iter().enumerate() {
            for affiliation in &person.affiliations {
                let (when, events) = match &affiliation.when {
                    Some(When::Events(keys)) => (None, keys.iter().filter_map(|key| self.event(key)).collect()),
                    other => (other.clone(), Vec::new()),
                };
                self.archive.people[index].affiliations.push(Affiliation { name: affiliation.name.clone(), when, events });
            }
        }
    }
}

fn empty(site: &content::Site) -> Archive {
    Archive {
        site: Site {
            id: site.id.clone().unwrap_or_else(|| site.name.clone()),
            name: site.name.clone(),
            short_name: site.short_name.clone(),
            hashtag: site.hashtag.clone(),
            city: site.city.clone(),
            language: site.language.clone(),
            time_zone: site.time_zone.clone(),
            first_meetup: site.first_meetup,
            description: site.description.clone(),
            contact: site.contact.clone(),
            hot_topics_contact: site.hot_topics_contact.clone(),
            logo: Vec::new(),
            links: Vec::new(),
            organisers: Vec::new(),
            co_organisers: Vec::new(),
        },
        events: List::default(),
        talks: Groups::default(),
        people: List::default(),
        venues: List::default(),
        topics: List::default(),
        hot_topics: Groups::default(),
        articles: List::default(),
        jobs: List::default(),
        announcements: List::default(),
        pages: List::default(),
        files: Arc::default(),
        routes: Arc::default(),
        redirects: Arc::default(),
    }
}
