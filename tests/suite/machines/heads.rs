//! What the heads of pages say of them: JSON-LD, canonical addresses, previews.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use jiff::fmt::temporal::Pieces;
use scraper::{Html, Selector};
use serde_json::Value;
use vdlm::site::{self, Extras, Site};

use super::{BASE, BUSY, LATE, get, path_in_site, real, small, text};

/// The paths of all pages.
fn all_pages(site: &Site) -> Vec<String> {
    site::routes(site).into_iter().filter(|route| route.ends_with('/')).collect()
}

/// What a page says of itself; none where it says nothing.
fn things(html: &str) -> Vec<Value> {
    let page = Html::parse_document(html);
    let blocks = Selector::parse("script[type='application/ld+json']").unwrap();
    let texts: Vec<String> = page.select(&blocks).map(|block| block.text().collect()).collect();
    assert!(texts.len() <= 1);
    let Some(text) = texts.first() else { return Vec::new() };
    let data: Value = serde_json::from_str(text).unwrap();
    assert_eq!(data["@context"], "https://schema.org");
    data["@graph"].as_array().unwrap().clone()
}

fn of_type<'a>(things: &'a [Value], wanted: &str) -> Option<&'a Value> {
    things.iter().find(|thing| thing["@type"] == wanted)
}

/// A date, or a time with its offset (ISO 8601, as schema.org asks): its day.
fn day_of(value: &Value) -> Date {
    let text = value.as_str().unwrap();
    let pieces = Pieces::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(pieces.time().is_some(), pieces.to_numeric_offset().is_some(), "{text}: an hour without its zone");
    pieces.date()
}

/// What a thing must have to mean anything, by its type (schema.org, and what search engines ask for).
fn needed(kind: &str) -> &'static [&'static str] {
    match kind {
        "Event" => &["name", "eventStatus"],
        "Article" => &["headline", "author", "publisher", "url", "mainEntityOfPage", "inLanguage"],
        "JobPosting" => &["title", "description", "datePosted", "validThrough", "hiringOrganization"],
        "BreadcrumbList" => &["itemListElement"],
        "ListItem" => &["position", "name", "item"],
        "Offer" => &["validThrough"],
        "ImageObject" => &["url", "width", "height"],
        "WebSite" => &["name", "url", "publisher", "potentialAction"],
        "SearchAction" => &["target", "query-input"],
        "EntryPoint" => &["urlTemplate"],
        "Organization" | "Person" | "Place" | "VirtualLocation" | "DefinedTerm" | "ScholarlyArticle" => &["name"],
        "CreativeWork" | "PresentationDigitalDocument" => &["name", "url"],
        kind => panic!("{kind} is no type of this site"),
    }
}

/// Looks at a thing and all within it; counts them by type.
fn walk(thing: &Value, page: &str, routes: &BTreeSet<String>, seen: &mut BTreeMap<String, usize>) {
    match thing {
        Value::Array(list) => list.iter().for_each(|thing| walk(thing, page, routes, seen)),
        Value::Object(fields) => {
            let kind = fields["@type"].as_str().unwrap();
            *seen.entry(kind.to_owned()).or_default() += 1;
            for name in needed(kind) {
                let value = fields.get(*name).unwrap_or_else(|| panic!("{page}: {kind} without {name}"));
                assert!(
                    value.as_str() != Some("") && value.as_array().is_none_or(|list| !list.is_empty()),
                    "{page}: {name}"
                );
            }
            for (name, value) in fields {
                assert!(!value.is_null(), "{page}: {name} is null");
                match name.as_str() {
                    "startDate" | "endDate" | "datePublished" | "datePosted" | "validThrough" => drop(day_of(value)),
                    "eventStatus" | "eventAttendanceMode" => {
                        assert!(value.as_str().unwrap().starts_with("https://schema.org/"))
                    }
                    "@id" | "url" | "item" | "mainEntityOfPage" => {
                        let address = value.as_str().unwrap();
                        url::Url::parse(address).unwrap_or_else(|error| panic!("{page}: {address}: {error}"));
                        let path = path_in_site(address, "/");
                        assert!(path.as_ref().is_none_or(|path| routes.contains(path)), "{page}: {address} is no page");
                    }
                    _ => walk(value, page, routes, seen),
                }
            }
        }
        _ => {}
    }
}

#[test]
fn json_ld_of_every_page_holds_what_its_types_need_and_leads_to_pages() {
    let site = real(Some(BASE));
    let routes: BTreeSet<String> = site::routes(&site).into_iter().collect();
    let mut seen = BTreeMap::new();
    let mut with_data = 0;
    for day in [LATE, BUSY] {
        for page in all_pages(&site) {
            let things = things(&text(&site, day, &page));
            with_data += usize::from(!things.is_empty());
            for thing in &things {
                walk(thing, &page, &routes, &mut seen);
            }
            if page != "/"
                && let Some(crumbs) = of_type(&things, "BreadcrumbList")
            {
                let steps = crumbs["itemListElement"].as_array().unwrap();
                let positions: Vec<u64> = steps.iter().map(|step| step["position"].as_u64().unwrap()).collect();
                assert_eq!(positions, (1..=steps.len() as u64).collect::<Vec<_>>());
                assert_eq!(steps[0]["item"], BASE);
                assert_eq!(
                    path_in_site(steps.last().unwrap()["item"].as_str().unwrap(), "/").unwrap().split('#').next(),
                    Some(&*page)
                );
            }
        }
    }
    println!("{with_data} pages with data: {seen:?}");
    assert!(with_data > 2 * 400, "{with_data}");
    for (kind, least) in
        [("Event", 500), ("Person", 500), ("Article", 4), ("BreadcrumbList", 800), ("Place", 100), ("WebSite", 2)]
    {
        assert!(seen[kind] >= least, "{kind}: {seen:?}");
    }
}

#[test]
fn the_site_says_how_it_is_searched_and_that_works() {
    let site = real(Some(BASE));
    let home = things(&text(&site, LATE, "/"));
    let action = &of_type(&home, "WebSite").unwrap()["potentialAction"];
    assert_eq!((&action["@type"], &action["target"]["@type"]), (&"SearchAction".into(), &"EntryPoint".into()));
    let input = action["query-input"].as_str().unwrap().strip_prefix("required name=").unwrap();
    let template = action["target"]["urlTemplate"].as_str().unwrap();
    let asked = url::Url::parse(&template.replace(&format!("{{{input}}}"), "recommender%20systems")).unwrap();
    assert_eq!(asked.query_pairs().next(), Some(("q".into(), "recommender systems".into())));
    let path = path_in_site(asked.as_str(), "/").unwrap();
    let site::Body::Bytes(bytes) = site::answer(&site, LATE, &path, asked.query().unwrap()).body else {
        panic!("{path}")
    };
    assert!(String::from_utf8(bytes).unwrap().contains("<mark>Recommender</mark>"));
    // One that does not know its address says the same from the root of its host.
    let home = things(&text(&real(None), LATE, "/"));
    let template = &of_type(&home, "WebSite").unwrap()["potentialAction"]["target"]["urlTemplate"];
    assert_eq!(*template, format!("/search/?q={{{input}}}"));
    let without = Site { extras: Extras { search: false, ..Extras::ALL }, ..site };
    assert!(of_type(&things(&text(&without, LATE, "/")), "WebSite").unwrap().get("potentialAction").is_none());
}

#[test]
fn json_ld_says_what_the_content_says() {
    let site = real(Some(BASE));
    let archive = &site.archive;
    let (mut talks, mut timed) = (0, 0);
    for event in &archive.events {
        let all = things(&text(&site, LATE, event.route.as_str()));
        let it = of_type(&all, "Event").unwrap();
        assert_eq!(it.get("startDate").map(day_of), event.date(), "{}", event.route);
        if let (Some(time), Some(start)) = (event.source.time.as_deref(), it["startDate"].as_str()) {
            assert!(start.contains(&format!("T{:02}:{:02}:00+0", time.hour(), time.minute())), "{start}");
            timed += 1;
        }
        let parts = it.get("subEvent").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let titles: Vec<&str> = parts.iter().map(|part| part["name"].as_str().unwrap()).collect();
        assert_eq!(titles, event.talks.iter().map(|id| &**archive[*id].source.title).collect::<Vec<_>>());
        for (part, id) in parts.iter().zip(&event.talks) {
            let people = part.get("performer").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            let names: Vec<&str> = people.iter().map(|person| person["name"].as_str().unwrap()).collect();
            assert_eq!(names, archive[*id].speakers.iter().map(|id| &**archive[*id].source.name).collect::<Vec<_>>());
            talks += 1;
        }
        let places = it.get("location").and_then(Value::as_array).map_or(0, Vec::len);
        assert!(places >= event.venues.len(), "{}", event.route);
    }
    assert!(
        archive.events.len() >= 77 && talks > 140 && timed > 20,
        "{} events, {talks} talks, {timed} with an hour",
        archive.events.len()
    );
    for person in &archive.people {
        let all = things(&text(&site, LATE, person.route.as_str()));
        assert_eq!(of_type(&all, "Person").unwrap()["name"], &**person.source.name);
    }
    for article in &archive.articles {
        let all = things(&text(&site, LATE, article.route.as_str()));
        let it = of_type(&all, "Article").unwrap();
        assert_eq!(it["headline"], &*article.source.title);
        assert_eq!(it.get("datePublished").map(day_of), article.source.date.as_deref().copied());
    }
}

#[test]
fn the_description_of_an_offer_has_its_headings_without_the_links_to_them() {
    let job = "---\ntitle: T\ncompany: C\ndate: 2020-01-01\nexpires: 2020-02-01\n---\n## Tasks\n\nMany.\n";
    let page = text(&small(&[("jobs/one.md", job)], Some(BASE)), date(2020, 1, 15), "/jobs/one/");
    assert!(page.contains("<a class=\"anchor\" href=\"#tasks\""), "the page has them: {page}");
    let all = things(&page);
    assert_eq!(of_type(&all, "JobPosting").unwrap()["description"], "<h2 id=\"tasks\">Tasks</h2>\n<p>Many.</p>\n");
}

#[test]
fn an_offer_is_said_to_be_one_as_long_as_it_is_open() {
    let site = real(Some(BASE));
    let (mut open, mut closed) = (0, 0);
    for job in &site.archive.jobs {
        let page = |day| things(&text(&site, day, job.route.as_str()));
        let last = page(job.closes);
        let it = of_type(&last, "JobPosting").unwrap_or_else(|| panic!("{} is open on {}", job.route, job.closes));
        assert_eq!(day_of(&it["validThrough"]), job.closes);
        assert!(it["validThrough"].as_str().unwrap().contains("T23:59:59+0"), "{it}");
        assert_eq!(day_of(&it["datePosted"]), job.source.date.value);
        open += 1;
        assert!(of_type(&page(job.closes.tomorrow().unwrap()), "JobPosting").is_none(), "{} is closed", job.route);
        closed += 1;
    }
    assert!(open > 1 && closed == open, "{open}");
}

const FILES: [(&str, &str); 4] = [
    (
        "meetups/001.yaml",
        "number: 1\ndate: 2026-05-01\nmeetup_url: https://m.example/1\nregistration: https://r.example/1\nprice: 12.50 EUR\n",
    ),
    ("meetups/002.yaml", "number: 2\ndate: 2026-05-02\nmeetup_url: https://m.example/2\n"),
    ("meetups/003.yaml", "number: 3\ndate: 2026-05-03\n"),
    (
        "events/fest.md",
        "---\ntitle: Fest\nkind: festival\ndate: 2026-05-04\nend_date: 2026-05-05\nurl: https://f.example/\nprice: free\n---\nText.\n",
    ),
];

#[test]
fn how_one_can_take_part_is_said_as_long_as_one_can() {
    let site = small(&FILES, Some(BASE));
    let event = |path: &str, day: i8| {
        let page = text(&site, date(2026, 5, day), path);
        of_type(&things(&page), "Event").unwrap().clone()
    };
    let whole = serde_json::json!({
        "@type": "Offer", "url": "https://r.example/1", "price": "12.50", "priceCurrency": "EUR",
        "validThrough": "2026-05-01T23:59:59+02:00",
    });
    assert_eq!(event("/meetups/1/", 1)["offers"], whole);
    let of_2 = serde_json::json!({"@type": "Offer", "url": "https://m.example/2", "validThrough": "2026-05-02T23:59:59+02:00"});
    assert_eq!(event("/meetups/2/", 1)["offers"], of_2, "a price that nobody gave is none");
    let free = serde_json::json!({"@type": "Offer", "price": "0", "validThrough": "2026-05-05T23:59:59+02:00"});
    assert_eq!(event("/events/fest/", 5)["offers"], free, "its page is not said to be where one registers");
    let costs = |path: &str| event(path, 30).get("isAccessibleForFree").cloned();
    assert_eq!(
        [costs("/meetups/1/"), costs("/meetups/2/"), costs("/events/fest/")],
        [Some(false.into()), None, Some(true.into())]
    );
    for (path, day) in [("/meetups/1/", 2), ("/meetups/2/", 3), ("/meetups/3/", 1), ("/events/fest/", 6)] {
        assert!(event(path, day).get("offers").is_none(), "{path} on {day} May");
    }
    let called_off = FILES[0].1.to_owned() + "status: cancelled\n";
    let page = text(&small(&[(FILES[0].0, &called_off)], Some(BASE)), date(2026, 4, 1), "/meetups/1/");
    assert!(of_type(&things(&page), "Event").unwrap().get("offers").is_none() && !page.contains("r.example"));
}

#[test]
fn pages_and_markdown_show_where_to_register_and_what_it_costs() {
    let site = small(&FILES, None);
    let both = |day: i8| ["/meetups/1/", "/meetups/1/index.md"].map(|path| text(&site, date(2026, 5, day), path));
    let [page, markdown] = both(1);
    assert!(page.contains(r#"<a href="https://r.example/1" rel="noopener">Register</a>"#), "{page}");
    assert!(page.contains("<dt>Price</dt><dd>12.50 EUR</dd>"), "{page}");
    assert!(markdown.contains("- Take part: [Register](https://r.example/1)\n- Price: 12.50 EUR\n"), "{markdown}");
    for later in both(2) {
        assert!(!later.contains("r.example") && later.contains("12.50 EUR"), "{later}");
    }
    let fest = ["/events/fest/", "/events/fest/index.md"].map(|path| text(&site, date(2026, 5, 1), path));
    assert!(fest[0].contains("<dt>Price</dt><dd>Free</dd>") && fest[1].contains("- Price: Free\n"), "{fest:?}");
    // The start page leads there, and to the page of announcement where nothing else is known.
    let home = |day: i8| text(&site, date(2026, 5, day), "/");
    assert!(home(1).contains(r#"<a class="button" href="https://r.example/1" rel="noopener">Register</a>"#));
    assert!(
        home(2).contains(r#"<a class="button" href="https://m.example/2" rel="noopener">Register on m.example</a>"#)
    );
    // In an export the link goes with its day.
    let export = vdlm::site::Site { delivery: vdlm::site::Delivery::Export, ..small(&FILES, None) };
    let page = text(&export, date(2026, 5, 1), "/meetups/1/");
    assert!(page.contains("<div data-until=\"2026-05-01\"><dt>Take part</dt>"), "{page}");
}

#[test]
fn what_was_called_off_is_said_and_no_title_leaves_the_script() {
    let title = "</script><script>alert(1)</script><!-- & \" \\";
    let quoted = serde_json::to_string(title).unwrap();
    let meetup = |number: u8, status: &str| {
        format!(
            "number: {number}\ndate: 2026-05-0{number}\ntime: \"18:30\"\n{status}talks:\n  - title: {quoted}\n    speakers: [Ada <b>]\n"
        )
    };
    let texts = [meetup(1, ""), meetup(2, "status: cancelled\n"), meetup(3, "status: postponed\n")];
    let files: Vec<(String, &str)> =
        texts.iter().enumerate().map(|(at, text)| (format!("meetups/00{}.yaml", at + 1), text.as_str())).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    let site = small(&files, Some(BASE));
    for (number, status) in [(1, "EventScheduled"), (2, "EventCancelled"), (3, "EventPostponed")] {
        let all = things(&text(&site, date(2026, 4, 1), &format!("/meetups/{number}/")));
        let it = of_type(&all, "Event").unwrap();
        assert_eq!(it["eventStatus"], format!("https://schema.org/{status}"));
        assert_eq!(it["subEvent"][0]["eventStatus"], it["eventStatus"], "its talks with it");
        assert_eq!(it["subEvent"][0]["name"], title);
        assert_eq!(it["startDate"], format!("2026-05-0{number}T18:30:00+02:00"));
    }
}

#[test]
fn an_evening_is_described_by_those_who_speak_each_once() {
    let talks = "talks:\n  - {title: A, speakers: [Ada, Ben]}\n  - {title: B, speakers: [Ada]}\n  \
                 - {title: C, speakers: [Eve], status: cancelled}\n";
    let panel = "panel: {title: P, panelists: [Ben, Dan]}\n";
    let file = format!("number: 1\ndate: 2026-05-01\n{talks}{panel}");
    let page = text(&small(&[("meetups/001.yaml", &file)], Some(BASE)), date(2026, 4, 1), "/meetups/1/");
    let described = "Group, Inc; \\, 1 May 2026, talks by Ada, Ben.";
    assert_eq!(tags(&page)["description"], described);
    let all = things(&page);
    let it = of_type(&all, "Event").unwrap();
    assert_eq!(it["description"], described);
    let names: Vec<&str> =
        it["performer"].as_array().unwrap().iter().map(|who| who["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Ada", "Ben", "Dan"]);
}

/// The contents of the tags of a page by their names.
fn tags(html: &str) -> BTreeMap<String, String> {
    let page = Html::parse_document(html);
    let mut found = BTreeMap::new();
    for element in
        page.select(&Selector::parse("meta[content], link[rel=canonical], link[type='text/markdown']").unwrap())
    {
        let of = |name: &str| element.value().attr(name).map(str::to_owned);
        let Some(name) = of("property").or_else(|| of("name")).or_else(|| of("rel")) else { continue };
        let before = found.insert(name.clone(), of("content").or_else(|| of("href")).unwrap());
        assert!(before.is_none(), "{name} stands there twice");
    }
    found
}

#[test]
fn previews_name_the_page_and_a_picture_that_is_there() {
    let site = real(Some(BASE));
    let routes: BTreeSet<String> = site::routes(&site).into_iter().collect();
    let (mut pictures, mut texts) = (BTreeSet::new(), 0);
    for page in all_pages(&site) {
        let tags = tags(&text(&site, LATE, &page));
        let whole = format!("{BASE}{}", &page[1..]);
        assert_eq!(tags["canonical"], whole);
        assert_eq!(tags["og:url"], whole);
        for name in [
            "og:title",
            "og:description",
            "og:type",
            "og:site_name",
            "og:image:alt",
            "twitter:title",
            "twitter:description",
        ] {
            assert!(!tags[name].is_empty(), "{page}: {name}");
        }
        assert_eq!(
            (&*tags["og:image:width"], &*tags["og:image:height"], &*tags["twitter:card"]),
            ("1200", "630", "summary_large_image")
        );
        let picture = path_in_site(&tags["og:image"], "/").unwrap();
        assert!(tags["og:image"].starts_with(BASE) && routes.contains(&picture), "{page}: {picture}");
        assert_eq!(tags["og:image"], tags["twitter:image"]);
        pictures.insert(picture);
        if let Some(markdown) = tags.get("alternate") {
            assert!(routes.contains(markdown), "{page}: {markdown}");
            texts += 1;
        }
    }
    println!("{} pictures, {texts} pages with Markdown", pictures.len());
    assert!(pictures.len() > 400 && texts > 400);
    assert!(!tags(&get(&site, LATE, "/nowhere/").2).contains_key("og:url"), "what is not there has no preview");
}

#[test]
fn a_site_without_cards_names_none() {
    let site = Site { extras: Extras { cards: false, ..Extras::ALL }, ..real(Some(BASE)) };
    assert!(site::routes(&site).iter().all(|route| !route.ends_with("card.png")));
    for page in ["/", "/meetups/29/", "/talks/"] {
        let tags = tags(&text(&site, LATE, page));
        assert!(!tags.contains_key("og:image") && tags["twitter:card"] == "summary", "{page}");
        assert!(!text(&site, LATE, page).contains("card.png"), "{page}");
    }
    assert_eq!(site::answer(&site, LATE, "/card.png", "").status, 404);
}
