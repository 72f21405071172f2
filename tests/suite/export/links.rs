//! Where the links of an export lead, in a folder of a host.

use std::collections::{BTreeMap, BTreeSet};

use pulldown_cmark::{Event, Options, Parser, Tag};
use scraper::{Html, Selector};

use super::Desk;

/// Follows every link of an export from file to file, as a host in a folder does. Returns the number of links.
fn crawl(files: &BTreeMap<String, Vec<u8>>) -> usize {
    let ids: BTreeMap<&String, BTreeSet<String>> =
        files.iter().filter(|(file, _)| file.ends_with(".html")).map(|(file, bytes)| (file, ids(bytes))).collect();
    let (mut followed, mut wrong) = (0, Vec::new());
    for (file, bytes) in files.iter().filter(|(file, _)| file.ends_with(".html") && *file != "404.html") {
        for link in links(&String::from_utf8_lossy(bytes)) {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            let (path, fragment) = link.split_once('#').unwrap_or((&link, ""));
            let mut target = resolve(file, path.split('?').next().unwrap());
            if target.is_empty() || target.ends_with('/') {
                target.push_str("index.html");
            }
            let known = files.contains_key(&target) && (fragment.is_empty() || ids[&target].contains(fragment));
            if link.starts_with('/') || !known {
                wrong.push(format!("{file}: {link}"));
            }
            followed += 1;
        }
    }
    wrong.truncate(20);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    followed
}

/// Follows the links of all Markdown in an export; those that name their host are not counted.
fn crawl_markdown(files: &BTreeMap<String, Vec<u8>>) -> usize {
    let (mut followed, mut wrong) = (0, Vec::new());
    for (file, bytes) in files.iter().filter(|(file, _)| file.ends_with(".md") || *file == "llms.txt") {
        let text = String::from_utf8_lossy(bytes);
        for event in Parser::new_ext(&text, Options::ENABLE_TABLES) {
            let (Event::Start(Tag::Link { dest_url, .. }) | Event::Start(Tag::Image { dest_url, .. })) = event else {
                continue;
            };
            if dest_url.contains("://") || dest_url.starts_with("mailto:") || dest_url.starts_with('#') {
                continue;
            }
            let path = dest_url.split(['#', '?']).next().unwrap();
            let path = percent_encoding::percent_decode_str(path).decode_utf8().unwrap();
            let mut target = resolve(file, &path);
            if target.is_empty() || target.ends_with('/') {
                target.push_str("index.html");
            }
            if dest_url.starts_with('/') || !files.contains_key(&target) {
                wrong.push(format!("{file}: {dest_url}"));
            }
            followed += 1;
        }
    }
    wrong.truncate(20);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    followed
}

fn ids(bytes: &[u8]) -> BTreeSet<String> {
    let page = Html::parse_document(&String::from_utf8_lossy(bytes));
    let with_id = Selector::parse("[id]").unwrap();
    page.select(&with_id).filter_map(|element| element.value().attr("id").map(str::to_owned)).collect()
}

/// Everything in a page that names another file; any attribute that begins like one of the live server's addresses
/// counts as well.
fn links(html: &str) -> Vec<String> {
    let page = Html::parse_document(html);
    let mut found = Vec::new();
    for element in page.select(&Selector::parse("*").unwrap()) {
        for (name, value) in element.value().attrs() {
            let refresh = value.strip_prefix("0; url=").filter(|_| element.value().name() == "meta");
            if ["href", "src", "action", "poster"].contains(&name) || value.starts_with('/') || refresh.is_some() {
                found.push(refresh.unwrap_or(value).to_owned());
            }
        }
    }
    found
}

/// The file that a relative link in another one means.
fn resolve(file: &str, link: &str) -> String {
    if link.is_empty() {
        return file.to_owned();
    }
    let mut steps: Vec<&str> = file.split('/').collect();
    steps.pop();
    for step in link.split_inclusive('/') {
        match step {
            "./" => {}
            "../" => drop(steps.pop().expect("a link out of the site")),
            step => steps.push(step),
        }
    }
    let path = steps
        .iter()
        .map(|step| if step.ends_with('/') { (*step).to_owned() } else { format!("{step}/") })
        .collect::<String>();
    if link.ends_with('/') || link.ends_with("..") { path } else { path.trim_end_matches('/').to_owned() }
}

#[test]
fn an_export_works_in_any_folder_of_a_host() {
    let desk = Desk::new();
    for flags in
        [&["--base-url", "https://example.org/a/vdlm/", "--no-compress"][..], &["--links", "relative", "--no-compress"]]
    {
        let files = desk.build(flags);
        let followed = crawl(&files);
        assert!(followed > 15_000, "{flags:?}: only {followed} links");
        let (followed, whole) = (crawl_markdown(&files), flags.contains(&"--base-url"));
        assert_eq!(followed > 4000, !whole, "{flags:?}: {followed} links in Markdown");
        assert!(followed == 0 || !whole, "{flags:?}: {followed} links without a host");
        let page = String::from_utf8_lossy(&files["meetups/29/index.html"]).into_owned();
        assert_eq!(page.contains("Content-Security-Policy"), whole, "{flags:?}");
        let sheet = files.keys().find(|file| file.starts_with("static/site.") && file.ends_with(".css")).unwrap();
        let text = String::from_utf8_lossy(&files[sheet]).into_owned();
        let fonts: Vec<&str> = text.split("url(").skip(1).filter_map(|rest| rest.split(')').next()).collect();
        assert!(fonts.len() >= 4 && fonts.iter().all(|font| files.contains_key(&resolve(sheet, font))), "{fonts:?}");
    }
    let files = desk.build(&["--base-url", "https://example.org/a/vdlm", "--no-compress"]);
    let text = |file: &str| String::from_utf8_lossy(&files[file]).into_owned();
    assert!(text("404.html").contains("href=\"/a/vdlm/talks/\"") && !text("404.html").contains("href=\"/talks/"));
    assert!(text("talks/index.html").contains("<link rel=\"canonical\" href=\"https://example.org/a/vdlm/talks/\">"));
    assert!(text("sitemap.xml").contains("<loc>https://example.org/a/vdlm/meetups/29/</loc>"));
    assert!(text("people/tom-lidy/index.html").contains("url=../thomas-lidy/"));
    assert!(!desk.run(&["--base-url", "example.org"]).status.success());
}

#[test]
fn what_is_left_out_is_named_nowhere() {
    let desk = Desk::new();
    let flags = ["--links", "relative", "--base-url", "https://example.org/", "--no-compress"];
    let whole = desk.build(&flags);
    let files = desk.build(&[&flags[..], &["--no-cards", "--no-search", "--no-data"]].concat());
    assert!(crawl(&files) > 10_000);
    let part = |file: &str| {
        let name = file.rsplit('/').next().unwrap();
        let feed = name == "feed.xml" && file != name;
        feed || file.ends_with(".ics")
            || file.ends_with(".md")
            || file.starts_with("api/")
            || file.starts_with("search/")
            || ["card.png", "llms.txt", "opensearch.xml"].contains(&name)
    };
    let (left_out, kept): (Vec<&String>, Vec<&String>) = whole.keys().partition(|file| part(file));
    assert!(left_out.len() > 1000, "{}", left_out.len());
    assert_eq!(files.keys().collect::<Vec<_>>(), kept);
}
