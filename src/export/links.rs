//! Links between the pages of an export.

use lol_html::{RewriteStrSettings, element, rewrite_str};

use super::ExportError;
use crate::site::BaseUrl;

/// Style of links between pages and to their assets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Links {
    /// From the root of the host, as the live server does: `/meetups/29/`.
    #[default]
    Rooted,
    /// From page to page, so that the site can be in any folder of a host: `../29/`.
    Relative,
}

/// Attributes that hold addresses, and the elements that have them.
const ADDRESSES: [(&str, &str); 5] = [
    ("[href]", "href"),
    ("[src]", "src"),
    ("[action]", "action"),
    ("[poster]", "poster"),
    ("[data-index]", "data-index"),
];
/// Text before the address in a `refresh`.
const REFRESH: &str = "0; url=";

/// Rewrites the links of the page at `route`. Everything else in it stays byte for byte.
pub(super) fn rewrite(
    html: Vec<u8>,
    route: &str,
    links: Links,
    base: Option<&BaseUrl>,
) -> Result<Vec<u8>, ExportError> {
    if links == Links::Rooted {
        return Ok(html);
    }
    let failed = |why: String| ExportError::Rewriting { route: route.to_owned(), why };
    let html = String::from_utf8(html).map_err(|error| failed(error.to_string()))?;
    let address = |target: &str| address(route, target, base);
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
        }
        Ok(())
    }));
    if base.is_none() {
        // What other sites read needs whole addresses; from the root of a host they would be wrong in a folder of it.
        handlers.push(element!("script[type='application/ld+json'], meta[content^='/']", |element| {
            element.remove();
            Ok(())
        }));
    }
    let settings = RewriteStrSettings { element_content_handlers: handlers, ..RewriteStrSettings::new() };
    rewrite_str(&html, settings).map(String::into_bytes).map_err(|error| failed(error.to_string()))
}

/// Returns the relative form of an address of this site; none for other sites and for fragments.
fn address(route: &str, target: &str, base: Option<&BaseUrl>) -> Option<String> {
    if !target.starts_with('/') || target.starts_with("//") {
        return None;
    }
    let (path, rest) = target.split_at(target.find(['?', '#']).unwrap_or(target.len()));
    match base {
        // Hosts show this page at any address, so relative links would break.
        Some(base) if route == super::MISSING => Some(format!("{}{}{rest}", base.path(), &path[1..])),
        _ => Some(format!("{}{rest}", relative(route, path))),
    }
}

/// Returns the relative path between two pages: from `/meetups/29/` to `/talks/` it is `../../talks/`.
fn relative(from: &str, to: &str) -> String {
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
    way.push_str(name);
    if way.is_empty() { "./".to_owned() } else { way }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_paths_lead_from_page_to_page() {
        for (from, to, path) in [
            ("/", "/", "./"),
            ("/", "/talks/", "talks/"),
            ("/talks/", "/", "../"),
            ("/meetups/29/", "/meetups/29/", "./"),
            ("/meetups/29/", "/meetups/30/", "../30/"),
            ("/meetups/29/", "/meetups/", "../"),
            ("/meetups/29/", "/static/a.css", "../../static/a.css"),
            ("/404.html", "/talks/", "talks/"),
        ] {
            assert_eq!(relative(from, to), path, "{from} to {to}");
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
    }

    #[test]
    fn the_page_for_missing_ones_holds_at_any_address_of_its_host() {
        let html = "<a href=\"/talks/\">t</a>";
        let missing = rewritten(html, "/404.html", Links::Relative, Some("https://example.org/sub/"));
        assert_eq!(missing, "<a href=\"/sub/talks/\">t</a>");
    }

    #[test]
    fn a_redirect_is_relative_too() {
        let html = "<meta http-equiv=\"refresh\" content=\"0; url=/people/a/\">";
        let relative = rewritten(html, "/people/b/", Links::Relative, None);
        assert_eq!(relative, "<meta http-equiv=\"refresh\" content=\"0; url=../a/\">");
    }
}
