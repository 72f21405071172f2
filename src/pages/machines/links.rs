//! Links in texts that are read away from their page.

use lol_html::{RewriteStrSettings, element, rewrite_str};

use crate::pages::Site;

/// Attributes that hold addresses.
const ADDRESSES: [(&str, &str); 3] = [("[href]", "href"), ("[src]", "src"), ("[poster]", "poster")];

/// Where a path of this site is for somebody who reads the file at `from`: a whole address where the site knows its own. Otherwise it is
/// relative to that file (RFC 3986 §5), which holds under any host and in any folder, while a path from the root of the host would not.
pub(super) fn reference(site: &Site, from: &str, path: &str) -> String {
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

/// The text of the page at `page` for the file at `from`: its links lead to where they lead from the page.
pub(super) fn away(html: &str, site: &Site, from: &str, page: &str) -> String {
    let target = |address: &str| match address.as_bytes() {
        [b'#', ..] => Some(format!("{}{address}", reference(site, from, page))),
        [b'/', b'/', ..] => None,
        [b'/', ..] => {
            let (path, rest) = address.split_at(address.find(['?', '#']).unwrap_or(address.len()));
            Some(format!("{}{rest}", reference(site, from, path)))
        }
        _ => None,
    };
    let handlers = ADDRESSES.map(|(selector, attribute)| {
        element!(selector, move |element| {
            if let Some(new) = element.get_attribute(attribute).as_deref().and_then(target) {
                element.set_attribute(attribute, &new)?;
            }
            Ok(())
        })
    });
    let settings = RewriteStrSettings { element_content_handlers: handlers.into(), ..RewriteStrSettings::new() };
    // Only a lack of memory can fail here; words without links are better than none.
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
