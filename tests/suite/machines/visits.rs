//! What visitors of a small site find.

use jiff::civil::{Date, date};

use super::{get, small, text};

const SECOND: &str = "number: 2\ndate: 2026-10-08\ntopic: Second evening\n";
const DAY: Date = date(2026, 9, 20);

#[test]
fn an_evening_that_is_called_off_is_named_on_the_start_page() {
    let off = format!("{SECOND}status: postponed\nchanges: [{{date: 2026-09-15, what: The mill is flooded.}}]\n");
    let site = small(&[("meetups/002.yaml", &off)], None);
    let home = text(&site, DAY, "/");
    let notice = home.split("Not as announced").nth(1).unwrap();
    assert!(notice.contains("Second evening") && notice.contains("Postponed"), "{notice}");
    assert!(!text(&site, date(2026, 10, 9), "/").contains("Not as announced"), "it is over");
    assert!(!text(&small(&[("meetups/002.yaml", SECOND)], None), DAY, "/").contains("Not as announced"));
}

#[test]
fn a_page_of_announcement_is_named_after_its_host() {
    for (url, name) in [("https://lu.ma/rlc-2", "lu.ma"), ("https://www.meetup.com/x/events/1/", "Meetup.com")] {
        let site = small(&[("meetups/002.yaml", &format!("{SECOND}meetup_url: {url}\n"))], None);
        let page = text(&site, DAY, "/meetups/2/");
        assert!(page.contains(&format!(">{name} page</a>")), "{page}");
        assert!(text(&site, DAY, "/").contains(&format!(">Register on {name}</a>")));
        assert_eq!(page.contains("Meetup.com"), name == "Meetup.com");
    }
}

#[test]
fn an_article_is_on_the_page_of_its_meetup_once() {
    let article = "---\ntitle: A first article\nmeetup: 2\n---\nAbout slopes.\n";
    let count = |event: &str| {
        let site = small(&[("meetups/002.yaml", event), ("hot-topics/first.md", article)], None);
        text(&site, DAY, "/meetups/2/").matches("href=\"/hot-topics/first/\"").count()
    };
    assert_eq!(count(SECOND), 1);
    assert_eq!(count(&format!("{SECOND}hot_topics:\n  - title: H\n    articles: [first]\n")), 1);
}

#[test]
fn the_singular_of_a_section_leads_to_its_page() {
    let site = small(&[("meetups/002.yaml", SECOND)], None);
    let (status, _, page) = get(&site, DAY, "/meetup/2/");
    assert!(status == 404 && page.contains("href=\"/meetups/2/\""), "{status}");
}
