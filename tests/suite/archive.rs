//! References between files: what resolves, what is told, and what follows from the day.

use std::collections::BTreeSet;

use vdlm::archive::{Agenda, Archive, Medium};
use vdlm::content::Source;
use vdlm::diagnostics::{Diagnostic, Level, SourceFile};

const SITE: &str =
    "name: A\nshort_name: A\ntime_zone: Europe/Vienna\ndescription: B\nfiles: https://example.org/files/\n";
const PEOPLE: &str = "- name: Jan Schlüter\n  aliases: [Jan S.]\n- name: René Donner\n";
const VENUES: &str = "- name: Sektor 5\n  aliases: [Sector 5]\n- name: Wieden Bräu\n";
const TOPICS: &str = "- name: Speech\n- name: Vision\n";

/// An archive of the registries above and some more files, and what is wrong in them, by themselves and beside each
/// other.
fn assemble(files: &[(&str, &str)]) -> (Archive, Vec<String>) {
    let base = [("site.yaml", SITE), ("people.yaml", PEOPLE), ("venues.yaml", VENUES), ("topics.yaml", TOPICS)];
    let mut sources = Vec::new();
    let mut diagnostics = Vec::new();
    for (name, text) in base.iter().chain(files) {
        let (source, found) = Source::read(&SourceFile::new(*name, *text)).expect(name);
        sources.push(source.unwrap_or_else(|| panic!("{name}: {found:?}")));
        diagnostics.extend(found);
    }
    let others = BTreeSet::from(["meetups/002/deck.pdf".to_owned()]);
    let (archive, found) = Archive::assemble(&sources.iter().collect::<Vec<_>>(), &others, &Default::default());
    diagnostics.extend(found);
    (archive.unwrap(), diagnostics.iter().filter(|diagnostic| diagnostic.level != Level::Hint).map(message).collect())
}

fn message(diagnostic: &Diagnostic) -> String {
    let help = diagnostic.help.as_deref().unwrap_or("");
    format!("{} {}: {} | {help}", diagnostic.level, diagnostic.span, diagnostic.message)
}

fn none(diagnostics: &[String]) {
    assert!(diagnostics.is_empty(), "{diagnostics:#?}");
}

#[test]
fn names_and_aliases_find_people_venues_and_topics() {
    let event = "number: 1\ndate: 2020-01-02\nvenue: [Sector 5, Wieden Bräu]\ntalks:\n  - title: T\n    speakers: [Jan S., Neu Mann]\n    tags: [Speech]\n";
    let (archive, diagnostics) = assemble(&[("meetups/001.yaml", event)]);
    none(&diagnostics);
    let event = &archive.events[0];
    let names: Vec<&str> = archive[event.talks[0]].speakers.iter().map(|id| &**archive[*id].source.name).collect();
    assert_eq!(names, ["Jan Schlüter", "Neu Mann"]);
    assert_eq!(
        event.venues.iter().map(|v| (&*v.name, v.venue.map(|venue| &**archive[venue].source.name))).collect::<Vec<_>>(),
        [("Sector 5", Some("Sektor 5")), ("Wieden Bräu", Some("Wieden Bräu"))]
    );
    assert_eq!(&**archive[event.tags[0]].source.name, "Speech");
    let new = archive.people.iter().find(|person| &**person.source.name == "Neu Mann").unwrap();
    assert_eq!((new.talks.len(), new.route.as_str()), (1, "/people/neu-mann/"));
    assert_eq!(archive.redirect("/people/jan-s/").unwrap().as_str(), "/people/jan-schluter/");
    assert_eq!(archive.redirect("/Meetups/001").unwrap().as_str(), "/meetups/1/");
}

#[test]
fn what_nobody_knows_is_told_at_its_place_with_the_closest_name() {
    let event = "number: 1\nvenue: Sektor 6\nagenda:\n  - talk: Tolk\ntalks:\n  - title: Talk\n    speakers: [Rene Doner]\n    tags: [Spech, René Donner]\n";
    let (archive, diagnostics) = assemble(&[("meetups/001.yaml", event)]);
    assert_eq!(
        diagnostics,
        [
            "warning meetups/001.yaml:7:16: nobody is called `Rene Doner` | did you mean `René Donner`? If this is somebody else, add the name to people.yaml",
            "error meetups/001.yaml:8:12: unknown topic `Spech` | did you mean `Speech`? If not, add it to topics.yaml",
            "error meetups/001.yaml:8:19: `René Donner` is a person, not a topic | name people in `speakers` or `presenters`",
            "error meetups/001.yaml:2:8: unknown venue `Sektor 6` | did you mean `Sektor 5`? If not, add it to venues.yaml",
            "error meetups/001.yaml:4:11: this meetup has no talk `Tolk` | did you mean `Talk`?",
        ]
    );
    let speakers = &archive.talks[0].speakers;
    assert_eq!(&**archive[speakers[0]].source.name, "Rene Doner", "nobody is taken for somebody else");
    assert_eq!((&*archive.events[0].venues[0].name, archive.events[0].venues[0].venue), ("Sektor 6", None));
    assert!(archive.events[0].agenda.is_empty() && archive.talks[0].tags.is_empty());
}

#[test]
fn placeholders_and_titles_in_names_are_reported_and_nobody_stands_in_a_list_twice() {
    let speakers = |names: &str| format!("number: 1\ntalks:\n  - title: Talk\n    speakers: [{names}]\n");
    for (names, diagnostic) in [
        ("TBA", "`TBA` is no name of a person | leave the key out until somebody is known"),
        (
            "Univ.-Prof. Dr. René Donner",
            "nobody is called `Univ.-Prof. Dr. René Donner` | did you mean `René Donner`? If this is somebody else, add the name to people.yaml",
        ),
    ] {
        let diagnostics = assemble(&[("meetups/001.yaml", &speakers(names))]).1;
        assert_eq!(diagnostics, [format!("warning meetups/001.yaml:4:16: {diagnostic}")]);
    }
    let (archive, diagnostics) = assemble(&[("meetups/001.yaml", &speakers("Jan Schlüter, Jan S., Neu Mann"))]);
    none(&diagnostics);
    assert_eq!(archive.talks[0].speakers.len(), 2);
}

#[test]
fn names_that_were_written_as_one_are_told() {
    for (name, several) in [
        ("Jan Schlüter and Neu Mann", true),
        ("Jan Schlüter; Neu Mann", true),
        ("Jan Schlüter/Neu Mann", true),
        ("Jan Schlüter & Neu Mann", true),
        ("Ferdinand Andel und Alexander Sand", true),
        ("Ferdinand Andersand", false),
    ] {
        let event = format!("number: 1\ntalks:\n  - title: Talk\n    speakers: {name}\n");
        let told = assemble(&[("meetups/001.yaml", &event)]).1;
        let diagnostic = format!(
            "warning meetups/001.yaml:4:15: `{name}` looks like several people | write a list, as in `[Ada Lovelace, Alan Turing]`. If this is one name, add it to people.yaml"
        );
        assert_eq!(told, if several { vec![diagnostic] } else { vec![] });
    }
}

#[test]
fn a_number_that_is_none_is_told_once() {
    for number in ["twenty", "-3", "2900000000000"] {
        let file = SourceFile::new("meetups/001.yaml", format!("number: {number}\n"));
        let (source, diagnostics) = Source::read(&file).unwrap();
        let told: Vec<&str> = diagnostics.iter().map(|diagnostic| diagnostic.message.as_str()).collect();
        assert!(source.is_some(), "it is still looked at beside other files");
        assert_eq!(told, [format!("expected a whole number below 4294967296, found `{number}`")]);
    }
}

#[test]
fn one_number_belongs_to_one_event_and_one_name_to_one_entry() {
    let (archive, diagnostics) = assemble(&[
        ("meetups/001.yaml", "number: 1\ntopic: First\n"),
        ("meetups/002.yaml", "number: 1\ntopic: Second\n"),
        ("meetups/003.yaml", "code: AI\n"),
    ]);
    assert_eq!(archive.events.len(), 2);
    assert!(
        diagnostics[0].starts_with("error meetups/002.yaml:1:9: meetup 1 is here a second time"),
        "{diagnostics:?}"
    );
    let twice = SourceFile::new("people.yaml", "- name: A B\n- name: C D\n  aliases: [A B]\n");
    let site = Source::read(&SourceFile::new("site.yaml", SITE)).unwrap().0.unwrap();
    let people = Source::read(&twice).unwrap().0.unwrap();
    let diagnostics = Archive::assemble(&[&site, &people], &BTreeSet::new(), &Default::default()).1;
    assert_eq!(diagnostics[0].message, "the person `A B` is here a second time");
}

#[test]
fn events_are_in_order_and_those_without_a_day_stand_where_their_number_says() {
    let (archive, diagnostics) = assemble(&[
        ("meetups/003.yaml", "number: 3\ndate: 2021-05-01\n"),
        ("meetups/ai.yaml", "code: AI\ndate: 2020-03-01\n"),
        ("meetups/002.yaml", "number: 2\n"),
        ("meetups/001.yaml", "number: 1\ndate: 2020-01-01\n"),
    ]);
    none(&diagnostics);
    let keys: Vec<String> = archive.events.iter().map(|event| event.key.to_string()).collect();
    assert_eq!(keys, ["1", "2", "AI", "3"]);
    assert_eq!(archive.events[1].date(), None, "a borrowed day is no day");
    let neighbours = |index: usize| {
        let key = |id: Option<vdlm::archive::EventId>| id.map(|id| archive[id].key.to_string());
        (key(archive.events[index].previous), key(archive.events[index].next))
    };
    assert_eq!(neighbours(0), (None, Some("2".to_owned())));
    assert_eq!(neighbours(3), (Some("AI".to_owned()), None));
}

#[test]
fn next_and_latest_follow_from_the_day() {
    let (archive, _) = assemble(&[
        ("meetups/001.yaml", "number: 1\ndate: 2020-01-10\nend_date: 2020-01-12\n"),
        ("meetups/002.yaml", "number: 2\ndate: 2020-02-10\n"),
        ("meetups/003.yaml", "number: 3\n"),
    ]);
    let on = |day: &str| {
        let day = day.parse().unwrap();
        let key = |id: Option<vdlm::archive::EventId>| id.map_or("-".to_owned(), |id| archive[id].key.to_string());
        format!("{} {}", key(archive.latest_event(day)), key(archive.next_event(day)))
    };
    assert_eq!(on("2020-01-09"), "- 1");
    assert_eq!(on("2020-01-12"), "- 1", "an event of several days is on until its last");
    assert_eq!(on("2020-01-13"), "1 2");
    assert_eq!(on("2020-02-11"), "2 -", "an event without a day is never next");
}

#[test]
fn offers_close_by_their_date_or_by_the_rule() {
    let job = "---\ntitle: Engineer\ncompany: A\ndate: 2019-09-24\n---\n";
    let dated = "---\ntitle: Engineer\ncompany: A\ndate: 2019-09-24\nexpires: 2019-10-01\n---\n";
    let (archive, diagnostics) = assemble(&[("jobs/a.md", job), ("jobs/b.md", dated)]);
    none(&diagnostics);
    let views = vdlm::views::Views::new(&archive);
    let [by_rule, by_date] = [&views.jobs[0], &views.jobs[1]];
    // 24 September 2019 and 180 days.
    assert!(
        by_rule.closes_by_rule
            && by_rule.is_open("2020-03-22".parse().unwrap())
            && !by_rule.is_open("2020-03-23".parse().unwrap())
    );
    assert!(
        !by_date.closes_by_rule
            && by_date.is_open("2019-10-01".parse().unwrap())
            && !by_date.is_open("2019-10-02".parse().unwrap())
    );
}

#[test]
fn threads_between_files_hold_from_either_side_and_loose_ends_are_told() {
    let event = "number: 29\nannouncements: [festival]\njobs: [nobody]\nhot_topics:\n  - title: Two optimizers\n    presenters: [Jan S.]\n    articles: [radam]\n";
    let (archive, diagnostics) = assemble(&[
        ("meetups/029.yaml", event),
        ("events/festival.md", "---\ntitle: Festival\nkind: festival\ndate: 2019-09-27\n---\n"),
        ("events/workshop.md", "---\ntitle: Workshop\nkind: workshop\npart_of: festival\nmeetup: 29\n---\n"),
        ("hot-topics/radam.md", "---\ntitle: RAdam\nmeetup: 29\npresenters: [Jan S.]\n---\n"),
        ("jobs/a.md", "---\ntitle: Engineer\ncompany: A\ndate: 2019-09-24\nmeetup: 29\n---\n"),
    ]);
    assert_eq!(
        diagnostics,
        [
            "warning meetups/029.yaml:3:8: there is no job `nobody` | use the name of its file without the ending, or add the file"
        ]
    );
    let event = &archive.events[0];
    let announced: Vec<&str> = event.announcements.iter().map(|id| &*archive[*id].source.title).collect();
    assert_eq!(announced, ["Festival", "Workshop"]);
    assert_eq!(&*archive[event.jobs[0]].source.title, "Engineer");
    assert_eq!(&*archive[archive.hot_topics.first().unwrap().articles[0]].source.title, "RAdam");
    let whole = archive.announcements.iter().find(|a| &*a.source.title == "Festival").unwrap();
    assert_eq!(&*archive[whole.parts[0]].source.title, "Workshop");
    assert!(archive.announcements.iter().all(|a| a.event.is_some()));
}

#[test]
fn links_lead_to_the_repository_or_to_files_beside_the_content_and_slips_are_told() {
    let event = "number: 2\nfolder: Meetups/Meetup_2/\nslides:\n  - Meetups/Meetup_2/a b.pdf\n  - meetups/002/deck.pdf\n  - Meetups/Meetup_17/x.pdf\n  - meetups/002/gone.pdf\nvideos: https://youtu.be/GSMh5fw2Mjo\n";
    let (archive, diagnostics) = assemble(&[("meetups/002.yaml", event)]);
    let source = &archive.events[0].source;
    let links: Vec<_> = source.slides.iter().chain(&source.videos).map(|link| archive.link(link)).collect();
    assert_eq!(links[0].href, "https://example.org/files/Meetups/Meetup_2/a%20b.pdf");
    assert_eq!(links[1].href, "/files/meetups/002/deck.pdf");
    assert_eq!([links[0].medium, links[4].medium], [Medium::Pdf, Medium::Video]);
    assert_eq!(diagnostics.len(), 2, "{diagnostics:#?}");
    assert!(
        diagnostics[0].contains("002.yaml:6:5: `Meetups/Meetup_17/x.pdf` is not in this meetup's folder"),
        "{diagnostics:#?}"
    );
    assert!(diagnostics[1].contains("002.yaml:7:5: there is no file `meetups/002/gone.pdf`"), "{diagnostics:#?}");
}

#[test]
fn placeholders_are_refused_as_links() {
    for link in ["Meetups/Meetup_37/slides/TODO", "./slides/TODO.pdf", "tbd", "https://example.org/tba"] {
        let file = SourceFile::new("meetups/001.yaml", format!("number: 1\nslides: {link}\n"));
        let (source, diagnostics) = Source::read(&file).unwrap();
        assert!(
            source.is_some() && diagnostics[0].level == Level::Error && diagnostics[0].message.contains("placeholder"),
            "{link}: {diagnostics:?}"
        );
    }
}

#[test]
fn an_agenda_names_talks_panels_and_everything_else() {
    let event = "number: 1\nagenda:\n  - Welcome\n  - time: 18:45\n    talk: T\n    as: Talk 1\n  - panel: P\n  - title: Q&A\n    speakers: [René Donner]\n    status: cancelled\ntalks:\n  - title: T\n    speakers: [René Donner]\npanel:\n  title: P\n  panelists: [Jan S.]\n";
    let (archive, diagnostics) = assemble(&[("meetups/001.yaml", event)]);
    none(&diagnostics);
    let agenda = &archive.events[0].agenda;
    assert!(matches!(&agenda[1].what, Agenda::Talk { wording: Some(w), .. } if &**w == "Talk 1"));
    assert!(matches!(agenda[2].what, Agenda::Panel));
    assert_eq!(agenda[3].status.words(), Some("cancelled"));
    assert_eq!(archive.people[0].panels.len(), 1);
}

#[test]
fn a_description_stands_in_one_place_and_its_links_are_checked() {
    let twice = "---\nnumber: 1\ndescription: Here\n---\nAnd here.\n";
    let (_, diagnostics) = Source::read(&SourceFile::new("meetups/001.md", twice)).unwrap();
    let told: Vec<String> = diagnostics.iter().map(message).collect();
    assert!(told.len() == 1 && told[0].contains("the description stands here and below the keys"), "{told:?}");
    // YAML folds the lines of a text, so the place is where it begins.
    let event =
        "number: 1\ntalks:\n  - title: T\n    speakers: A\n    abstract: >-\n      See\n      [this](/nowhere/).\n";
    let (archive, _) = assemble(&[("meetups/001.yaml", event)]);
    let dead = vdlm::site::lint(&archive, &archive.bodies().collect::<Vec<_>>());
    let places: Vec<(u32, &str)> = dead.iter().map(|dead| (dead.span.line as u32, dead.message.as_str())).collect();
    assert_eq!(places, [(6, "there is no page `/nowhere/`")]);
}

#[test]
fn letters_that_look_the_same_are_the_same() {
    let venues = "- name: Mühle Größe\n";
    let event = "number: 3\nvenue: Mu\u{308}hle\u{a0}Gro\u{308}ße\nagenda:\n  - talk: U\u{308}ber Ha\u{308}nge\n\
                 talks:\n  - title: Über Hänge\n    speakers: [Rene\u{301} \u{200b}Donner]\n";
    let (archive, diagnostics) = assemble(&[("venues.yaml", venues), ("meetups/003.yaml", event)]);
    none(&diagnostics);
    let talk = &archive.talks[0];
    assert_eq!(&*archive[talk.speakers[0]].source.name.value, "René Donner");
    assert!(archive.events[0].venues.iter().all(|at| at.venue.is_some()));
}

#[test]
fn file_names_become_safe_addresses_that_only_one_file_has() {
    let job = |title: &str| format!("---\ntitle: {title}\ncompany: C\ndate: 2026-09-03\nexpires: 2026-12-31\n---\n");
    let page = "---\ntitle: T\n---\n";
    let (one, two) = (job("One"), job("Two"));
    let (archive, diagnostics) = assemble(&[
        ("jobs/c#-developer.md", &one),
        ("jobs/50% mill keeper?.md", &two),
        ("pages/404.html.md", page),
        ("pages/über uns.md", page),
    ]);
    none(&diagnostics);
    let routes: BTreeSet<&str> = archive.jobs.iter().map(|job| job.route.as_str()).collect();
    assert_eq!(routes, BTreeSet::from(["/jobs/50-mill-keeper/", "/jobs/c-developer/"]));
    let routes: Vec<&str> = archive.pages.iter().map(|page| page.route.as_str()).collect();
    assert_eq!(routes, ["/404.html/", "/uber-uns/"]);

    let (_, diagnostics) = assemble(&[("jobs/c developer.md", &one), ("jobs/c-developer.md", &two)]);
    assert_eq!(diagnostics.len(), 1, "{diagnostics:?}");
    assert!(diagnostics[0].contains("jobs/c developer.md") && diagnostics[0].contains("jobs/c-developer.md"));
    for taken in ["talks", "search", "lab", "api"] {
        let name = format!("pages/{taken}.md");
        let (archive, diagnostics) = assemble(&[(name.as_str(), page)]);
        assert!(archive.pages.is_empty() && diagnostics.len() == 1, "{diagnostics:?}");
        assert!(diagnostics[0].starts_with("error") && diagnostics[0].contains(&name), "{diagnostics:?}");
    }
}

#[test]
fn a_path_that_leads_nowhere_is_told_where_no_files_are_elsewhere() {
    let site = SITE.replace("files: https://example.org/files/\n", "");
    let event = "number: 1\ntalks:\n  - title: T\n    speakers: A\n    slides: slides.pdf\n";
    let (_, diagnostics) = assemble(&[("site.yaml", &site), ("meetups/001.yaml", event)]);
    let told: Vec<&String> = diagnostics.iter().filter(|told| told.contains("slides.pdf")).collect();
    assert!(told.len() == 1 && told[0].contains("`files` in site.yaml"), "{diagnostics:?}");
    let (_, diagnostics) = assemble(&[("meetups/001.yaml", event)]);
    assert!(!diagnostics.iter().any(|told| told.contains("slides.pdf")), "{diagnostics:?}");
}
