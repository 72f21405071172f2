//! The search over the real archive, as visitors meet it.

use std::path::Path;
use std::sync::Arc;

use jiff::civil::{Date, date};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use scraper::{Html, Selector};
use vdlm::archive::Archive;
use vdlm::content::Folder;
use vdlm::site::{self, Body, Delivery, Extras, Results, Site};
use vdlm::workspace::Workspace;

use crate::server::Server;

const DAY: Date = date(2026, 11, 23);

fn site() -> Site {
    let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("content");
    let archive: Archive = Workspace::new(Folder::new(content)).refresh(site::lint).unwrap().archive.unwrap();
    let archive = Arc::new(archive);
    Site {
        views: Arc::new(vdlm::views::Views::new(&archive)),
        archive,
        results: Results::default(),
        delivery: Delivery::Live,
        base: None,
        search: Arc::default(),
        extras: Extras::ALL,
    }
}

fn page(site: &Site, query: &str) -> String {
    page_on(site, DAY, query)
}

fn page_on(site: &Site, day: Date, query: &str) -> String {
    match site::answer(site, day, "/search/", query).body {
        Body::Bytes(bytes) => String::from_utf8(bytes).unwrap(),
        other => panic!("{other:?}"),
    }
}

/// The paths on the first page of results.
fn found(site: &Site, q: &str) -> Vec<String> {
    found_on(site, DAY, q)
}

fn found_on(site: &Site, day: Date, q: &str) -> Vec<String> {
    let html = page_on(site, day, &format!("q={}", utf8_percent_encode(q, NON_ALPHANUMERIC)));
    let links = html.split("<p class=\"entry-title\"><a href=\"").skip(1);
    links.filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

/// The place of a path in the results, from 1.
fn rank(site: &Site, q: &str, path: &str) -> Option<usize> {
    found(site, q).iter().position(|found| found == path).map(|at| at + 1)
}

#[test]
fn every_title_and_name_finds_its_page_at_the_top() {
    let site = site();
    let a = &site.archive;
    let titles = (a.talks.iter().map(|x| (&x.source.title.value, &x.route)))
        .chain(a.articles.iter().map(|x| (&x.source.title, &x.route)))
        .chain(a.people.iter().map(|x| (&x.source.name.value, &x.route)))
        .chain(a.people.iter().flat_map(|x| x.source.aliases.iter().map(move |alias| (&alias.value, &x.route))))
        .chain(a.venues.iter().map(|x| (&x.source.name.value, &x.route)))
        .chain(a.venues.iter().flat_map(|x| x.source.aliases.iter().map(move |alias| (&alias.value, &x.route))))
        .chain(a.topics.iter().map(|x| (&x.source.name.value, &x.route)))
        .chain(a.jobs.iter().map(|x| (&x.source.title, &x.route)))
        .chain(a.announcements.iter().map(|x| (&x.source.title, &x.route)))
        .chain(a.pages.iter().map(|x| (&x.source.title, &x.route)));
    let (mut count, mut sum, mut low) = (0, 0, Vec::new());
    for (title, route) in titles {
        let rank = rank(&site, title, route.as_str()).unwrap_or_else(|| panic!("{title}: {:?}", found(&site, title)));
        (count, sum) = (count + 1, sum + rank);
        low.extend((rank > 5).then(|| format!("{title}: {rank}")));
    }
    assert!(count > 350, "{count} titles");
    assert!(low.len() <= 5 && sum * 10 < count * 13, "{sum} / {count}, {low:?}");
    for event in &a.events {
        let key = event.key.to_string();
        let q = if key.bytes().all(|byte| byte.is_ascii_digit()) { key } else { continue };
        // Before a venue that is called "Sektor 5".
        for alone in [&q, &format!("#{q}"), &format!("0{q}")] {
            assert_eq!(rank(&site, alone, event.route.as_str()), Some(1), "{alone}");
        }
        assert_eq!(rank(&site, &format!("meetup {q}"), event.route.as_str()), Some(1), "meetup {q}");
    }
}

#[test]
fn a_number_that_no_page_has_suggests_its_section_only() {
    let site = site();
    let suggested = |path: &str| {
        let Body::Bytes(bytes) = site::answer(&site, DAY, path, "").body else { panic!("{path}") };
        let html = String::from_utf8(bytes).unwrap();
        let part = html.split_once("<h2>Did you mean</h2>").and_then(|(_, rest)| rest.split_once("</section>"));
        part.map(|(part, _)| part.to_owned()).unwrap_or_default()
    };
    // Articles have 0.999 in them, which is the decay of an average.
    assert!(!found(&site, "999").is_empty());
    assert_eq!(suggested("/meetups/999/"), "");
    assert!(suggested("/hot-topics/999/").contains("/hot-topics/radam/"));
    assert!(suggested("/meetups/lookahead/").contains("/hot-topics/lookahead/"), "words are looked for everywhere");
}

#[test]
fn a_meetup_at_an_online_venue_is_called_online_once() {
    let site = site();
    let html = page(&site, "q=meetup+43");
    let (_, first) = html.split_once("href=\"/meetups/43/\"").unwrap();
    let (first, _) = first.split_once("</li>").unwrap();
    assert_eq!(first.to_lowercase().matches("online").count(), 1, "{first}");
    // The venue of another is a place.
    assert!(page(&site, "q=meetup+42").contains("FH Technikum Wien + online (via Zoom) · Hybrid"));
}

/// Words with one letter left out, doubled, exchanged, or swapped with the next.
fn slips(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    let mut out = Vec::new();
    for at in 0..letters.len() {
        let (before, after) = letters.split_at(at);
        let text = |middle: &[char], rest: &[char]| before.iter().chain(middle).chain(rest).collect::<String>();
        out.push(text(&[], &after[1..]));
        out.push(text(&[after[0]], after));
        out.push(text(&['q'], &after[1..]));
        out.push(text(&['q'], after));
        if let [one, other, rest @ ..] = after {
            out.push(text(&[*other, *one], rest));
        }
    }
    out
}

#[test]
fn any_slip_in_a_name_still_finds_the_person() {
    let site = site();
    let (mut tried, mut worst) = (0, 0);
    for person in &site.archive.people {
        let words: Vec<&str> = person.source.name.split(' ').collect();
        for (at, word) in
            words.iter().enumerate().filter(|(_, word)| word.chars().filter(|c| c.is_alphabetic()).count() >= 5)
        {
            for slip in slips(word) {
                let mut with = words.clone();
                with[at] = &slip;
                let q = with.join(" ");
                let rank = rank(&site, &q, person.route.as_str());
                assert!(
                    rank.is_some_and(|rank| rank <= 5),
                    "{q} for {}: {rank:?} {:?}",
                    person.source.name,
                    found(&site, &q)
                );
                (tried, worst) = (tried + 1, worst.max(rank.unwrap_or(0)));
            }
        }
    }
    assert!(tried > 4000, "{tried} slips");
    eprintln!("{tried} slips, the person never below place {worst}");
}

#[test]
fn a_hyphen_loses_no_hit_and_no_slip_makes_an_umlaut() {
    let site = site();
    let total = |q: &str| {
        let heading = texts(&page(&site, &format!("q={q}")), ".results h2").remove(0);
        heading.split(' ').next().unwrap().parse::<usize>().unwrap_or(0)
    };
    for (joined, apart) in
        [("deep-learning", "deep+learning"), ("u-net", "u+net"), ("state-of-the-art", "state+of+the+art")]
    {
        assert!(total(joined) >= total(apart), "{joined}: {} and {}", total(joined), total(apart));
    }
    assert!(total("deep-learning") > 100);
    for q in ["alert", "Bert"] {
        let marks = texts(&page(&site, &format!("q={q}")), ".entry mark").concat().to_lowercase();
        assert!(!marks.contains("art"), "{q}: {marks}");
    }
    assert_eq!(found(&site, "RAdam")[0], "/hot-topics/radam/");
}

#[test]
fn the_word_for_a_kind_of_thing_finds_it() {
    let site = site();
    for (q, path) in [
        ("job", "/jobs/"),
        ("jobs", "/jobs/"),
        ("Job offers", "/jobs/"),
        ("slides", "/talks/"),
        ("recordings", "/talks/"),
        ("hackathon", "/events/"),
        ("meetups", "/meetups/"),
        ("speakers", "/people/"),
        ("next meetup", "/meetups/"),
    ] {
        assert_eq!(found(&site, q)[0], path, "{q}");
    }
    assert!(found(&site, "hackathon").contains(&"/events/ready2build/".to_owned()));
    // Before a meetup, it is the next.
    for q in ["next meetup", "next event", "next"] {
        assert_eq!(found_on(&site, date(2019, 9, 20), q)[0], "/meetups/29/", "{q}");
    }
    let with_slides = found(&site, "slides");
    let talks = site.archive.talks.iter().filter(|talk| with_slides.iter().any(|path| path == talk.route.as_str()));
    assert!(talks.clone().count() > 10 && talks.clone().all(|talk| !talk.source.slides.is_empty()), "{with_slides:?}");
}

#[test]
fn a_typo_is_corrected_in_a_sentence() {
    let html = page(&site(), "q=lokahead");
    assert_eq!(texts(&html, ".partial"), ["No results for “lokahead”. Showing results for “Lookahead”."]);
    assert!(texts(&html, ".entry mark").iter().all(|mark| mark.to_lowercase().contains("lookahead")));
    let partial = texts(&page(&site(), "q=lookahead+zebra"), ".partial");
    assert_eq!(partial, ["No page has all 2 words. These have 1 of them."]);
}

#[test]
fn the_spellings_of_an_umlaut_give_the_same_page() {
    let site = site();
    let plain = found(&site, "Schlüter");
    assert_eq!(plain[0], "/people/jan-schluter/");
    assert!(plain.len() > 5);
    for q in ["schluter", "Schlueter", "SCHLÜTER", "schlüter", "Schlu\u{308}ter"] {
        assert_eq!(found(&site, q), plain, "{q}");
    }
    assert_eq!(found(&site, "Soderstrom"), found(&site, "Soederstroem"));
}

fn texts(html: &str, selector: &str) -> Vec<String> {
    let document = Html::parse_document(html);
    document.select(&Selector::parse(selector).unwrap()).map(|element| element.text().collect::<String>()).collect()
}

#[test]
fn results_are_counted_by_kind_and_come_in_pages() {
    let site = site();
    let all = page(&site, "q=learning");
    let total: usize = texts(&all, ".results h2")[0].split(' ').next().unwrap().parse().unwrap();
    let counts: Vec<usize> = texts(&all, ".kinds .unit").iter().map(|count| count.parse().unwrap()).collect();
    assert_eq!((counts[0], counts[1..].iter().sum::<usize>()), (total, total));
    let mut seen = Vec::new();
    for number in 1..=total.div_ceil(20) {
        let html = page(&site, &format!("q=learning&page={number}"));
        assert_eq!(texts(&html, ".pager span"), [format!("Page {number} of {}", total.div_ceil(20))]);
        seen.extend(
            html.split("<p class=\"entry-title\"><a href=\"")
                .skip(1)
                .map(|rest| rest.split('"').next().unwrap().to_owned()),
        );
    }
    assert_eq!(seen.len(), total);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), total, "no result stands on two pages");
    let talks = page(&site, "q=learning&kind=talks");
    assert!(texts(&talks, ".entry .kind").iter().all(|kind| kind == "Talk"));
    assert_eq!(texts(&talks, ".results h2"), [format!("{} results", counts[2])]);
    for odd in ["page=0", "page=-1", "page=99999999999999999999", "page=x", "kind=x", "kind=jobs%00"] {
        assert!(texts(&page(&site, &format!("q=learning&{odd}")), ".entry").len() >= 10, "{odd}");
    }
}

#[test]
fn what_is_closed_says_so_and_stands_last() {
    let site = site();
    let html = page(&site, "q=data+engineer");
    let entries = texts(&html, ".entry-title");
    let jobs: Vec<usize> = (0..entries.len()).filter(|at| entries[*at].contains("Job")).collect();
    assert!(!jobs.is_empty() && jobs.iter().all(|at| entries[*at].contains("Closed")), "{entries:?}");
    assert_eq!(jobs, (entries.len() - jobs.len()..entries.len()).collect::<Vec<_>>());
    assert!(!page_on(&site, date(2019, 9, 24), "q=data+engineer").contains("Closed"));
}

#[test]
fn whatever_is_asked_is_answered_and_shown_as_text() {
    let site = Site { base: Some("https://example.org/".parse().unwrap()), ..site() };
    let long = "a".repeat(10_000);
    for q in [
        "%3Cscript%3Ealert(1)%3C/script%3E",
        "%00%01%1f",
        "the+of",
        "%F0%9F%98%80",
        "%ff%fe",
        &long,
        "%22%3E%3Cb%3E",
        "+",
        "&&&",
        "%E2%80%AE",
    ] {
        let html = page(&site, &format!("q={q}"));
        assert!(!html.contains("<script") && !html.contains("\"><b>"), "{q}");
        assert!(
            html.contains("noindex") && html.contains("rel=\"canonical\" href=\"https://example.org/search/\""),
            "{q}"
        );
    }
    assert!(!texts(&page(&site, "q=the+of"), ".entry").is_empty());
    let none = page(&site, "q=schlotterr+xylophonist");
    assert!(
        texts(&none, ".suggestions a").contains(&"Schlüter".to_owned()) || !texts(&none, ".entry").is_empty(),
        "{none}"
    );
    assert!(texts(&page(&site, ""), "h2").contains(&"How it searches".to_owned()));
    assert_eq!(texts(&page(&site, "q=lookahead"), ".entry-title mark")[0], "Lookahead");
}

/// What the texts of a folder ask of their figures, as it was typed.
fn placeholders(folder: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("content").join(folder);
    let files = std::fs::read_dir(folder).unwrap().map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
    let inside = |text: String| {
        let parts: Vec<String> =
            text.split("{{").skip(1).filter_map(|rest| Some(rest.split_once("}}")?.0.to_owned())).collect();
        parts
    };
    files.flat_map(inside).filter(|inside| inside.contains(": ")).collect()
}

#[test]
fn no_excerpt_has_numbers_that_only_a_page_knows_or_notes_of_the_archivists() {
    let mut site = site();
    site.delivery = Delivery::Export;
    let routes = site::routes(&site);
    let file = routes.iter().find(|route| route.starts_with("/search/index-")).unwrap();
    let Body::Bytes(bytes) = site::answer(&site, DAY, file, "").body else { panic!() };
    let index = String::from_utf8(bytes).unwrap();
    let typed = placeholders("hot-topics");
    assert!(typed.len() > 20, "{typed:?}");
    assert_eq!(typed.iter().find(|typed| index.contains(typed.as_str())), None);
    assert!(index.contains("…"));
    let notes: Vec<&str> =
        site.archive.events.iter().flat_map(|event| event.source.notes.iter().map(|note| &**note)).collect();
    assert!(notes.len() > 20);
    assert_eq!(notes.into_iter().find(|note| index.contains(note.trim_end_matches('.'))), None);
}

#[test]
fn search_finds_what_was_just_saved_and_not_what_it_was() {
    let server = Server::start(&["--no-experiments"]);
    let page = |q: &str| server.get(&format!("/search/?q={q}")).body;
    assert!(!page("zygomorphic").contains("/meetups/75/") && page("manipulation").contains("/meetups/75/"));
    server.edit("meetups/075.yaml", |text| text.replace("topic: AI Manipulation", "topic: Zygomorphic Steps"));
    server.wait_for("/meetups/75/", "Zygomorphic");
    assert!(
        page("zygomorphic").contains("/meetups/75/\">Meetup 75: <mark>Zygomorphic</mark> Steps"),
        "{}",
        page("zygomorphic")
    );
    assert!(!page("zygomorphic").contains("AI Manipulation"));
    for (from, to) in [("/search", "/search/"), ("/search?q=x", "/search/?q=x")] {
        let answer = server.get(from);
        assert_eq!((answer.status, answer.header("location")), (301, to));
    }
}
