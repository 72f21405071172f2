//! A folder that is edited, file by file.

use std::fs;
use std::path::Path;

use super::*;
use crate::problem::Text;

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
    let topics =
        snapshot.archive.iter().flat_map(|archive| &archive.events).filter_map(|event| event.topic.as_ref().map(Text::to_string));
    (topics.collect(), snapshot.problems.iter().map(|p| format!("{} {}: {}", p.level, p.place, p.message)).collect())
}

#[test]
fn a_broken_file_leaves_its_last_good_version_up_and_is_named() {
    for (broken, problem) in [
        ("number: 1\ntopic: New\n\tvenue: Sektor 5\n", "error meetups/001.yaml:3:1: a tab in the indentation"),
        ("number: 1\ntopic: New\nvenu: Sektor 5\n", "error meetups/001.yaml:3:1: unknown key `venu` in a meetup"),
        ("number: 1\ntopic: New\nvenue: Sektor 6\n", "error meetups/001.yaml:3:8: unknown venue `Sektor 6`"),
    ] {
        let (folder, mut workspace) = workspace();
        assert_eq!(refresh(&mut workspace), (vec!["Old".to_owned()], vec![]));
        write(folder.path(), "meetups/001.yaml", broken);
        assert_eq!(refresh(&mut workspace), (vec!["Old".to_owned()], vec![problem.to_owned()]), "{broken}");
        write(folder.path(), "meetups/001.yaml", "number: 1\ntopic: New\nvenue: Sektor 5\n");
        assert_eq!(refresh(&mut workspace), (vec!["New".to_owned()], vec![]), "{broken}");
    }
}

#[test]
fn a_site_that_is_there_and_broken_is_not_said_to_be_missing() {
    let folder = tempfile::tempdir().unwrap();
    let told = || refresh(&mut Workspace::new(Folder::new(folder.path()))).1;
    assert_eq!(told(), ["error site.yaml:1:1: there is no site.yaml"]);
    for (broken, problem) in [
        ("name: A\n\tshort_name: A\n", "error site.yaml:2:1: a tab in the indentation"),
        (&format!("{SITE}prot: 1\n"), "error site.yaml:6:1: unknown key `prot` in the site"),
        (&SITE.replace("Vienna", "Wien"), "error site.yaml:3:12: unknown time zone `Europe/Wien`"),
    ] {
        write(folder.path(), "site.yaml", broken);
        assert_eq!(told(), [problem], "{broken}");
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
        let (topics, problems) = refresh(&mut workspace);
        assert_eq!((topics.len(), problems.len()), (1, 1), "{empty:?}: {problems:?}");
        assert!(
            problems[0].starts_with("error venues.yaml:") && problems[0].ends_with(": this list has no entries"),
            "{problems:?}"
        );
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
fn a_registry_that_breaks_others_waits_and_they_stay() {
    let (folder, mut workspace) = workspace();
    refresh(&mut workspace);
    write(folder.path(), "venues.yaml", "- name: Sector Five\n");
    let (topics, problems) = refresh(&mut workspace);
    assert_eq!(topics, ["Old"]);
    assert_eq!(problems, ["error meetups/001.yaml:3:8: unknown venue `Sektor 5`"]);
    let snapshot = workspace.refresh(|_, _| Vec::new()).unwrap();
    assert_eq!(snapshot.archive.unwrap().events[0].venues.len(), 1, "the old registry is still used");
}

#[test]
fn a_file_that_is_removed_is_gone_and_a_strange_one_is_named() {
    let (folder, mut workspace) = workspace();
    refresh(&mut workspace);
    fs::remove_file(folder.path().join("meetups/001.yaml")).unwrap();
    write(folder.path(), "meetup/002.yaml", "number: 2\n");
    let (topics, problems) = refresh(&mut workspace);
    assert!(topics.is_empty());
    assert_eq!(problems, ["warning meetup/002.yaml:1:1: no page is made of this file"]);
}

#[test]
fn of_two_files_of_one_meetup_the_first_counts_however_much_the_second_has() {
    let (folder, mut workspace) = workspace();
    write(folder.path(), "hot-topics/x.md", "---\ntitle: X\n---\nText.\n");
    let more = "hot_topics:\n  - title: H\n  - title: I\n    articles: [x]\nannouncements: [y]\n";
    write(folder.path(), "meetups/002.yaml", &format!("number: 1\ntopic: Second\n{more}"));
    write(folder.path(), "events/y.md", "---\ntitle: Y\ntype: talk\n---\nText.\n");
    let (topics, problems) = refresh(&mut workspace);
    assert_eq!(topics, ["Old"]);
    let told = |problem: &String| problem.starts_with("error meetups/002.yaml");
    assert!(problems.iter().any(told), "{problems:?}");
}

#[test]
fn problems_that_only_pages_find_count_like_others() {
    let (folder, mut workspace) = workspace();
    refresh(&mut workspace);
    write(folder.path(), "pages/about.md", "---\ntitle: About\n---\n[x](/nowhere/)\n");
    let vet = |archive: &Archive, _: &[&Body]| {
        let body = |page: &crate::archive::Page| Problem::error(Place::start_of(&page.body.file), "dead link");
        archive.pages.iter().map(body).collect()
    };
    let snapshot = workspace.refresh(vet).unwrap();
    assert!(snapshot.archive.unwrap().pages.is_empty());
    assert_eq!(snapshot.problems.len(), 1);
}

/// The real content, to be edited.
fn real() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let real = Folder::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("content"));
    for file in real.read().unwrap().files {
        write(folder.path(), &file.name, &file.text);
    }
    folder
}

/// Finds what is wrong in the texts that these tests write.
fn vet(archive: &Archive, texts: &[&Body]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for body in texts {
        let place = Place::start_of(&body.file);
        for path in ["/nowhere/", "/talks/two/", "/talks/two-again/"] {
            let dead = body.markdown.contains(path) && !archive.route_exists(path);
            problems.extend(dead.then(|| Problem::warning(place.clone(), format!("dead link {path}"))));
        }
        problems.extend(body.markdown.contains("experiment: none").then(|| Problem::error(place, "no such experiment")));
    }
    problems
}

/// All that a change of a meetup or an article can change.
fn seen(snapshot: &Snapshot) -> String {
    let archive = snapshot.archive.as_ref().unwrap();
    let routes: Vec<&str> = archive.targets().map(|(route, _)| route.as_str()).collect();
    assert!(routes.iter().all(|route| archive.route_exists(route)));
    let (events, talks, hot_topics) = (&archive.events, &archive.talks, &archive.hot_topics);
    let others = (&archive.people, &archive.venues, &archive.topics, &archive.articles);
    let texts = (&archive.jobs, &archive.announcements, &archive.pages);
    let problems: Vec<String> = snapshot.problems.iter().map(|p| format!("{} {}: {}", p.level, p.place, p.message)).collect();
    format!("{events:#?} {talks:#?} {hot_topics:#?} {others:#?} {texts:#?} {routes:#?} {problems:#?}")
}

/// A text with the first line that begins so replaced, if there is one.
fn with_line(text: &str, begin: &str, line: &str) -> Option<String> {
    let old = text.lines().find(|line| line.starts_with(begin))?;
    Some(text.replacen(&format!("{old}\n"), &format!("{line}\n"), 1)).filter(|new| new != text)
}

#[test]
fn what_is_amended_is_what_is_put_together_anew() {
    let folder = real();
    let mut workspace = Workspace::new(Folder::new(folder.path()));
    let mut before = workspace.refresh(vet).unwrap();
    let named = |folder: &str| workspace.files.keys().filter(|name| name.starts_with(folder)).cloned().collect::<Vec<String>>();
    // Some of them, and all that have what few have.
    let rare = |text: &str| ["\npanel:", "\norganisers:", "\nannouncements:", "\njobs:"].iter().any(|key| text.contains(key));
    let meetups = named("meetups/").into_iter().enumerate();
    let meetups = meetups.filter(|(at, name)| at % 8 == 0 || rare(&workspace.files[name].file.text)).map(|(_, name)| name);
    let texts = ["hot-topics/", "jobs/", "events/", "pages/"].into_iter().flat_map(named);
    let names: Vec<String> = meetups.chain(texts).collect();
    let (mut amended, mut anew) = (0, 0);
    for name in &names {
        let original = fs::read_to_string(folder.path().join(name)).unwrap();
        let edits = [
            with_line(&original, "time:", "time: 17:15"),
            with_line(&original, "topic:", "topic: Something else"),
            with_line(&original, "    slides:", "    slides: https://example.org/other.pdf"),
            with_line(&original, "    note:", "    note: Another note"),
            with_line(&original, "date:", "date: 2031-02-03"),
            with_line(&original, "    speakers:", "    speakers: [Somebody New]"),
            with_line(&original, "    tags:", "    tags: []"),
            with_line(&original, "venue:", "format: online"),
            Some(original.replacen("speakers: [", "speakers: [Another Name, ", 1)),
            with_line(&original, "agenda:", "agenda:\n  - title: More\n    speakers: [Moshe Vardi]"),
            with_line(&original, "credits:", "credits:\n  - name: Moshe Vardi\n    role: helper"),
            with_line(&original, "organisers:", "organisers:\n  - name: Moshe Vardi"),
            with_line(&original, "  panelists:", "  panelists:\n    - name: Moshe Vardi"),
            with_line(&original, "    presenters:", "    presenters: [Moshe Vardi]"),
            with_line(&original, "    articles:", "    articles: []"),
            with_line(&original, "announcements:", "announcements: []"),
            with_line(&original, "jobs:", "jobs: []"),
            with_line(&original, "    slides:", "    slides: meetups/none.pdf"),
            with_line(&original, "summary:", "summary: Another summary"),
            with_line(&original, "title:", "title: Another title"),
            with_line(&original, "presenters:", "presenters: [Somebody New]"),
            with_line(&original, "    title:", "    title: Called otherwise"),
            with_line(&original, "  - title:", "  - title: Called otherwise"),
            with_line(&original, "meetup:", "meetup: 3"),
            with_line(&original, "place:", "place: Elsewhere"),
            with_line(&original, "expires:", "expires: 2031-02-03"),
            with_line(&original, "part_of:", "kind: workshop"),
            with_line(&original, "company:", "company: Another"),
            name.ends_with(".md").then(|| format!("{original}\n[nowhere](/nowhere/) and more\n")),
            name.ends_with(".md").then(|| format!("{original}\n```lab\nexperiment: none\n```\n")),
        ];
        for text in edits.iter().flatten().chain([&original]) {
            match edited(&mut workspace, folder.path(), name, text, &mut before) {
                Some(Way::Amended) => amended += 1,
                Some(Way::Anew) => anew += 1,
                None => {}
            }
        }
    }
    assert!(amended > 60 && anew > 40, "{amended} amended, {anew} anew");
}

#[test]
fn an_event_that_stays_where_it_is_takes_its_names_and_dates_along() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "site.yaml", SITE);
    write(folder.path(), "venues.yaml", VENUES);
    write(folder.path(), "topics.yaml", "- name: Vision\n- name: Speech\n");
    write(folder.path(), "people.yaml", "- name: Ada Lovelace\n- name: Alan Turing\n");
    let meetup = |number: u32, date: &str, rest: &str| format!("number: {number}\ndate: {date}\nvenue: Sektor 5\n{rest}");
    let talks = |who: &str| {
        format!(
            "talks:\n  - title: One\n    speakers: [{who}]\n    tags: [Vision]\n  - title: Two\n    speakers: [Alan Turing]\n"
        )
    };
    write(
        folder.path(),
        "meetups/1.yaml",
        &meetup(1, "2020-01-10", "talks:\n  - title: Zero\n    speakers: [Ada Lovelace, Guest]\n"),
    );
    write(
        folder.path(),
        "meetups/3.yaml",
        &meetup(
            3,
            "2020-03-10",
            "talks:\n  - title: Three\n    speakers: [Ada Lovelace, Alan Turing, Late]\n    tags: [Vision, Speech]\n",
        ),
    );
    let name = "meetups/2.yaml";
    let first = meetup(2, "2020-02-10", &talks("Ada Lovelace, Guest"));
    write(folder.path(), name, &first);
    let mut workspace = Workspace::new(Folder::new(folder.path()));
    let mut before = workspace.refresh(vet).unwrap();
    let hot = "hot_topics:\n  - title: H\n    presenters: [Ada Lovelace]\n";
    for (text, way) in [
        (meetup(2, "2020-02-12", &talks("Ada Lovelace, Guest")), Way::Amended),
        (meetup(2, "2019-02-12", &talks("Ada Lovelace, Guest")), Way::Anew),
        (meetup(2, "2020-01-10", &talks("Ada Lovelace, Guest")), Way::Anew),
        (meetup(2, "2020-03-10", &talks("Ada Lovelace, Guest")), Way::Amended),
        (meetup(2, "2020-03-11", &talks("Ada Lovelace, Guest")), Way::Anew),
        (first.clone(), Way::Anew),
        (meetup(2, "2020-02-10", &talks("Guest")), Way::Amended),
        (meetup(2, "2020-02-10", &talks("Alan Turing, Guest, Ada Lovelace")), Way::Amended),
        (meetup(2, "2020-02-10", &talks("Alan Turing")), Way::Anew),
        (meetup(2, "2020-02-10", &talks("Late")), Way::Anew),
        (meetup(2, "2020-02-10", &talks("Late, Guest")), Way::Anew),
        (meetup(2, "2020-02-10", &talks("Guest, Late")), Way::Anew),
        (meetup(2, "2020-02-10", &(talks("Guest, Late") + "agenda:\n  - title: A\n    speakers: [Late]\n")), Way::Amended),
        (
            meetup(2, "2020-02-10", &(talks("Guest, Late") + "agenda:\n  - title: A\n    speakers: [Late]\nnotes: N\n")),
            Way::Amended,
        ),
        (first.clone(), Way::Anew),
        (first.replace("Sektor 5", "42 Vienna"), Way::Amended),
        (first.replace("[Vision]", "[Speech, Vision]"), Way::Amended),
        (first.clone() + "tags: [Speech]\n", Way::Amended),
        (first.clone() + "panel:\n  title: P\n  panelists: [Ada Lovelace]\n  moderator: Alan Turing\n", Way::Amended),
        (first.clone() + "panel:\n  title: P\n  panelists: [Alan Turing]\n  moderator: Alan Turing\n", Way::Amended),
        (first.clone() + "organisers: [Ada Lovelace]\ncredits:\n  - {name: Ada Lovelace, role: camera}\n", Way::Amended),
        (first.clone() + hot, Way::Anew),
        (first.clone() + &hot.replace("Ada Lovelace", "Alan Turing"), Way::Amended),
        (first.clone(), Way::Anew),
        (first.replace("title: Two", "title: Two again"), Way::Amended),
        (first.replace("title: Two", "title: One again"), Way::Amended),
        (first.clone(), Way::Amended),
        (first.replace("title: Two", "title: Zero"), Way::Anew),
        (first.replace("title: Two", "title: Zero again"), Way::Anew),
        (first.replace("title: Two", "title: one"), Way::Anew),
        (first.clone(), Way::Anew),
        (first.clone() + "  - title: Twice\n    speakers: [Alan Turing]\n    tags: [Speech]\n", Way::Amended),
        (first.replace("talks:\n", "talks:\n  - title: Opening\n    speakers: [Alan Turing]\n"), Way::Amended),
        (meetup(2, "2020-02-10", ""), Way::Anew),
        (meetup(2, "2020-02-10", "topic: None\n"), Way::Amended),
        (first.clone(), Way::Anew),
        (first.replace("Ada Lovelace, Guest", "Guest").replace("Alan Turing", "Guest"), Way::Amended),
        (first.clone() + "  - title: Three\n    speakers: [Alan Turing]\n", Way::Anew),
        (first.clone(), Way::Anew),
    ] {
        assert_eq!(edited(&mut workspace, folder.path(), name, &text, &mut before), Some(way), "{text}");
    }
    // Meetup 1 has a talk of the same title, which keeps the address without a number.
    let shared = first.clone() + "  - title: Zero\n    speakers: [Alan Turing]\n";
    for (text, way) in [
        (shared.clone(), Way::Anew),
        (shared.replace("title: Two", "title: Two again"), Way::Amended),
        (shared.replace("title: Zero", "title: zero"), Way::Amended),
        (shared.replace("title: One", "title: Zero"), Way::Anew),
        (shared.clone() + "  - title: Four\n    speakers: [Alan Turing]\n", Way::Anew),
        (shared.replace("title: One", "title: Nil").replace("title: Zero", "title: One").replace("Nil", "Zero"), Way::Amended),
        (shared.clone(), Way::Amended),
        (first.replace("title: Two", "title: Zero 2"), Way::Anew),
        (first.replace("title: Two", "title: Two 2"), Way::Anew),
        (first.replace("title: Two", "title: One 2"), Way::Anew),
        (first.clone(), Way::Anew),
        (first.clone() + &"  - title: Twin\n    speakers: [Alan Turing]\n".repeat(2), Way::Anew),
        (first.clone(), Way::Anew),
    ] {
        assert_eq!(edited(&mut workspace, folder.path(), name, &text, &mut before), Some(way), "{text}");
    }
    // A text may link to a talk.
    let (text, link) = ("pages/links.md", |path: &str| format!("---\ntitle: Links\n---\n[a talk](/talks/{path}/)\n"));
    write(folder.path(), text, &link("two"));
    before = workspace.refresh(vet).unwrap();
    for (name, text, way) in [
        (name, first.replace("title: Two", "title: Two again"), Way::Anew),
        (text, link("two-again"), Way::Amended),
        (name, first.replace("title: Two", "title: Another"), Way::Anew),
        (name, first.replace("title: Two", "title: Something else"), Way::Amended),
        (text, "---\ntitle: No links\n---\n".to_owned(), Way::Amended),
        (name, first.clone(), Way::Amended),
        // A link to a talk that is still to come is told until the talk is there.
        (text, link("two-again"), Way::Amended),
        (name, first.replace("title: One", "title: Two again"), Way::Anew),
        (text, "---\ntitle: No links\n---\n".to_owned(), Way::Amended),
        (name, first.clone(), Way::Amended),
    ] {
        assert_eq!(edited(&mut workspace, folder.path(), name, &text, &mut before), Some(way), "{text}");
    }
    // Meetup 4 has no date, and stands where that of meetup 3 says.
    write(folder.path(), "meetups/4.yaml", "number: 4\ntopic: Some day\n");
    before = workspace.refresh(vet).unwrap();
    for (name, text, way) in [
        ("meetups/3.yaml", meetup(3, "2020-03-11", ""), Way::Anew),
        ("meetups/3.yaml", meetup(3, "2020-03-12", ""), Way::Anew),
        ("meetups/2.yaml", meetup(2, "2020-03-11", ""), Way::Anew),
        ("meetups/2.yaml", meetup(2, "2020-03-12", ""), Way::Amended),
        ("meetups/4.yaml", "number: 4\ntopic: Soon\n".to_owned(), Way::Amended),
        ("meetups/4.yaml", meetup(4, "2020-04-01", ""), Way::Anew),
        ("meetups/3.yaml", meetup(3, "2020-03-13", ""), Way::Amended),
        ("meetups/4.yaml", "number: 4\n".to_owned(), Way::Anew),
    ] {
        assert_eq!(edited(&mut workspace, folder.path(), name, &text, &mut before), Some(way), "{text}");
    }
}

/// How an edit was taken over.
#[derive(Debug, PartialEq, Eq)]
enum Way {
    Amended,
    Anew,
}

/// Writes a version of a file and compares what the workspace makes of it with what a new one does; none if the file is not used as it is.
fn edited(workspace: &mut Workspace, folder: &Path, name: &str, text: &str, before: &mut Snapshot) -> Option<Way> {
    write(folder, name, text);
    let after = workspace.refresh_files(&[folder.join(name)].into(), vet).unwrap();
    let fresh = Workspace::new(Folder::new(folder)).refresh(vet).unwrap();
    // The last good version is up, which a new workspace does not know.
    let used = !fresh.has_errors();
    if used {
        let (seen, expected) = (seen(&after), seen(&fresh));
        let differs = std::iter::zip(seen.lines(), expected.lines()).find(|(a, b)| a != b);
        assert_eq!(differs.map(|(a, b)| format!("{a} | {b}")), None, "{name}:\n{text}");
    }
    // The first event is none of those that are edited: an archive that was amended shares it with the one before.
    let first = |snapshot: &Snapshot| std::ptr::from_ref(&snapshot.archive.as_ref().unwrap().events[0]);
    let way = if first(before) == first(&after) { Way::Amended } else { Way::Anew };
    *before = after;
    used.then_some(way)
}

#[test]
fn only_the_files_that_changed_are_read() {
    let (folder, mut workspace) = workspace();
    write(folder.path(), "meetups/002.yaml", "number: 2\ntopic: Second\nvenue: Sektor 5\n");
    write(folder.path(), "README.md", "Nothing is made of this.\n");
    refresh(&mut workspace);
    write(folder.path(), "meetups/001.yaml", "number: 1\ntopic: First\nvenue: Sektor 5\n");
    write(folder.path(), "meetups/002.yaml", "number: 2\ntopic: Not yet\nvenue: Sektor 5\n");
    let topics = |workspace: &mut Workspace, names: &[&str]| -> Vec<String> {
        let paths: BTreeSet<PathBuf> = names.iter().map(|name| folder.path().join(name)).collect();
        let snapshot = workspace.refresh_files(&paths, |_, _| Vec::new()).unwrap();
        snapshot.archive.unwrap().events.iter().filter_map(|event| event.topic.as_ref().map(Text::to_string)).collect()
    };
    assert_eq!(topics(&mut workspace, &["meetups/001.yaml", "meetups/.001.yaml.swp", "meetups/4913"]), ["First", "Second"]);
    assert_eq!(topics(&mut workspace, &["results/x.json", "data"]), ["First", "Second"]);
    // Where a file came or went, or it is a folder that changed, all are read.
    write(folder.path(), "meetups/003.yaml", "number: 3\ntopic: Third\n");
    assert_eq!(topics(&mut workspace, &["meetups/003.yaml"]), ["First", "Not yet", "Third"]);
    fs::remove_file(folder.path().join("meetups/003.yaml")).unwrap();
    assert_eq!(topics(&mut workspace, &["meetups/003.yaml"]), ["First", "Not yet"]);
    fs::rename(folder.path().join("meetups"), folder.path().join("gone")).unwrap();
    assert!(topics(&mut workspace, &["meetups"]).is_empty());
    fs::rename(folder.path().join("gone"), folder.path().join("meetups")).unwrap();
    assert_eq!(topics(&mut workspace, &["meetups"]), ["First", "Not yet"]);
}

#[test]
fn a_file_that_is_broken_and_mended_alone_is_told_and_used_again() {
    let (folder, mut workspace) = workspace();
    refresh(&mut workspace);
    let path = [folder.path().join("meetups/001.yaml")].into();
    for (text, topic, problems) in [
        ("number: 1\ntopic: New\nvenue: Sektor 6\n", "Old", 1),
        ("number: 1\ntopic: [\n", "Old", 1),
        ("number: 1\ntopic: New\nvenue: Sektor 5\n", "New", 0),
        ("number: 1\ntopic: Newer\nvenue: Sektor 5\n", "Newer", 0),
    ] {
        write(folder.path(), "meetups/001.yaml", text);
        let snapshot = workspace.refresh_files(&path, |_, _| Vec::new()).unwrap();
        assert_eq!(snapshot.archive.unwrap().events[0].topic.as_deref(), Some(topic), "{text}");
        assert_eq!(snapshot.problems.len(), problems, "{text} {:?}", snapshot.problems);
    }
}
