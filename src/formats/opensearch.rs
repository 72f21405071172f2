//! `/opensearch.xml`: how a browser searches the site (OpenSearch 1.1, draft 6).

use askama::Template;

use super::xml;
use crate::context::{Answer, Kind, Request, Site, search};
use crate::views::SiteView;

pub(crate) const KIND: Kind = Kind { answer, paths: |site| path(site).map(str::to_owned).into_iter().collect() };

/// Maximum length of a short name in characters, as the format says.
const MAX_SHORT_NAME: usize = 16;

#[derive(Template)]
#[template(path = "opensearch.xml")]
struct Description<'a> {
    site: &'a SiteView,
    short_name: String,
    search: String,
    own_address: String,
}

/// Returns the path, if there is a search and a base URL, because all addresses in the description must be absolute.
pub(crate) fn path(site: &Site) -> Option<&'static str> {
    (site.extras.search && site.base.is_some()).then_some("/opensearch.xml")
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    let base = request.site.base.as_ref().filter(|_| Some(request.path) == path(request.site))?;
    let site = &request.site.views.site;
    let short_name = site.short_name.chars().take(MAX_SHORT_NAME).collect();
    let description =
        Description { site, short_name, search: base.of(search::PATH), own_address: base.of(request.path) };
    Some(xml("application/opensearchdescription+xml; charset=utf-8", &description))
}
