//! An organiser who edits, breaks and mends files while the server runs.

use std::fs;

use crate::server::Server;

const EVENT: &str = "meetups/075.yaml";

fn with_talk(text: String) -> String {
    let talk =
        "talks:\n  - title: Steady Steps on Rough Ground\n    speakers: [Ada Neuling]\n    affiliation: Test Bench\n";
    text.replacen("talks:\n", talk, 1)
}

#[test]
fn a_new_talk_with_a_new_speaker_is_on_event_table_and_speaker_page() {
    let server = Server::start(&["--no-experiments"]);
    assert_eq!(server.get("/people/ada-neuling/").status, 404);
    server.edit(EVENT, with_talk);
    server.wait_for("/meetups/75/", "Steady Steps on Rough Ground");
    for path in ["/talks/", "/people/ada-neuling/", "/talks/steady-steps-on-rough-ground/", "/people/"] {
        let page = server.get(path);
        assert_eq!(page.status, 200, "{path}");
        assert!(page.body.contains("Ada Neuling"), "{path}");
    }
    assert!(server.get("/people/ada-neuling/").body.contains("Test Bench"));
}

#[test]
fn a_broken_file_changes_nothing_for_visitors_and_names_place_and_cure() {
    let server = Server::start(&["--no-experiments"]);
    let before = server.get("/meetups/75/").body;
    let good = fs::read_to_string(server.content.join(EVENT)).unwrap();
    let venue = good
        .lines()
        .position(|line| line.starts_with("venue: 42 Vienna"))
        .expect("the venue stands in a line of its own")
        + 1;
    let broken = [
        (good.replace("venue: 42 Vienna", "\tvenue: 42 Vienna"), format!("{EVENT}:{venue}:1"), "spaces"),
        (good.replace("venue: 42 Vienna", "venu: 42 Vienna"), format!("{EVENT}:{venue}:1"), "did you mean `venue`?"),
        (
            good.replace("venue: 42 Vienna", "venue: 42 Viena"),
            format!("{EVENT}:{venue}:8"),
            "did you mean `42 Vienna`?",
        ),
    ];
    for (text, place, cure) in broken {
        assert_ne!(text, good);
        server.edit(EVENT, |_| with_talk(text.clone()));
        server.wait_for_log(cure);
        assert!(server.log().contains(&place), "{place} in\n{}", server.log());
        assert_eq!(server.get("/meetups/75/").body, before, "visitors see the last good version");
        assert_eq!(server.get("/").status, 200);
        let local = server.get_local("/meetups/75/").body;
        assert!(local.contains(&place) && local.contains("id=\"problems\""), "the organiser sees {place}");
        server.edit(EVENT, |_| good.clone());
        server.wait_for_log("no problems left");
    }
    assert_eq!(server.get("/meetups/75/").body, before);
}

#[test]
fn a_site_without_its_event_file_goes_on_without_the_event() {
    let server = Server::start(&["--no-experiments"]);
    fs::remove_file(server.content.join("meetups/074.yaml")).unwrap();
    crate::server::wait(|| server.get("/meetups/74/").status == 404, || "a 404".to_owned());
    assert!(!server.get("/meetups/").body.contains("/meetups/74/"));
}

#[test]
fn a_renamed_venue_holds_back_neither_other_files_nor_its_meetups() {
    let server = Server::start(&["--no-experiments"]);
    server.edit("venues.yaml", |text| text.replace("- name: 42 Vienna\n", "- name: Somewhere Else\n"));
    server.wait_for_log("unknown venue `42 Vienna`");
    server.edit("pages/about.md", |text| text.replacen("title:", "title: Who we became, once", 1));
    server.wait_for("/about/", "Who we became");
    let page = server.get("/meetups/75/");
    assert_eq!(page.status, 200);
    assert!(page.body.contains("42 Vienna") && !page.body.contains(">42 Vienna</a>"), "the name without a link");
}
