//! Pages of a small archive.

use std::sync::Arc;

use jiff::civil::{Date, date};

use super::*;
use crate::archive::Archive;
use crate::content::{self, Source};
use crate::diagnostics::{Diagnostic, SourceFile};
use crate::views::Views;

const FILES: [(&str, &str); 10] = [
    (
        "site.yaml",
        "name: A <Group>\nshort_name: AG\ntime_zone: Europe/Vienna\ndescription: Of it\nfiles: https://example.org/\n",
    ),
    ("topics.yaml", "- name: Audio\n- name: Vision\n"),
    ("people.yaml", "- name: Jan Schlüter\n  aliases: [Jan Schlueter]\n- name: Ada <b>\n"),
    ("venues.yaml", "- name: Sektor 5\n  aliases: [Sector 5]\n"),
    (
        "meetups/001.yaml",
        "number: 1\ndate: 2016-04-07\nvenue: Sektor 5\ntopic: First\ntalks:\n  - title: Über & About\n    speakers: [Jan Schlüter]\n    \
         tags: [Audio]\n    slides: a b.pdf\n  - title: A second one\n    speakers: [Ada <b>]\n    status: cancelled\n",
    ),
    (
        "meetups/002.yaml",
        "number: 2\ndate: 2017-05-08\nend_date: 2017-05-09\nformat: online\ntalks:\n  - title: Zeta\n",
    ),
    ("meetups/wa.yaml", "code: WA\ntitle: Somewhere\n"),
    (
        "events/fest.md",
        "---\ntitle: Fest\nkind: festival\ndate: 2017-05-01\nend_date: 2017-05-03\nmeetup: 1\n---\nText.\n",
    ),
    ("jobs/one.md", "---\ntitle: Engineer\ncompany: C\ndate: 2016-04-07\nmeetup: 1\n---\nText.\n"),
    (
        "pages/about.md",
        "---\ntitle: About\n---\n[dead](/nowhere/), [person](/people/jan-schluter/), [file](../meetups/001.yaml)\n",
    ),
];

pub(crate) fn site() -> Site {
    site_of(&FILES)
}

/// The site of these files, names and texts, without results.
pub(crate) fn site_of(files: &[(&str, &str)]) -> Site {
    let read = |(name, text): &(&str, &str)| match Source::read(&SourceFile::new(*name, *text)) {
        Some((Some(source), _)) => source,
        other => panic!("{name}: {other:?}"),
    };
    let sources: Vec<Source> = files.iter().map(read).collect();
    let (archive, diagnostics) =
        Archive::assemble(&sources.iter().collect::<Vec<_>>(), &Default::default(), &Default::default());
    let archive = Arc::new(archive.unwrap_or_else(|| panic!("{diagnostics:?}")));
    Site {
        views: Arc::new(Views::new(&archive)),
        archive,
        results: Results::default(),
        delivery: Delivery::Live,
        base: None,
        search: Default::default(),
        extras: Extras::ALL,
    }
}

const DAY: Date = date(2026, 1, 1);

fn page(site: &Site, day: Date, address: &str) -> (u16, String) {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let answer = answer(site, day, path, query);
    match answer.body {
        Body::Bytes(bytes) => (answer.status, String::from_utf8(bytes).unwrap_or_default()),
        Body::Preview(text) | Body::Redirect(text) => (answer.status, text),
    }
}

/// A page without its JSON-LD, which browsers do not run.
fn without_data(html: &str) -> String {
    let Some((before, rest)) = html.split_once("<script type=\"application/ld+json\">") else { return html.to_owned() };
    let (_, after) = rest.split_once("</script>").unwrap();
    format!("{before}{after}")
}

#[test]
fn every_route_answers_and_no_two_are_the_same() {
    let site = site();
    let mut routes = routes(&site);
    assert!(routes.len() > 25, "{routes:?}");
    for route in &routes {
        let answer = answer(&site, DAY, route, "");
        assert_eq!(answer.status, 200, "{route}");
        let hashed = route.starts_with("/static/");
        assert_eq!(answer.cache == CachePolicy::Immutable, hashed, "{route}");
    }
    let all = routes.len();
    routes.sort();
    routes.dedup();
    assert_eq!(routes.len(), all);
}

#[test]
fn what_the_content_says_is_shown_and_not_obeyed() {
    let site = site();
    for path in ["/", "/meetups/1/", "/people/", "/talks/?q=%3Cscript%3Ealert"] {
        let html = without_data(&page(&site, DAY, path).1);
        assert!(!html.contains("<b>") && !html.contains("<Group>") && !html.contains("<script"), "{path}");
    }
    assert!(page(&site, DAY, "/meetups/1/").1.contains("https://example.org/a%20b.pdf"));
}

#[test]
fn other_spellings_redirect_and_unknown_addresses_are_404_with_suggestions() {
    let site = site();
    for (from, to) in [
        ("/talks", "/talks/"),
        ("/Meetups/WA/", "/meetups/wa/"),
        ("/meetups/001", "/meetups/1/"),
        ("/venues/sector-5/", "/venues/sektor-5/"),
    ] {
        assert_eq!(page(&site, DAY, from), (301, to.to_owned()), "{from}");
    }
    let (status, html) = page(&site, DAY, "/people/jan-schlutter/");
    assert_eq!(status, 404);
    assert!(html.contains("href=\"/people/jan-schluter/\"") && html.contains("noindex"), "{html}");
    for odd in ["", "/", "//", "/\u{0}/", "/%ff/", "/talks/../"] {
        page(&site, DAY, odd);
    }
}

#[test]
fn tables_are_filtered_and_sorted_and_say_when_nothing_fits() {
    let site = site();
    let rows = |html: &str| html.split("<tbody").skip(1).map(|body| body.matches("<tr").count()).sum::<usize>();
    for (query, count) in [
        ("", 3),
        ("?q=schluter", 1),
        ("?q=schlueter", 1),
        ("?q=UBER", 1),
        ("?year=2017", 1),
        ("?year=1066&nonsense=%00", 3),
        ("?topic=audio", 1),
        ("?with=slides", 1),
        ("?topic=audio&year=2017", 0),
    ] {
        let (status, html) = page(&site, DAY, &format!("/talks/{query}"));
        assert_eq!((status, rows(&html)), (200, count), "{query}");
        assert_eq!(html.contains("noindex"), query.contains("q=") || count == 1 || count == 0, "{query}");
        assert_eq!(html.contains("aria-sort"), count > 0, "{query}");
        assert_eq!(html.contains("class=\"nothing\""), count == 0, "{query}");
    }
    let order = |query: &str| {
        let (_, html) = page(&site, DAY, &format!("/talks/{query}"));
        let body = html.split("<tbody").nth(1).unwrap_or("").to_owned();
        ["A second one", "Über", "Zeta"].map(|title| body.find(title).unwrap_or(usize::MAX))
    };
    let [second, uber, zeta] = order("?sort=title");
    assert!(second < uber && uber < zeta);
    let [second, uber, zeta] = order("?sort=title&order=desc");
    assert!(second > uber && uber > zeta);
    let [_, uber, zeta] = order("");
    assert!(zeta < uber, "latest first");
}

#[test]
fn the_day_decides_what_is_next_and_what_is_closed() {
    let site = site();
    let hero = |day| page(&site, day, "/").1.split("</section>").next().unwrap_or("").to_owned();
    assert!(hero(date(2016, 1, 1)).contains("Next meetup") && hero(date(2016, 1, 1)).contains("/meetups/1/"));
    assert!(hero(date(2017, 5, 9)).contains("Next meetup") && hero(date(2017, 5, 9)).contains("/meetups/2/"));
    assert!(hero(date(2017, 5, 10)).contains("Latest meetup"));
    let closes = site.archive.jobs[0].closes;
    assert!(!page(&site, closes, "/jobs/one/").1.contains("closed since"));
    let after = page(&site, closes.tomorrow().unwrap_or(closes), "/jobs/one/").1;
    assert!(after.contains("closed since") && after.contains("180 days") && after.contains("noindex"), "{after}");
    let site = Site { base: Some("https://example.org/".parse().unwrap()), ..site };
    let sitemap = page(&site, DAY, "/sitemap.xml").1;
    assert!(sitemap.contains("/about/") && !sitemap.contains("/jobs/one/"), "{sitemap}");
}

#[test]
fn events_without_date_or_place_and_talks_that_were_not_held_say_so() {
    let site = site();
    let unknown = page(&site, DAY, "/meetups/wa/").1;
    assert!(unknown.contains("Date not recorded") && unknown.contains("Venue not recorded"), "{unknown}");
    let online = page(&site, DAY, "/meetups/2/").1;
    assert!(
        online.contains("datetime=\"2017-05-08\"")
            && online.contains("Online")
            && !online.contains("Venue not recorded")
    );
    let first = page(&site, DAY, "/meetups/1/").1;
    assert!(first.contains("<s>A second one</s>") && first.contains("Cancelled"), "{first}");
}

fn texts(site: &Site) -> Vec<&content::Body> {
    site.archive.bodies().collect()
}

#[test]
fn dead_links_in_texts_are_found_and_live_ones_are_not() {
    let site = site();
    let diagnostics = lint(&site.archive, &texts(&site));
    assert_eq!(diagnostics.len(), 1, "{diagnostics:?}");
    assert_eq!((diagnostics[0].span.file.name.as_str(), diagnostics[0].span.line), ("pages/about.md", 4));
    let html = page(&site, DAY, "/about/").1;
    assert!(html.contains("href=\"/meetups/1/\"") && html.contains("href=\"/people/jan-schluter/\""), "{html}");
}

/// The site with this text as its page about itself, and the result of the text's first experiment.
fn site_about(text: &str) -> Site {
    let about = format!("---\ntitle: About\n---\n{text}");
    let files = FILES.map(|(name, text)| (name, if name == "pages/about.md" { about.as_str() } else { text }));
    let site = site_of(&files);
    let (_, experiment) = experiments(&site.archive).swap_remove(0);
    let record = crate::lab::run(&experiment.spec, &Default::default(), 1, &()).unwrap();
    let records = std::collections::BTreeMap::from([(record.id.clone(), record.into())]);
    Site { results: Results { records: records.into(), ..Results::default() }, ..site }
}

const SCATTER: &str = "experiment: variance\nname: scatter\ntitle: Scatter & more\ncurvatures: [1]\nlearning_rate: 0.5\nsteps: 50\nseeds: 20\n";

#[test]
fn an_article_shows_every_kind_of_experiment() {
    let site = site_about(&format!("```lab\n{SCATTER}```\n\n```lab\n{}```\n", SCATTER.replace("[1]", "[2]")));
    let (status, html) = page(&site, DAY, "/about/");
    assert_eq!(status, 200);
    assert!(
        html.contains("20 descents on") && html.contains("Variance at the end") && html.contains("Scatter &#38; more"),
        "{html}"
    );
    assert!(!html.contains("<details open>") && html.contains("Variance after 50 steps: SGD"), "{html}");
    assert!(html.contains("Not run yet"), "the second one has no result");
}

/// The pages of a day, by their addresses.
fn pages_of(site: &Site, day: Date) -> Vec<(String, String)> {
    routes(site).into_iter().map(|route| (route.clone(), page(site, day, &route).1)).collect()
}

#[test]
fn pages_change_by_themselves_on_the_days_that_the_archive_names_and_on_no_other() {
    let site = site();
    let (mut day, mut changes) = (date(2016, 1, 1), 0);
    while let Some((next, change)) = site.archive.next_change(day) {
        let eve = next.yesterday().unwrap();
        assert_eq!(pages_of(&site, day), pages_of(&site, eve), "between {day} and {eve}");
        assert_ne!(pages_of(&site, eve), pages_of(&site, next), "{change:?} on {next}");
        (day, changes) = (next, changes + 1);
    }
    assert_eq!(pages_of(&site, day), pages_of(&site, date(2100, 1, 1)));
    // Two events begin and are over, a festival is over, an offer closes.
    assert_eq!(changes, 6);
}

#[test]
fn an_export_says_as_of_when_something_holds_and_the_live_server_does_not() {
    let mut site = site();
    let day = date(2017, 5, 2);
    for path in ["/", "/meetups/2/", "/talks/zeta/", "/events/", "/events/fest/"] {
        let live = without_data(&page(&site, day, path).1);
        assert!(!live.contains("as of") && !live.contains("data-") && !live.contains("<script"), "{path}: {live}");
    }
    site.delivery = Delivery::Export;
    for (path, words) in [
        (
            "/",
            "data-until=\"2017-05-09\">Next meetup <span class=\"as-of\">as of <time datetime=\"2017-05-02\">2 May 2017",
        ),
        ("/meetups/2/", "data-until=\"2017-05-07\">Coming <span class=\"as-of\">as of"),
        ("/meetups/2/", "data-after=\"2017-05-07\" data-until=\"2017-05-09\" hidden>Today</strong>"),
        ("/talks/zeta/", "data-until=\"2017-05-09\">Coming <span class=\"as-of\">as of"),
        ("/events/", "data-after=\"2017-05-03\" hidden>Past</strong>"),
        ("/events/fest/", "data-after=\"2017-05-03\" hidden>Past</strong>"),
    ] {
        let page = page(&site, day, path).1;
        assert!(page.contains(words), "{path}: {page}");
        assert!(page.contains("data-zone=\"Europe/Vienna\" data-day=\"2017-05-02\"></script>"), "{path}: {page}");
    }
    // What is over stays over: there is nothing to look after.
    for path in ["/meetups/1/", "/talks/uber-about/", "/jobs/one/"] {
        assert!(!without_data(&page(&site, date(2018, 1, 1), path).1).contains("<script"), "{path}");
    }
}

#[test]
fn a_site_that_knows_its_address_writes_it_where_it_must_be_whole() {
    let mut site = site();
    let plain = page(&site, DAY, "/meetups/1/").1;
    for whole in ["rel=\"canonical\"", "og:url", "og:image", "http-equiv"] {
        assert!(!plain.contains(whole), "{whole}: {plain}");
    }
    assert!(!page(&site, DAY, "/robots.txt").1.contains("Sitemap"));
    (site.delivery, site.base) = (Delivery::Export, Some("https://example.org/sub".parse().unwrap()));
    let whole = page(&site, DAY, "/meetups/1/").1;
    assert!(whole.contains("<link rel=\"canonical\" href=\"https://example.org/sub/meetups/1/\">"), "{whole}");
    let policy =
        whole.split("http-equiv=\"Content-Security-Policy\" content=\"").nth(1).and_then(|rest| rest.split('"').next());
    let policy = policy.unwrap().replace("&#39;", "'").replace("&#x27;", "'");
    assert_eq!(format!("{policy}; frame-ancestors 'none'"), CONTENT_POLICY);
    assert!(page(&site, DAY, "/sitemap.xml").1.contains("<loc>https://example.org/sub/meetups/1/</loc>"));
    assert!(page(&site, DAY, "/robots.txt").1.ends_with("Sitemap: https://example.org/sub/sitemap.xml\n"));
}

#[test]
fn numbers_in_texts_come_from_the_records() {
    let text = format!(
        "Has {{{{scatter: sgd at 1  limit}}}}, {{{{scatter: sgd at 1 limt}}}} and {{{{scater: x}}}}.\n\n| a |\n| - |\n| {{{{other: sgd at 2 limit}}}} |\n\n`{{{{kept: as code}}}}`\n\n\
         ```lab\n{SCATTER}```\n\n```lab\n{}```\n",
        SCATTER.replace("[1]", "[2]").replace("name: scatter", "name: other")
    );
    let site = site_about(&text);
    let html = page(&site, DAY, "/about/").1;
    // γa·σ² / (2 − γa) with γa = ½.
    assert!(html.contains("Has <data class=\"measured\">0.333</data>, <span class=\"unmeasured\">"), "{html}");
    assert!(html.contains("<span class=\"flag\">not run yet</span>") && html.contains("{{kept: as code}}"), "{html}");
    let told = |diagnostics: Vec<Diagnostic>| {
        let told = |p: &Diagnostic| (p.span.line, p.span.column, p.message.clone(), p.help.clone().unwrap_or_default());
        diagnostics.iter().map(told).collect::<Vec<_>>()
    };
    let found = told(lint_with(&site.archive, &texts(&site), &site.results));
    let found: Vec<(usize, usize, &str, &str)> =
        found.iter().map(|(l, c, m, h)| (*l, *c, m.as_str(), h.as_str())).collect();
    let expected = [
        (4, 35, "the figure `scatter` has no number `sgd at 1 limt`", "did you mean `sgd at 1 limit`?"),
        (4, 66, "no figure of this text is named `scater`", "did you mean `scatter`?"),
        (8, 3, "the figure `other` has no result, so `sgd at 2 limit` has no value", "pin it: `vdlm lab run`"),
    ];
    assert_eq!(found, expected);
    assert_eq!(
        told(lint(&site.archive, &texts(&site))).len(),
        1,
        "without results only the names of figures are known"
    );
}

#[test]
fn a_result_can_be_taken_away_as_files() {
    let site = site_about(&format!("```lab\n{SCATTER}```\n"));
    let id = site.results.records.keys().next().unwrap().clone();
    let files: Vec<String> = routes(&site).into_iter().filter(|path| path.starts_with("/lab/results/")).collect();
    let expected =
        [format!("{id}.json"), format!("{id}/curves-1.csv"), format!("{id}/curves-1.svg"), format!("{id}/table.csv")];
    assert_eq!(files, expected.map(|file| format!("/lab/results/{file}")));
    let html = page(&site, DAY, "/about/").1;
    for file in &files {
        let found = answer(&site, DAY, file, "");
        assert_eq!((found.status, found.cache), (200, CachePolicy::Immutable), "{file}");
        assert!(html.contains(&format!("href=\"{file}\"")), "{file} is linked");
    }
    let text = |file: &str| page(&site, DAY, &format!("/lab/results/{id}{file}")).1;
    assert_eq!(text(".json"), site.results.records[&id].to_json());
    assert!(
        text("/curves-1.svg").starts_with("<svg ")
            && html.contains(text("/curves-1.svg").split("<desc").nth(1).unwrap().split('>').nth(1).unwrap())
    );
    // The table in the page, as CSV, and the end of the drawn line are the same number.
    let table = text("/table.csv");
    let row: Vec<&str> = table.lines().nth(1).unwrap().split(',').collect();
    let curve = text("/curves-1.csv");
    let last = curve.lines().rfind(|line| line.starts_with("\"SGD, measured\",50,")).unwrap();
    let drawn: f64 = last.split(',').nth(3).unwrap().parse().unwrap();
    assert_eq!((row[0], row[3]), ("SGD", format!("{drawn:.3}").as_str()));
    assert!(html.contains(&format!("<td class=\"numeric\">{}</td>", row[3])), "{html}");
    for unknown in ["/nothing.csv", "/curves-1.png", "0.json"] {
        assert_eq!(page(&site, DAY, &format!("/lab/results/{id}{unknown}")).0, 404, "{unknown}");
    }
}
