//! Time is an input: what is next, past or closed follows from the day.

use crate::server::Server;

#[test]
fn the_home_page_shows_the_next_meetup_of_its_day() {
    let before = Server::start(&["--no-experiments", "--as-of", "2019-09-23"]);
    let after = Server::start(&["--no-experiments", "--as-of", "2026-11-23"]);
    let (before, after) = (before.get("/").body, after.get("/").body);
    let hero =
        |page: &str| page.split("<main").nth(1).unwrap_or("").split("</section>").next().unwrap_or("").to_owned();
    assert!(hero(&before).contains("/meetups/29/"), "{}", hero(&before));
    assert!(hero(&after).contains("/meetups/75/"), "{}", hero(&after));
}

#[test]
fn an_offer_is_open_until_its_last_day_and_says_so_afterwards() {
    let open = Server::start(&["--no-experiments", "--as-of", "2019-10-01"]);
    let closed = Server::start(&["--no-experiments", "--as-of", "2026-11-23"]);
    let [open, closed] = [&open, &closed].map(|server| server.get("/jobs/humai/").body);
    assert!(!open.contains("noindex") && closed.contains("noindex"));
    assert!(closed.to_lowercase().contains("closed since"), "{closed}");
    assert!(!open.to_lowercase().contains("closed since"));
}
