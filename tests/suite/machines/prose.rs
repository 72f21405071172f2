//! What an evening, a talk, a person and a venue are about stands in every form of the site.

use serde_json::Value;

use vdlm::site::{self, Body};

use super::{LATE, small, text};

const MEETUP: &str = "---\nnumber: 7\ndate: 2019-09-24\nvenue: Old Mill\ntalks:\n  - title: On slopes\n    speakers: [Ada]\n    \
                      abstract: |\n      Why *steep* slopes are hard.\n\n      With a [map](/venues/old-mill/).\n---\n\
                      An evening about **mountains**.\n";
const PEOPLE: &str = "- name: Ada\n  bio: She climbs.\n";
const VENUES: &str = "- name: Old Mill\n  description: Ring twice.\n";

#[test]
fn texts_are_in_pages_and_in_all_forms_for_programs() {
    let site = small(&[("meetups/007.md", MEETUP), ("people.yaml", PEOPLE), ("venues.yaml", VENUES)], None);
    let page = |path: &str| text(&site, LATE, path);
    let (evening, talk) = ("An evening about <strong>mountains</strong>.", "Why <em>steep</em> slopes are hard.");
    for (path, words) in [
        ("/meetups/7/", &[evening, talk, "<a href=\"/venues/old-mill/\">map</a>"][..]),
        ("/talks/on-slopes/", &[talk]),
        ("/people/ada/", &["She climbs."]),
        ("/venues/old-mill/", &["Ring twice."]),
        ("/meetups/7/index.md", &["An evening about **mountains**."]),
        ("/meetups/7.ics", &["An evening about mountains."]),
        ("/feed.xml", &["An evening about ", "mountains"]),
        ("/people/ada/feed.xml", &["steep"]),
    ] {
        let found = page(path);
        for word in words {
            assert!(found.contains(word), "{path} without {word}: {found}");
        }
    }
    let json = |list: &str| serde_json::from_str::<Value>(&page(&format!("/api/{list}.json"))).unwrap();
    assert_eq!(json("events")["events"][0]["description"], "An evening about **mountains**.\n");
    assert!(json("talks")["talks"][0]["abstract"].as_str().unwrap().starts_with("Why *steep* slopes"));
    assert!(page("/talks/on-slopes/").contains("\"description\":\"Why steep slopes are hard. With a map.\""));
    for word in ["mountains", "climbs", "twice"] {
        let Body::Bytes(found) = site::answer(&site, LATE, "/search/", &format!("q={word}")).body else { panic!() };
        assert!(String::from_utf8(found).unwrap().contains(&format!("<mark>{word}</mark>")), "{word} is not found");
    }
}
