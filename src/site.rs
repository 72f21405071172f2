//! All routes of a site: its status, media type, cache policy and bytes for each.
//!
//! A new page is a file of [`pages`](crate::pages) and a line in [`PAGES`]. Nothing here does input or output or reads
//! a clock: the same site and day give the same bytes. The export and the server know the site only by this module.

use jiff::civil::Date;

use crate::context::{Query, Request, assets};
use crate::{formats, pages};

pub use crate::content::BaseUrl;
pub(crate) use crate::context::Kind;
pub use crate::context::query::form_field;
pub use crate::context::{Answer, Body, CONTENT_POLICY, CachePolicy, Delivery, Extras, Results, Search, Site};
pub use crate::formats::markdown::path as markdown_of;
pub use crate::formats::result::{file_names, result_file};
pub use crate::pages::{
    Blocks, LabStatus, Limits, ListedRun, Refusal, ResultStatus, RunStatus, RunView, duration_in_words,
    experiment_name, failure, lab_page, moved, partial_curves, read_spec, refusal, run_page,
};
pub use crate::prose::{experiments, lint, lint_with};

/// Pages and what belongs to them, in every site.
const PAGES: [Kind; 25] = [
    pages::home::KIND,
    pages::events::KIND,
    pages::event::KIND,
    pages::talks::KIND,
    pages::talk::KIND,
    pages::people::KIND,
    pages::person::KIND,
    pages::venues::KIND,
    pages::venue::KIND,
    pages::topics::KIND,
    pages::topic::KIND,
    pages::articles::KIND,
    pages::article::KIND,
    pages::jobs::KIND,
    pages::job::KIND,
    pages::announcements::KIND,
    pages::announcement::KIND,
    pages::text::KIND,
    pages::lab::KIND,
    pages::lab::RESULT,
    formats::result::KIND,
    assets::KIND,
    formats::ROBOTS,
    formats::sitemap::KIND,
    formats::feed::KIND,
];
/// Pages that exist with [`Extras::search`].
const SEARCH: [Kind; 2] = [pages::search::KIND, formats::opensearch::KIND];
/// Pages that exist with [`Extras::data`].
const DATA: [Kind; 5] = [formats::calendar::KIND, pages::api::KIND, formats::api::KIND, MARKDOWN, formats::llms::KIND];
/// Pages that exist with [`Extras::cards`].
const CARDS: [Kind; 1] = [formats::preview::KIND];

/// All that a site has.
fn kinds(site: &Site) -> impl Iterator<Item = &'static Kind> {
    let Extras { cards, search, data } = site.extras;
    let extras: [(&'static [Kind], bool); 3] = [(&DATA, data), (&CARDS, cards), (&SEARCH, search)];
    PAGES.iter().chain(extras.into_iter().filter(|(_, there)| *there).flat_map(|(kinds, _)| kinds))
}

/// The answer to a percent-decoded path and a query (without `?`) on a day. There always is one: an unknown path gets a
/// page that says so.
pub fn answer(site: &Site, day: Date, path: &str, query: &str) -> Answer {
    let query = Query::parse(query);
    let request = Request::new(site, day, path, &query);
    let page = kinds(site).find_map(|kind| (kind.answer)(&request));
    let answer = page.or_else(|| redirect(&request)).unwrap_or_else(|| pages::missing::answer(&request));
    Answer { by_query: query.was_asked(), ..answer }
}

/// The addresses of all pages and assets.
pub fn routes(site: &Site) -> Vec<String> {
    kinds(site).flat_map(|kind| (kind.paths)(site)).collect()
}

/// The Markdown form of each page, converted from its HTML.
const MARKDOWN: Kind = Kind { answer: markdown, paths: formats::markdown::paths };

fn markdown(request: &Request<'_>) -> Option<Answer> {
    let page = formats::markdown::page_of(request)?;
    let html = answer(request.site, request.day, page, "");
    formats::markdown::of_page(request.site, page, html)
}

/// Another spelling of an address that is there: an alias, another case, a slash at the end too few or too many.
fn redirect(request: &Request<'_>) -> Option<Answer> {
    let bare = request.path.trim_matches('/').to_lowercase();
    let is_page = |path: &str| {
        let request = Request::new(request.site, request.day, path, request.query);
        kinds(request.site).find_map(|kind| (kind.answer)(&request)).is_some_and(|answer| answer.status == 200)
    };
    let alias = request.archive.redirect(request.path).map(|route| route.as_str().to_owned());
    let to = alias.or_else(|| [format!("/{bare}/"), format!("/{bare}")].into_iter().find(|path| is_page(path)))?;
    (to != request.path).then(|| Answer::moved(to))
}

#[cfg(test)]
pub(crate) mod tests;
