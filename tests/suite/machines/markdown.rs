//! Pages as Markdown, read by a parser, and `llms.txt`.

use std::collections::BTreeSet;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use scraper::{Html, Selector};
use vdlm::site;

use super::{BASE, BUSY, LATE, get, path_in_site, real, routes, text};

/// A Markdown text as a reader has it.
#[derive(Debug, Default)]
struct Read {
    /// The words of its first heading.
    title: String,
    /// Headings of the first level.
    titles: usize,
    links: Vec<String>,
    /// All words, code left out.
    words: String,
    /// Rows of tables below their heads.
    rows: usize,
}

fn read(markdown: &str) -> Read {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_MATH | Options::ENABLE_FOOTNOTES;
    let mut read = Read::default();
    let (mut in_title, mut in_code) = (false, false);
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }) => {
                read.titles += 1;
                in_title = read.titles == 1;
            }
            Event::End(TagEnd::Heading(_)) => in_title = false,
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                read.links.push(dest_url.to_string())
            }
            Event::Start(Tag::TableRow) => read.rows += 1,
            Event::Text(words) if !in_code => {
                if in_title {
                    read.title.push_str(&words);
                }
                read.words.push_str(&words);
            }
            Event::Html(html) | Event::InlineHtml(html) => panic!("HTML: {html}"),
            Event::SoftBreak | Event::HardBreak | Event::End(_) => read.words.push(' '),
            _ => {}
        }
    }
    read
}

#[test]
fn the_markdown_of_every_page_has_its_title_and_leads_to_pages() {
    let site = real(Some(BASE));
    let known: BTreeSet<String> = site::routes(&site).into_iter().collect();
    let heading = Selector::parse("h1").unwrap();
    let (mut inside, mut outside, mut texts, mut rows) = (0, 0, 0, 0);
    for day in [LATE, BUSY] {
        for route in routes(&site, "/index.md") {
            let (status, media_type, markdown) = get(&site, day, &route);
            assert_eq!((status, media_type), (200, "text/markdown; charset=utf-8"), "{route}");
            let read = read(&markdown);
            assert_eq!(read.titles, 1, "{route}");
            assert!(!read.words.contains("{{"), "{route} has a placeholder");
            let page = Html::parse_document(&text(&site, day, route.strip_suffix("index.md").unwrap()));
            let h1 = page.select(&heading).next().unwrap().text().collect::<String>();
            let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            if route != "/index.md" {
                assert!(
                    plain(&h1).contains(&plain(&read.title)) || plain(&read.title).contains(&plain(&h1)),
                    "{route}: {} and {h1}",
                    read.title
                );
            }
            for link in &read.links {
                assert!(!link.starts_with('/'), "{route}: {link} needs a host");
                match path_in_site(link, "/").filter(|_| link.contains("://")) {
                    Some(path) => {
                        assert!(known.contains(&path) || path.starts_with("/files/"), "{route}: {link}");
                        inside += 1;
                    }
                    None => outside += 1,
                }
            }
            (texts, rows) = (texts + 1, rows + read.rows);
        }
    }
    println!("{texts} texts, {inside} links to pages, {outside} to other sites, {rows} rows of tables");
    assert!(texts > 800 && inside > 5000 && outside > 500 && rows > 20, "{texts} {inside} {outside} {rows}");
}

#[test]
fn the_markdown_of_a_page_says_what_the_content_says() {
    let site = real(Some(BASE));
    let archive = &site.archive;
    let mut named = 0;
    let squeezed = |text: &str| text.split_whitespace().collect::<String>();
    for event in &archive.events {
        let read = read(&text(&site, LATE, &format!("{}index.md", event.route)));
        let words = squeezed(&read.words);
        for talk in event.talks.iter().map(|id| &archive[*id]) {
            assert!(words.contains(&squeezed(&talk.source.title)), "{}: {}", event.route, talk.source.title);
            for link in talk.source.slides.iter().chain(&talk.source.videos) {
                assert!(
                    read.links.iter().any(|known| known.ends_with(&*archive.link(link).href)),
                    "{}: {link:?}",
                    event.route
                );
            }
            named += 1 + talk.speakers.len();
            assert!(
                talk.speakers.iter().all(|id| words.contains(&squeezed(&archive[*id].source.name))),
                "{}",
                event.route
            );
        }
    }
    assert!(named > 300, "{named}");
}

#[test]
fn figures_stand_in_the_markdown_as_words_and_tables_and_numbers_are_filled_in() {
    let site = real(Some(BASE));
    let (mut figures, mut numbers) = (0, 0);
    for article in &site.archive.articles {
        let markdown = text(&site, LATE, &format!("{}index.md", article.route));
        assert!(!markdown.contains("```lab"), "{}", article.route);
        let page = Html::parse_document(&text(&site, LATE, article.route.as_str()));
        // Numbers of figures are marked on the page; each is in the Markdown too.
        let words = read(&markdown).words.split_whitespace().collect::<String>();
        for number in page.select(&Selector::parse("data.measured").unwrap()) {
            let number: String = number.text().collect::<String>().split_whitespace().collect();
            assert!(words.contains(&number), "{}: {number}", article.route);
            numbers += 1;
        }
        figures += markdown.matches("**Figure ").count();
    }
    println!("{figures} figures, {numbers} numbers");
    assert!(figures > 5 && numbers > 10, "{figures} {numbers}");
}

#[test]
fn llms_txt_has_the_form_that_readers_expect() {
    let site = real(Some(BASE));
    let known: BTreeSet<String> = site::routes(&site).into_iter().collect();
    let (status, media_type, text) = get(&site, LATE, "/llms.txt");
    assert_eq!((status, media_type), (200, "text/plain; charset=utf-8"));
    let read = read(&text);
    // A title, a quotation that sums up, then lists of links (llmstxt.org).
    assert_eq!((read.titles, read.title.as_str()), (1, &*site.archive.site.source.name));
    assert!(text.lines().nth(2).unwrap().starts_with("> "));
    for link in &read.links {
        assert!(known.contains(&path_in_site(link, "/").unwrap()), "{link}");
    }
    let texts = read.links.iter().filter(|link| link.ends_with("index.md")).count();
    assert!(texts > 10 && read.links.len() > texts, "{:?}", read.links);
}
