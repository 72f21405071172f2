//! A visitor who follows every link.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use scraper::{Html, Selector};

use crate::server::Server;

/// The addresses of this site that a page links to, without their fragments.
fn links(html: &str, base: &str) -> BTreeSet<String> {
    let document = Html::parse_document(html);
    let mut found = BTreeSet::new();
    for (selector, attribute) in [("[href]", "href"), ("[src]", "src")] {
        for element in document.select(&Selector::parse(selector).unwrap()) {
            let target = element.value().attr(attribute).unwrap_or("");
            let path = target.strip_prefix(base).unwrap_or(target);
            if path.starts_with('/') && !path.starts_with("//") {
                found.insert(path.split('#').next().unwrap_or("").to_owned());
            }
        }
    }
    found
}

/// The paths in the sitemap of a server on the real content, which has one as it knows its address.
pub(crate) fn listed() -> Vec<String> {
    let server = Server::start(&["--no-experiments", "--base-url", "https://vdlm.example/"]);
    let sitemap = server.get("/sitemap.xml").body;
    let paths = sitemap.split("<loc>https://vdlm.example").skip(1).filter_map(|rest| rest.split("</loc>").next());
    paths.map(str::to_owned).collect()
}

fn fragments(html: &str) -> (BTreeSet<String>, Vec<String>) {
    let document = Html::parse_document(html);
    let ids = document
        .select(&Selector::parse("[id]").unwrap())
        .filter_map(|e| e.value().attr("id"))
        .map(String::from)
        .collect();
    let anchors = Selector::parse("a[href^='#']").unwrap();
    let targets = document.select(&anchors).filter_map(|e| e.value().attr("href"));
    (ids, targets.map(|target| target[1..].to_owned()).collect())
}

#[test]
fn every_link_leads_somewhere_and_every_page_is_linked() {
    let server = Server::start(&["--no-experiments"]);
    let mut open = VecDeque::from(["/".to_owned()]);
    let mut seen: BTreeMap<String, String> = BTreeMap::from([("/".to_owned(), "the start".to_owned())]);
    let mut problems = Vec::new();
    let mut pages = 0;
    while let Some(path) = open.pop_front() {
        // Sorting and filtering lead to the same page in endless combinations; each is asked for once and not followed.
        let followed = !path.contains('?');
        let answer = server.get(&path);
        if answer.status != 200 {
            problems.push(format!("{path} answers {} (linked from {})", answer.status, seen[&path]));
            continue;
        }
        if !answer.header("content-type").starts_with("text/html") || !followed {
            continue;
        }
        pages += 1;
        let (ids, targets) = fragments(&answer.body);
        problems.extend(
            targets.iter().filter(|target| !ids.contains(*target)).map(|target| format!("{path} has no #{target}")),
        );
        for link in links(&answer.body, &server.base) {
            if !seen.contains_key(&link) {
                seen.insert(link.clone(), path.clone());
                open.push_back(link);
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(pages > 400, "only {pages} pages seen: 77 events, 147 talks, 139 people and 31 venues are more");

    let listed = listed();
    assert!(listed.len() > 400, "{} pages in the sitemap", listed.len());
    let unlinked: Vec<&String> = listed.iter().filter(|path| !seen.contains_key(*path)).collect();
    assert!(unlinked.is_empty(), "nothing links to {unlinked:?}");
}
