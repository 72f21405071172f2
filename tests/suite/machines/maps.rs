//! Sitemap, robots and OpenSearch, read by an XML parser.

use std::collections::BTreeMap;

use jiff::civil::Date;
use scraper::{Html, Selector};

use super::{BASE, BUSY, LATE, get, real, text};

fn sitemap(day: Date) -> BTreeMap<String, Option<Date>> {
    let xml = text(&real(Some(BASE)), day, "/sitemap.xml");
    let document = roxmltree::Document::parse(&xml).unwrap();
    let space = "http://www.sitemaps.org/schemas/sitemap/0.9";
    assert_eq!(document.root_element().tag_name(), (space, "urlset").into());
    let child = |url: roxmltree::Node<'_, '_>, name| {
        url.children().find(|child| child.has_tag_name((space, name))).and_then(|child| child.text()).map(str::to_owned)
    };
    let urls = document.root_element().children().filter(|node| node.has_tag_name((space, "url")));
    urls.map(|url| (child(url, "loc").unwrap(), child(url, "lastmod").map(|day| day.parse().unwrap()))).collect()
}

#[test]
fn the_sitemap_has_the_days_of_the_content_and_none_that_is_not_known() {
    let pages = sitemap(LATE);
    let site = real(Some(BASE));
    let day = |path: &str| pages[&format!("{BASE}{path}")].map(|day| day.to_string());
    assert_eq!(day("meetups/29/").as_deref(), Some("2019-09-24"));
    assert_eq!(day("hot-topics/radam/").as_deref(), Some("2019-09-24"));
    assert_eq!(day("people/jakub-macina/").as_deref(), Some("2019-09-24"));
    assert_eq!([day("meetups/39/"), day("about/"), day("contribute/")], [None, None, None]);
    assert_eq!(day(""), day("meetups/"));
    let dated = pages.values().flatten().count();
    assert!(pages.len() > 400 && dated > 380 && dated < pages.len(), "{} pages, {dated} with a day", pages.len());
    assert!(pages.values().flatten().all(|day| *day <= LATE));
    for address in pages.keys() {
        assert_eq!(get(&site, LATE, &format!("/{}", address.strip_prefix(BASE).unwrap())).0, 200, "{address}");
    }
    // An evening that is still to come has not changed on its day.
    assert_eq!(sitemap(BUSY)[&format!("{BASE}meetups/29/")], None);
    assert!(sitemap(BUSY).values().flatten().all(|day| *day <= BUSY));
}

#[test]
fn there_is_no_sitemap_while_addresses_cannot_be_whole() {
    let site = real(None);
    assert_eq!([get(&site, LATE, "/sitemap.xml").0, get(&site, LATE, "/sitemap-1.xml").0], [404, 404]);
    assert!(!vdlm::site::routes(&site).iter().any(|route| route.contains("sitemap")));
    assert!(!text(&site, LATE, "/llms.txt").contains("sitemap"));
    assert!(text(&real(Some(BASE)), LATE, "/llms.txt").contains(&format!("]({BASE}sitemap.xml)")));
}

#[test]
fn robots_name_the_sitemap_where_its_whole_address_is_known() {
    assert_eq!(text(&real(None), LATE, "/robots.txt"), "User-agent: *\nAllow: /\n");
    let robots = text(&real(Some(BASE)), LATE, "/robots.txt");
    let sitemap = robots.lines().find_map(|line| line.strip_prefix("Sitemap: ")).unwrap();
    assert_eq!(sitemap, format!("{BASE}sitemap.xml"));
}

#[test]
fn browsers_find_out_how_to_search_where_the_whole_address_is_known() {
    let site = real(Some(BASE));
    let (_, media_type, xml) = get(&site, LATE, "/opensearch.xml");
    assert_eq!(media_type, "application/opensearchdescription+xml; charset=utf-8");
    let document = roxmltree::Document::parse(&xml).unwrap();
    let space = "http://a9.com/-/spec/opensearch/1.1/";
    assert_eq!(document.root_element().tag_name(), (space, "OpenSearchDescription").into());
    let text_of = |name| {
        document.descendants().find(|node| node.has_tag_name((space, name))).and_then(|node| node.text()).unwrap()
    };
    assert!(text_of("ShortName").chars().count() <= 16 && text_of("Description").len() <= 1024);
    let url = document.descendants().find(|node| node.has_tag_name((space, "Url"))).unwrap();
    assert_eq!(
        (url.attribute("type"), url.attribute("template")),
        (Some("text/html"), Some(&*format!("{BASE}search/?q={{searchTerms}}")))
    );
    let link = Selector::parse("head link[rel=search][type='application/opensearchdescription+xml']").unwrap();
    let named = |base| {
        Html::parse_document(&text(&real(base), LATE, "/meetups/29/"))
            .select(&link)
            .filter_map(|l| l.attr("href").map(str::to_owned))
            .collect::<Vec<_>>()
    };
    assert_eq!(named(Some(BASE)), ["/opensearch.xml"]);
    assert!(named(None).is_empty() && get(&real(None), LATE, "/opensearch.xml").0 == 404);
}
