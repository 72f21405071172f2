//! The invented archive that the measurements are made on.

use std::collections::BTreeSet;

use vdlm::content::Folder;
use vdlm::site;
use vdlm::workspace::Workspace;

// The parts of the generator that make files; only its `main` writes them.
#[path = "../../examples/synthetic/content.rs"]
mod content;
#[path = "../../examples/synthetic/facts.rs"]
mod facts;
#[path = "../../examples/synthetic/hugo.rs"]
mod hugo;
#[path = "../../examples/synthetic/words.rs"]
mod words;

use facts::Facts;

const EVENTS: usize = 120;

/// A folder with the invented content in it.
pub(crate) fn folder(events: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in content::files(&Facts::invent(events)) {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

#[test]
fn the_same_number_gives_the_same_bytes_and_each_name_once() {
    let make = |events| {
        let facts = Facts::invent(events);
        [content::files(&facts), hugo::files(&facts, hugo::Pages::Few), hugo::files(&facts, hugo::Pages::Same)]
    };
    let made = make(EVENTS);
    assert!(made == make(EVENTS), "the second time differs");
    assert!(made[0] != make(EVENTS + 1)[0]);
    for files in &made {
        let names: BTreeSet<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        assert!(names.len() == files.len() && files.len() > EVENTS, "{} names of {} files", names.len(), files.len());
    }
}

#[test]
fn the_archive_is_as_large_as_a_real_one_and_nothing_in_it_is_wrong() {
    let folder = folder(EVENTS);
    let snapshot = Workspace::new(Folder::new(folder.path())).refresh(site::lint).unwrap();
    let told: Vec<String> =
        snapshot.diagnostics.iter().map(|problem| format!("{} {}", problem.span, problem.message)).collect();
    assert!(told.is_empty(), "{told:#?}");
    let archive = snapshot.archive.unwrap();
    assert_eq!(archive.events.len(), EVENTS);
    // The real archive has 77 events, 147 talks, 140 people and 31 venues.
    let (talks, people) = (archive.talks.len(), archive.people.len());
    assert!((EVENTS * 3 / 2..EVENTS * 5 / 2).contains(&talks), "{talks} talks");
    assert!((EVENTS..EVENTS * 2).contains(&people), "{people} people");
    assert!(archive.people.iter().filter(|person| person.talks.len() > 1).count() > people / 5, "people come again");
    assert!(
        archive.venues.len() > 10
            && archive.articles.len() > 20
            && archive.jobs.len() > 10
            && archive.announcements.len() > 4
    );
    assert!(archive.people.iter().any(|person| !person.source.name.is_ascii()), "umlauts");
}
