//! How the pages of an export name each other.

use lol_html::{RewriteStrSettings, element, rewrite_str};

use super::ExportError;
use crate::markdown;
use crate::pages::BaseUrl;

/// How pages name each other and their assets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Links {
    /// From the root of the host, as the live server does: `/meetups/29/`.
    #[default]
    Rooted,
    /// From page to page, so that the site can be in any folder of a host: `../29/`.
    Relative,
    /// From file to file, so that the site can be opened without a host: `../29/index.html`.
    Files,
}

/// Attributes that hold addresses, and the elements that have them.
const ADDRESSES: [(&str, &str); 5] =
    [("[href]", "href"), ("[src]", "src"), ("[action]", "action"), ("[poster]", "poster"), ("[data-index]", "data-index")];
/// What stands before the address in a `refresh`.
const REFRESH: &str = "0; url=";

/// The page at `route` with its links as they are asked for. Everything else in it stays byte for byte.
pub(super) fn rewrite(html: Vec<u8>, route: &str, links: Links, base: Option<&BaseUrl>) -> Result<Vec<u8>, ExportError> {
    if links == Links::Rooted {
        return Ok(html);
    }
    let failed = |why: String| ExportError::Rewriting { route: route.to_owned(), why };
    let html = String::from_utf8(html).map_err(|error| failed(error.to_string()))?;
    let address = |target: &str| address(route, target, links, base);
    let mut handlers = Vec::new();
    for (selector, attribute) in ADDRESSES {
        handlers.push(element!(selector, move |element| {
            if let Some(new) = element.get_attribute(attribute).as_deref().and_then(address) {
                element.set_attribute(attribute, &new)?;
            }
            Ok(())
        }));
    }
    handlers.push(element!("meta[http-equiv]", move |element| {
        let content = element.get_attribute("content").unwrap_or_default();
        if let Some(new) = content.strip_prefix(REFRESH).and_then(address) {
            element.set_attribute("content", &format!("{REFRESH}{new}"))?;
        } else if links == Links::Files && element.get_attribute("http-equiv").as_deref() == Some("Content-Security-Policy") {
            // A file has no origin that could be its own, so the policy would keep the style sheet out.
            element.remove();
        }
        Ok(())
    }));
    if links == Links::Files {
        // Browsers refuse to fetch a file ahead of its use: that takes an origin.
        handlers.push(element!("link[rel=preload]", |element| {
            element.remove();
            Ok(())
        }));
    }
    if base.is_none() {
        // What is said to other sites needs whole addresses; in a folder that nobody knows, those from the root of a host are wrong.
        handlers.push(element!("script[type='application/ld+json'], meta[content^='/']", |element| {
            element.remove();
            Ok(())
        }));
    }
    let settings = RewriteStrSettings { element_content_handlers: handlers, ..RewriteStrSettings::new() };
    rewrite_str(&html, settings).map(String::into_bytes).map_err(|error| failed(error.to_string()))
}

/// Markdown at `route` with its links as they are asked for. Where the base is known they are whole already, and stay so.
pub(super) fn rewrite_markdown(text: Vec<u8>, route: &str, links: Links) -> Result<Vec<u8>, ExportError> {
    if links == Links::Rooted {
        return Ok(text);
    }
    let text =
        String::from_utf8(text).map_err(|error| ExportError::Rewriting { route: route.to_owned(), why: error.to_string() })?;
    Ok(markdown::relink(&text, |target| address(route, target, links, None)).into_bytes())
}

/// Whether what is at a route is Markdown. The list for language models is so by its own format.
pub(super) fn is_markdown(media_type: &str, route: &str) -> bool {
    media_type.starts_with("text/markdown") || route == "/llms.txt"
}

/// Another form of an address of this site; nothing for addresses elsewhere and in the page itself.
fn address(route: &str, target: &str, links: Links, base: Option<&BaseUrl>) -> Option<String> {
    if !target.starts_with('/') || target.starts_with("//") {
        return None;
    }
    let (path, rest) = target.split_at(target.find(['?', '#']).unwrap_or(target.len()));
    match base {
        // A host shows the page for missing ones at any address, so only whole paths hold in it.
        Some(base) if route == super::files::MISSING => Some(format!("{}{}{rest}", base.path(), &path[1..])),
        _ => Some(format!("{}{rest}", relative(route, path, links))),
    }
}

/// The way from one page to another: from `/meetups/29/` to `/talks/` it is `../../talks/`.
fn relative(from: &str, to: &str, links: Links) -> String {
    fn split(path: &str) -> (Vec<&str>, &str) {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        (folder.split('/').skip(1).collect(), name)
    }
    let ((here, _), (there, name)) = (split(from), split(to));
    let shared = here.iter().zip(&there).take_while(|(a, b)| a == b).count();
    let mut way = "../".repeat(here.len() - shared);
    for step in &there[shared..] {
        way.push_str(step);
        way.push('/');
    }
    way.push_str(if name.is_empty() && links == Links::Files { "index.html" } else { name });
    if way.is_empty() { "./".to_owned() } else { way }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_lead_from_page_to_page_and_from_file_to_file() {
        for (from, to, way, file) in [
            ("/", "/", "./", "index.html"),
            ("/", "/talks/", "talks/", "talks/index.html"),
            ("/talks/", "/", "../", "../index.html"),
            ("/meetups/29/", "/meetups/29/", "./", "index.html"),
            ("/meetups/29/", "/meetups/30/", "../30/", "../30/index.html"),
            ("/meetups/29/", "/meetups/", "../", "../index.html"),
            ("/meetups/29/", "/static/a.css", "../../static/a.css", "../../static/a.css"),
            ("/404.html", "/talks/", "talks/", "talks/index.html"),
        ] {
            assert_eq!(relative(from, to, Links::Relative), way, "{from} to {to}");
            assert_eq!(relative(from, to, Links::Files), file, "{from} to {to}");
        }
    }

    fn rewritten(html: &str, route: &str, links: Links, base: Option<&str>) -> String {
        let base = base.map(|base| base.parse().unwrap());
        String::from_utf8(rewrite(html.as_bytes().to_vec(), route, links, base.as_ref()).unwrap()).unwrap()
    }

    #[test]
    fn only_addresses_of_the_site_change_and_nothing_else() {
        let html = "<!DOCTYPE html><p title='/a/'>/a/ <a  class=x href=\"/a/?q=1&amp;r=2#z\">&lt;a href=\"/b/\"&gt;</a>\
                    <a href=\"#z\"></a><a href=https://example.org/>e</a><img src=/files/x.png alt=''>\
                    <svg><use href=\"#m\"/></svg><!-- <a href=\"/c/\"> --><pre>&lt;img src=/d/&gt;</pre>";
        let relative = rewritten(html, "/talks/", Links::Relative, None);
        let changed = html
            .replace("\"/a/?q=1&amp;r=2#z\"", "\"../a/?q=1&amp;r=2#z\"")
            .replace("src=/files/x.png", "src=\"../files/x.png\"");
        // The parser writes the tags that it changes anew, with one space between attributes.
        assert_eq!(relative, changed.replace("<a  class=x", "<a class=x"));
        assert_eq!(rewritten(html, "/talks/", Links::Rooted, None), html);
        assert!(rewritten(html, "/talks/", Links::Files, None).contains("\"../a/index.html?q=1&amp;r=2#z\""));
    }

    #[test]
    fn links_of_markdown_lead_as_those_of_pages_do() {
        let text = "# [A](/a/)\n\n- [b](/meetups/29/#talks) [c](https://e.org/) [d](</files/x y.pdf>)\n";
        let rewritten =
            |links| String::from_utf8(rewrite_markdown(text.as_bytes().to_vec(), "/meetups/index.md", links).unwrap());
        assert_eq!(rewritten(Links::Rooted).unwrap(), text);
        let relative = "# [A](../a/)\n\n- [b](29/#talks) [c](https://e.org/) [d](<../files/x y.pdf>)\n";
        assert_eq!(rewritten(Links::Relative).unwrap(), relative);
        let files = relative.replace("../a/", "../a/index.html").replace("29/#", "29/index.html#");
        assert_eq!(rewritten(Links::Files).unwrap(), files);
        assert!(is_markdown("text/markdown; charset=utf-8", "/index.md") && is_markdown("text/plain", "/llms.txt"));
        assert!(!is_markdown("text/plain; charset=utf-8", "/robots.txt"));
    }

    #[test]
    fn the_page_for_missing_ones_holds_at_any_address_of_its_host() {
        let html = "<a href=\"/talks/\">t</a>";
        let missing = rewritten(html, "/404.html", Links::Relative, Some("https://example.org/sub/"));
        assert_eq!(missing, "<a href=\"/sub/talks/\">t</a>");
    }

    #[test]
    fn a_page_that_leads_on_does_so_from_its_place_and_a_file_has_no_policy() {
        let html = "<link rel=preload href=/x><meta http-equiv=\"Content-Security-Policy\" content=\"style-src &#39;self&#39;\"><meta http-equiv=\"refresh\" content=\"0; url=/people/a/\">";
        assert!(rewritten(html, "/people/b/", Links::Relative, None).contains("self"));
        let file = rewritten(html, "/people/b/", Links::Files, None);
        assert_eq!(file, "<meta http-equiv=\"refresh\" content=\"0; url=../a/index.html\">");
    }
}
