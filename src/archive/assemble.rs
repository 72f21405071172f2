//! Assembles an archive: registries, events, prose, indices, lints.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::broken::is_named_after;
use super::link::Addresses;
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

/// Days after its announcement for which an offer without an end counts as open. This is the site's own rule; pages say so.
pub(super) const OPEN_DAYS: i32 = 180;

/// Separators in a text that looks like several names.
const JOINING: [&str; 6] = [" and ", " und ", " & ", ";", "/", " + "];

/// Words that stand for a name that is not known yet, in lower case.
const PLACEHOLDERS: [&str; 6] = ["tba", "tbd", "tbc", "todo", "n.n.", "nn"];

/// Academic titles before a name, in lower case and without a full stop.
const TITLES: [&str; 9] = ["dr", "prof", "mag", "di", "ddr", "ing", "dipl.-ing", "univ.-prof", "assoc.-prof"];

impl Archive {
    /// Assembles an archive from sources. `others` are the names of the other files in the content folder, `broken` those
    /// of the files that are not used as they are: what they define is unknown, so references to it are not reported.
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
        builder.problems.extend(parts.remove_duplicates());
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
        (Some(builder.archive), builder.problems)
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
        let mut problems = Vec::new();
        let mut used: HashMap<EventKey, &content::Meetup> = HashMap::new();
        let mut meetups = std::mem::take(&mut self.meetups);
        meetups.sort_by_key(|meetup| !is_named_after(&meetup.file.name, &meetup.key()));
        for meetup in meetups {
            let key = meetup.key();
            if let Some(first) = used.get(&key.value) {
                let problem = Diagnostic::error(key.span.clone(), format!("meetup {key} is here a second time"));
                problems
                    .push(problem.help(format!("the first is in {}; give this one its own number", first.file.name)));
            } else {
                used.insert(key.value, meetup);
                self.meetups.push(meetup);
            }
        }
        self.meetups.sort_by(|a, b| a.file.name.cmp(&b.file.name));
        problems
    }
}

/// An archive that is being assembled.
pub(super) struct Builder<'a> {
    pub(super) archive: Archive,
    pub(super) problems: Vec<Diagnostic>,
    pub(super) addresses: Addresses<'a>,
    pub(super) event_by_key: BTreeMap<EventKey, EventId>,
    /// Slugs in use by section, each with the number to try when it is asked for again.
    slugs: HashMap<&'static str, HashMap<String, usize>>,
    /// Articles, offers and announcements by the names of their files.
    pub(super) articles: HashMap<&'a str, ArticleId>,
    pub(super) jobs: HashMap<&'a str, JobId>,
    pub(super) announcements: HashMap<&'a str, AnnouncementId>,
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
            problems: Vec::new(),
            addresses: Addresses { files: site.files.as_ref().map_or("", |files| files), local: others },
            event_by_key: BTreeMap::new(),
            slugs: HashMap::new(),
            articles: HashMap::new(),
            jobs: HashMap::new(),
            announcements: HashMap::new(),
            names: Registries { people: Names::of("person"), venues: Names::of("venue"), topics: Names::of("topic") },
        }
    }

    fn registries(&mut self, parts: &Parts<'_>) {
        for topic in &parts.topics {
            let index = self.archive.topics.len();
            self.register(|names| &mut names.topics, &topic.name, &topic.aliases, index);
            let route = self.route("topics", &topic.name);
            let (name, about) = (topic.name.value.clone(), topic.about.clone());
            self.archive.topics.push(Topic { route, name, about, events: vec![], talks: vec![], articles: vec![] });
        }
        for venue in &parts.venues {
            let index = self.archive.venues.len();
            self.register(|names| &mut names.venues, &venue.name, &venue.aliases, index);
            self.add_venue(venue);
        }
        for person in &parts.people {
            let index = self.archive.people.len();
            self.register(|names| &mut names.people, &person.name, &person.aliases, index);
            self.add_person(&person.name.value);
            let links = self.addresses.links(&person.links);
            let entry = &mut self.archive.people[index];
            (entry.aliases, entry.links, entry.note) = (values(&person.aliases), links, person.note.clone());
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
            if let Err(problem) = names(&mut self.names).add(spelling, index) {
                self.problems.push(problem);
            }
        }
    }

    fn add_venue(&mut self, venue: &content::Venue) {
        let route = self.route("venues", &venue.name);
        self.archive.venues.push(Venue {
            route,
            name: venue.name.value.clone(),
            aliases: values(&venue.aliases),
            address: venue.address.clone(),
            coordinates: venue.coordinates,
            online: venue.online.as_ref().is_some_and(|online| online.value),
            note: venue.note.clone(),
            events: Vec::new(),
        });
    }

    fn add_person(&mut self, name: &Arc<str>) -> PersonId {
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
            self.problems.extend(self.lint_new_name(name));
        }
        let id = self.add_person(&name.value);
        // Two events may name the new person; a second registration of the same index cannot fail.
        let _ = self.names.people.add(name, id.0);
        id
    }

    fn lint_new_name(&self, name: &Spanned<Arc<str>>) -> Option<Diagnostic> {
        if PLACEHOLDERS.contains(&fold(name).as_str()) {
            let problem = Diagnostic::warning(name.span.clone(), format!("`{name}` is no name of a person"));
            return Some(problem.help("leave the key out until somebody is known"));
        }
        let known = |name: &&str| self.names.people.find(name).is_some();
        let without_title = Some(without_title(name)).filter(known);
        if let Some(spelling) = without_title.or_else(|| self.names.people.misspelt(name)) {
            let problem = Diagnostic::warning(name.span.clone(), format!("nobody is called `{name}`"));
            let help = format!("did you mean `{spelling}`? If this is somebody else, add the name to people.yaml");
            return Some(problem.help(help));
        }
        let looks_like_several = JOINING.iter().any(|joining| name.contains(joining));
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
            self.problems.push(self.names.venues.unknown(name, "venues.yaml"));
        }
        None
    }

    pub(super) fn tags(&mut self, names: &[Spanned<Arc<str>>]) -> Vec<TopicId> {
        let mut tags = Vec::new();
        for name in names {
            match self.names.topics.find(name) {
                Some(index) if tags.contains(&TopicId(index)) => {}
                Some(index) => tags.push(TopicId(index)),
                None if self.names.people.find(name).is_some() => self.problems.push(
                    Diagnostic::error(name.span.clone(), format!("`{name}` is a person, not a topic"))
                        .help("name people in `speakers` or `presenters`"),
                ),
                None if self.archive.is_broken("topics.yaml") || self.names.topics.is_empty() => {}
                None => self.problems.push(self.names.topics.unknown(name, "topics.yaml")),
            }
        }
        tags
    }

    /// Returns the event that another file names.
    pub(super) fn event(&mut self, key: &Spanned<EventKey>) -> Option<EventId> {
        let found = self.event_by_key.get(&key.value).copied();
        if found.is_none() && !self.archive.has_broken_meetup() {
            let problem = Diagnostic::warning(key.span.clone(), format!("there is no meetup {}", key.value));
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
                photo: address(&organiser.photo),
                hosts_table: organiser.hosts_table.clone(),
                signs: organiser.signs.clone(),
            });
        }
        for helper in &site.co_organisers {
            // Institutions run events too, so only a name that is a person's already is taken for one.
            let person = self.known_person(&helper.name);
            let event = helper.event.as_ref().and_then(|key| self.event(key));
            let (name, affiliation, note) = (helper.name.clone(), helper.affiliation.clone(), helper.note.clone());
            self.archive.site.co_organisers.push(CoOrganiser { name, person, affiliation, event, note });
        }
        if jiff::tz::TimeZone::get(&site.time_zone).is_err() {
            let problem =
                Diagnostic::error(site.time_zone.span.clone(), format!("unknown time zone `{}`", site.time_zone));
            self.problems.push(problem.help("use an IANA name: Europe/Vienna"));
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

/// The values without their places.
pub(super) fn values<T: Clone>(spanned: &[Spanned<T>]) -> Vec<T> {
    spanned.iter().map(|spanned| spanned.value.clone()).collect()
}

/// A web address without its place.
pub(super) fn address(url: &Option<Spanned<content::WebAddress>>) -> Option<Arc<str>> {
    url.as_ref().map(|url| url.value.0.clone())
}

/// A date without its place.
pub(super) fn date(date: &Option<Spanned<jiff::civil::Date>>) -> Option<jiff::civil::Date> {
    date.as_ref().map(|date| date.value)
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
        site: Site {
            id: site.id.clone().unwrap_or_else(|| site.name.clone()),
            name: site.name.clone(),
            short_name: site.short_name.clone(),
            hashtag: site.hashtag.clone(),
            city: site.city.clone(),
            language: site.language.clone(),
            time_zone: site.time_zone.value.clone(),
            first_meetup: site.first_meetup.as_ref().map(|date| date.value),
            description: site.description.clone(),
            contact: site.contact.clone(),
            hot_topics_contact: site.hot_topics_contact.clone(),
            base_url: site.base_url.as_ref().map(|base| base.value.clone()),
            logo: Vec::new(),
            links: Vec::new(),
            organisers: Vec::new(),
            co_organisers: Vec::new(),
        },
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
