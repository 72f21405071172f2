//! Links in texts that are read outside their page, such as in a feed.

use lol_html::{RewriteStrSettings, element, rewrite_str};

use crate::context::Site;

/// Selectors of elements with an address, and the attribute that has it.
const LINK_ATTRIBUTES: [(&str, &str); 3] = [("[href]", "href"), ("[src]", "src"), ("[poster]", "poster")];

/// Returns the address of a page for readers of the file at `from`: absolute if the base URL is known, else relative to
/// that file (RFC 3986 §5). Unlike a path from the root of the host, a relative address works on any host and in any
/// folder.
pub(super) fn address(site: &Site, from: &str, path: &str) -> String {
    match &site.base {
        Some(base) => base.of(path),
        None => relative(from, path),
    }
}

fn relative(from: &str, to: &str) -> String {
    let folders = |path: &'_ str| path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let (here, there) = (folders(from), folders(to));
    let steps = |folder: &str| folder.split('/').skip(1).map(str::to_owned).collect::<Vec<String>>();
    let (here, there) = (steps(&here), steps(&there));
    let shared = here.iter().zip(&there).take_while(|(a, b)| a == b).count();
    let mut way = "../".repeat(here.len() - shared);
    for step in &there[shared..] {
        way.push_str(step);
        way.push('/');
    }
    way.push_str(to.rsplit('/').next().unwrap_or(""));
    if way.is_empty() { "./".to_owned() } else { way }
}

/// Rewrites the links in the text of the page at `page` so that they lead to the same pages from the file at `from`.
pub(super) fn absolutize_links(html: &str, site: &Site, from: &str, page: &str) -> String {
    let target = |link: &str| match link.as_bytes() {
        [b'#', ..] => Some(format!("{}{link}", address(site, from, page))),
        [b'/', b'/', ..] => None,
        [b'/', ..] => {
            let (path, rest) = link.split_at(link.find(['?', '#']).unwrap_or(link.len()));
            Some(format!("{}{rest}", address(site, from, path)))
        }
        _ => None,
    };
    let handlers = LINK_ATTRIBUTES.map(|(selector, attribute)| {
        element!(selector, move |element| {
            if let Some(new) = element.get_attribute(attribute).as_deref().and_then(target) {
                element.set_attribute(attribute, &new)?;
            }
            Ok(())
        })
    });
    let settings = RewriteStrSettings { element_content_handlers: handlers.into(), ..RewriteStrSettings::new() };
    // This can only fail for lack of memory.
    rewrite_str(html, settings).unwrap_or_else(|_| html.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_references_lead_from_file_to_page() {
        for (from, to, way) in [
            ("/feed.xml", "/meetups/29/", "meetups/29/"),
            ("/feed.xml", "/feed.xml", "feed.xml"),
            ("/feed.xml", "/", "./"),
            ("/hot-topics/feed.xml", "/hot-topics/", "./"),
            ("/hot-topics/feed.xml", "/hot-topics/radam/", "radam/"),
            ("/hot-topics/feed.xml", "/people/ada/", "../people/ada/"),
            ("/people/ada/feed.xml", "/meetups.ics", "../../meetups.ics"),
        ] {
            assert_eq!(relative(from, to), way, "{from} to {to}");
        }
    }
}
