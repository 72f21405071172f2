//! A folder that is edited, file by file.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::*;

const SITE: &str = "name: A\nshort_name: A\ntime_zone: Europe/Vienna\ndescription: B\nfiles: https://example.org/\n";
const VENUES: &str = "- name: Sektor 5\n- name: 42 Vienna\n";

fn write(folder: &Path, name: &str, text: &str) {
    fs::create_dir_all(folder.join(name).parent().unwrap()).unwrap();
    fs::write(folder.join(name), text).unwrap();
}

fn workspace() -> (tempfile::TempDir, Workspace) {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "site.yaml", SITE);
    write(folder.path(), "venues.yaml", VENUES);
    write(folder.path(), "meetups/001.yaml", "number: 1\ntopic: Old\nvenue: Sektor 5\n");
    let workspace = Workspace::new(Folder::new(folder.path()));
    (folder, workspace)
}

fn refresh(workspace: &mut Workspace) -> (Vec<String>, Vec<String>) {
    let snapshot = workspace.refresh(|_, _| Vec::new()).unwrap();
    let topics = snapshot
        .archive
        .iter()
        .flat_map(|archive| &archive.events)
        .filter_map(|event| event.source.topic.as_ref().map(ToString::to_string));
    (topics.collect(), snapshot.diagnostics.iter().map(|p| format!("{} {}: {}", p.level, p.span, p.message)).collect())
}

#[test]
fn a_broken_file_leaves_its_last_good_version_up_and_is_named() {
    for (broken, diagnostic) in [
        ("number: 1\ntopic: New\n\tvenue: Sektor 5\n", "error meetups/001.yaml:3:1: a tab in the indentation"),
        ("number: 1\ntopic: New\nvenu: Sektor 5\n", "error meetups/001.yaml:3:1: unknown key `venu` in a meetup"),
        ("number: 1\ntopic: New\nvenue: Sektor 6\n", "error meetups/001.yaml:3:8: unknown venue `Sektor 6`"),
    ] {
        let (folder, mut workspace) = workspace();
        assert_eq!(refresh(&mut workspace), (vec!["Old".to_owned()], vec![]));
        write(folder.path(), "meetups/001.yaml", broken);
        let held_back = "warning meetups/001.yaml:1:1: visitors still see the last good version of meetups/001.yaml";
        let diagnostics = vec![diagnostic.to_owned(), held_back.to_owned()];
        assert_eq!(refresh(&mut workspace), (vec!["Old".to_owned()], diagnostics), "{broken}");
        write(folder.path(), "meetups/001.yaml", "number: 1\ntopic: New\nvenue: Sektor 5\n");
        assert_eq!(refresh(&mut workspace), (vec!["New".to_owned()], vec![]), "{broken}");
    }
}

#[test]
fn a_site_that_is_there_and_broken_is_not_said_to_be_missing() {
    let folder = tempfile::tempdir().unwrap();
    let told = || refresh(&mut Workspace::new(Folder::new(folder.path()))).1;
    assert_eq!(told(), ["error site.yaml:1:1: there is no site.yaml"]);
    for (broken, diagnostic) in [
        ("name: A\n\tshort_name: A\n", "error site.yaml:2:1: a tab in the indentation"),
        (&format!("{SITE}prot: 1\n"), "error site.yaml:6:1: unknown key `prot` in the site"),
        (&SITE.replace("Vienna", "Wien"), "error site.yaml:3:12: unknown time zone `Europe/Wien`"),
    ] {
        write(folder.path(), "site.yaml", broken);
        assert_eq!(told(), [diagnostic], "{broken}");
    }
    fs::write(folder.path().join("site.yaml"), b"name: \xff\n").unwrap();
    let told = told();
    assert!(
        told.len() == 1 && told[0].contains("cannot read site.yaml: the letter at line 1, column 7 is not UTF-8"),
        "{told:?}"
    );
}

#[test]
fn a_registry_that_was_emptied_waits() {
    let (folder, mut workspace) = workspace();
    refresh(&mut workspace);
    for empty in ["", "# nothing here\n", "[]\n"] {
        write(folder.path(), "venues.yaml", empty);
        let (topics, diagnostics) = refresh(&mut workspace);
        assert_eq!((topics.len(), diagnostics.len()), (1, 2), "{empty:?}: {diagnostics:?}");
        assert!(
            diagnostics[0].starts_with("error venues.yaml:") && diagnostics[0].ends_with(": this list has no entries"),
            "{diagnostics:?}"
        );
        assert!(diagnostics[1].ends_with("last good version of venues.yaml"), "{diagnostics:?}");
        let venues = workspace.refresh(|_, _| Vec::new()).unwrap().archive.unwrap().venues.len();
        assert_eq!(venues, 2, "{empty:?}");
    }
}

#[test]
fn what_is_not_utf_8_is_told_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let told = |bytes: &[u8]| {
        fs::write(folder.path().join("site.yaml"), bytes).unwrap();
        refresh(&mut Workspace::new(Folder::new(folder.path()))).1.remove(0)
    };
    let latin = told(b"name: A\ncity: W\xc3\xbcrth \xfcber\n");
    assert!(latin.ends_with("the letter at line 2, column 13 is not UTF-8; save the file as UTF-8"), "{latin}");
    for mark in [b"\xff\xfen\0", b"\xfe\xff\0n"] {
        assert!(told(mark).ends_with("this is UTF-16; save the file as UTF-8"));
    }
}

#[test]
fn a_renamed_venue_holds_back_no_file() {
    let (folder, mut workspace) = workspace();
    write(folder.path(), "pages/about.md", "---\ntitle: About us\n---\n");
    refresh(&mut workspace);
    write(folder.path(), "venues.yaml", "- name: Sector Five\n");
    let unknown = ["error meetups/001.yaml:3:8: unknown venue `Sektor 5`"];
    assert_eq!(refresh(&mut workspace), (vec!["Old".to_owned()], unknown.map(str::to_owned).to_vec()));
    write(folder.path(), "pages/about.md", "---\ntitle: Who we became\n---\n");
    write(folder.path(), "pages/new.md", "---\ntitle: New\n---\n");
    let snapshot = workspace.refresh(|_, _| Vec::new()).unwrap();
    assert_eq!(snapshot.diagnostics.len(), 1);
    let archive = snapshot.archive.unwrap();
    let titles: Vec<&str> = archive.pages.iter().map(|page| &*page.source.title).collect();
    assert_eq!((titles, &**archive.venues[0].source.name), (vec!["Who we became", "New"], "Sector Five"));
    assert_eq!(&*archive.events[0].venues[0].name, "Sektor 5", "as it is written");
    assert_eq!(archive.events[0].venues[0].venue, None);
    // A restart comes to the same.
    let mut restarted = Workspace::new(Folder::new(folder.path()));
    assert_eq!(refresh(&mut restarted), (vec!["Old".to_owned()], unknown.map(str::to_owned).to_vec()));
}

#[test]
fn a_file_that_never_was_good_is_used_without_its_wrong_reference_and_keeps_its_last_readable_version() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "site.yaml", SITE);
    write(folder.path(), "venues.yaml", VENUES);
    let mut workspace = Workspace::new(Folder::new(folder.path()));
    for (text, topic, diagnostics) in [
        ("number: 1\ntopic: First\nvenue: Nowhere Hall\n", "First", 1),
        ("number: 1\ntopic: Second\nvenue: Nowhere Hall\n", "Second", 1),
        ("number: 1\ntopic: [\n", "Second", 2),
        ("number: 1\ntopic: Third\nvenue: Nowhere Hall\n", "Third", 1),
        ("number: 1\ntopic: Fourth\nvenue: Sektor 5\n", "Fourth", 0),
        ("number: 1\ntopic: Fifth\nvenue: Nowhere Hall\n", "Fourth", 2),
    ] {
        write(folder.path(), "meetups/001.yaml", text);
        let (topics, found) = refresh(&mut workspace);
        assert_eq!((topics, found.len()), (vec![topic.to_owned()], diagnostics), "{text} {found:?}");
    }
}

#[test]
fn a_broken_registry_waits_and_what_needs_its_new_entries_is_not_blamed() {
    let (folder, mut workspace) = workspace();
    refresh(&mut workspace);
    write(folder.path(), "meetups/002.yaml", "number: 2\ntopic: New\nvenue: New Mill\n");
    for venues in ["- name: New Mill\n\taddress: A\n", "- name: New Mill\n- name: New Mill\n"] {
        write(folder.path(), "venues.yaml", venues);
        let (topics, diagnostics) = refresh(&mut workspace);
        assert_eq!(topics, ["Old", "New"]);
        assert!(
            diagnostics.len() == 2 && diagnostics.iter().all(|diagnostic| diagnostic.contains("venues.yaml")),
            "{diagnostics:?}"
        );
        let archive = workspace.refresh(|_, _| Vec::new()).unwrap().archive.unwrap();
        assert_eq!(archive.venues.len(), 2, "the last good version is used");
    }
}

#[test]
fn a_broken_file_causes_no_untrue_messages_about_others() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "site.yaml", SITE);
    write(folder.path(), "meetups/001.yaml", "number: 1\njobs: [miller]\nannouncements: [picnic]\n");
    write(folder.path(), "meetups/002.yaml", "number: 2\n\tbroken\nslides: meetups/002/deck.pdf\n");
    write(folder.path(), "meetups/002/deck.pdf", "");
    write(folder.path(), "events/picnic.md", "---\ntitle: Picnic\nkind: workshop\nmeetup: 2\n---\n");
    write(folder.path(), "jobs/miller.md", "---\n\tbroken\n---\n");
    let files = |diagnostics: &[String]| -> Vec<String> {
        diagnostics.iter().filter_map(|diagnostic| Some(diagnostic.split_once(".")?.0.to_owned())).collect()
    };
    let diagnostics = refresh(&mut Workspace::new(Folder::new(folder.path()))).1;
    assert_eq!(files(&diagnostics), ["error jobs/miller", "error meetups/002"], "{diagnostics:?}");
    // All of them are told of once the files are gone.
    fs::remove_file(folder.path().join("meetups/002.yaml")).unwrap();
    fs::remove_file(folder.path().join("jobs/miller.md")).unwrap();
    let diagnostics = refresh(&mut Workspace::new(Folder::new(folder.path()))).1;
    let expected = ["warning events/picnic", "warning meetups/001", "hint meetups/002/deck"];
    assert_eq!(files(&diagnostics), expected, "{diagnostics:?}");
}

#[test]
fn a_copy_with_the_number_of_another_meetup_does_not_replace_it() {
    let (folder, mut workspace) = workspace();
    refresh(&mut workspace);
    write(folder.path(), "meetups/001-copy.yaml", "number: 1\ntopic: Copy\n");
    let (topics, diagnostics) = refresh(&mut workspace);
    assert_eq!(topics, ["Old"]);
    assert_eq!(diagnostics, ["error meetups/001-copy.yaml:1:9: meetup 1 is here a second time"]);
}

#[test]
fn a_file_that_is_removed_is_gone_and_a_strange_one_is_named() {
    let (folder, mut workspace) = workspace();
    refresh(&mut workspace);
    fs::remove_file(folder.path().join("meetups/001.yaml")).unwrap();
    write(folder.path(), "meetup/002.yaml", "number: 2\n");
    let (topics, diagnostics) = refresh(&mut workspace);
    assert!(topics.is_empty());
    assert_eq!(diagnostics, ["warning meetup/002.yaml:1:1: no page is made of this file"]);
}

#[test]
fn of_two_files_of_one_meetup_the_first_counts_however_much_the_second_has() {
    let (folder, mut workspace) = workspace();
    write(folder.path(), "hot-topics/x.md", "---\ntitle: X\n---\nText.\n");
    let more = "hot_topics:\n  - title: H\n  - title: I\n    articles: [x]\nannouncements: [y]\n";
    write(folder.path(), "meetups/002.yaml", &format!("number: 1\ntopic: Second\n{more}"));
    write(folder.path(), "events/y.md", "---\ntitle: Y\ntype: talk\n---\nText.\n");
    let (topics, diagnostics) = refresh(&mut workspace);
    assert_eq!(topics, ["Old"]);
    let told = |diagnostic: &String| diagnostic.starts_with("error meetups/002.yaml");
    assert!(diagnostics.iter().any(told), "{diagnostics:?}");
}

#[test]
fn problems_that_only_pages_find_count_like_others() {
    let (folder, mut workspace) = workspace();
    refresh(&mut workspace);
    write(folder.path(), "pages/about.md", "---\ntitle: About\n---\n[x](/nowhere/)\n");
    let lint = |archive: &Archive, _: &[&Body]| {
        let body = |page: &crate::archive::Page| Diagnostic::error(Span::start_of(&page.source.body.file), "dead link");
        archive.pages.iter().map(body).collect()
    };
    let snapshot = workspace.refresh(lint).unwrap();
    assert_eq!((snapshot.archive.unwrap().pages.len(), snapshot.diagnostics.len()), (1, 1), "it never was good");
    write(folder.path(), "pages/about.md", "---\ntitle: About\n---\n");
    workspace.refresh(|_, _| Vec::new()).unwrap();
    write(folder.path(), "pages/about.md", "---\ntitle: Again\n---\n[x](/nowhere/)\n");
    let snapshot = workspace.refresh(lint).unwrap();
    assert_eq!(&*snapshot.archive.unwrap().pages[0].source.title, "About", "its last good version");
}

#[test]
fn only_files_whose_bytes_changed_are_read_into_their_types_again() {
    let (folder, mut workspace) = workspace();
    refresh(&mut workspace);
    let source = |workspace: &Workspace, name: &str| workspace.files[name].source.clone().unwrap();
    let before = ["venues.yaml", "meetups/001.yaml"].map(|name| source(&workspace, name));
    write(folder.path(), "venues.yaml", VENUES);
    write(folder.path(), "meetups/001.yaml", "number: 1\ntopic: New\nvenue: Sektor 5\n");
    refresh(&mut workspace);
    let after = ["venues.yaml", "meetups/001.yaml"].map(|name| source(&workspace, name));
    assert!(Arc::ptr_eq(&before[0], &after[0]) && !Arc::ptr_eq(&before[1], &after[1]));
}
