//! `/opensearch.xml`: how a browser searches the site (OpenSearch 1.1, draft 6).

use super::atom::text;
use crate::pages::{Answer, CachePolicy, Kind, Request, Site};

pub(in crate::pages) const KIND: Kind = Kind { answer, paths: |site| path(site).map(str::to_owned).into_iter().collect() };

/// Letters of a short name at most, as the format asks.
const SHORT_NAME: usize = 16;

/// Where the description is. Its addresses have to be whole, so there is none while the site does not know its own.
pub(in crate::pages) fn path(site: &Site) -> Option<&'static str> {
    (site.extras.search && site.base.is_some()).then_some("/opensearch.xml")
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    let base = request.site.base.as_ref().filter(|_| Some(request.path) == path(request.site))?;
    let site = &request.archive.site;
    let short: String = site.short_name.chars().take(SHORT_NAME).collect();
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <OpenSearchDescription xmlns=\"http://a9.com/-/spec/opensearch/1.1/\">\n\
         <ShortName>{}</ShortName>\n<Description>Search {}</Description>\n<InputEncoding>UTF-8</InputEncoding>\n\
         <Language>{}</Language>\n\
         <Url type=\"text/html\" template=\"{}?q={{searchTerms}}\"/>\n\
         <Url type=\"application/opensearchdescription+xml\" rel=\"self\" template=\"{}\"/>\n\
         </OpenSearchDescription>\n",
        text(&short),
        text(&site.name),
        text(&site.language),
        text(&base.of("/search/")),
        text(&base.of(request.path)),
    );
    let media_type = "application/opensearchdescription+xml; charset=utf-8";
    Some(Answer::new(200, media_type, CachePolicy::Page, xml.into_bytes()))
}
