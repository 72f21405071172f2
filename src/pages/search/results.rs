//! What a query found, as it is shown.

use super::{Request, document, link};
use crate::html::{Html, escape};
use crate::search::{Found, Index, Kind, Piece};

/// Results on one page.
const ROWS: usize = 20;
/// Suggestions where nothing is found.
const SUGGESTIONS: usize = 5;

/// Results on a page.
pub(super) struct Results {
    /// How many there are of the chosen kind.
    pub(super) total: usize,
    /// The kinds of which there are some, with links that choose them; all first.
    pub(super) choices: Vec<Choice>,
    /// How many words each result has, and how many were looked for.
    pub(super) matched: usize,
    pub(super) asked: usize,
    pub(super) rows: Vec<Row>,
    /// The number of this page, from 1, and of all.
    pub(super) page: usize,
    pub(super) pages: usize,
    pub(super) previous: Option<String>,
    pub(super) next: Option<String>,
    /// Other words, with the query that has them.
    pub(super) suggestions: Vec<(String, String)>,
}

/// A kind that can be chosen.
pub(super) struct Choice {
    pub(super) label: &'static str,
    pub(super) count: usize,
    pub(super) href: String,
    pub(super) chosen: bool,
}

/// A result.
pub(super) struct Row {
    pub(super) path: String,
    pub(super) kind: &'static str,
    pub(super) title: Html,
    pub(super) context: Html,
    pub(super) excerpt: Html,
    /// What it is now that its last day is over.
    pub(super) over: Option<&'static str>,
    /// Whether it is the first for which a slip was forgiven.
    pub(super) first_near: bool,
}

impl Results {
    /// Searches for `q`. An unknown kind or page in the address is passed over.
    pub(super) fn new(request: &Request<'_>, q: &str) -> Self {
        let index = request.site.search.index(request.archive);
        let found = index.search(q, request.day);
        let kind = request.query.get("kind").and_then(Kind::from_slug).filter(|kind| found.count(*kind) > 0);
        let hits: Vec<_> = found.hits.iter().filter(|hit| kind.is_none_or(|kind| hit.kind == kind)).collect();
        let pages = hits.len().div_ceil(ROWS).max(1);
        let page = request.query.get("page").and_then(|page| page.parse().ok()).unwrap_or(1).clamp(1, pages);
        let from = (page - 1) * ROWS;
        let first_near = hits.iter().position(|hit| hit.near);
        let row = |(at, hit): (usize, &&crate::search::Hit)| {
            let (path, document) = document(request.archive, hit.document)?;
            Some(Row {
                path,
                kind: hit.kind.one(),
                title: marked(&index.mark(&found, &document.title)),
                context: marked(&index.mark(&found, &document.context)),
                excerpt: marked(&index.excerpt(&found, &document.shown())),
                over: hit.kind.when_over().filter(|_| hit.over),
                first_near: first_near.is_some_and(|first| at == first || (at == from && at > first)),
            })
        };
        let rows = hits.iter().enumerate().skip(from).take(ROWS).filter_map(row).collect();
        Self {
            total: hits.len(),
            choices: choices(&found, q, kind),
            matched: found.matched,
            asked: found.asked(),
            rows,
            page,
            pages,
            previous: (page > 1).then(|| link(q, kind, page - 1)),
            next: (page < pages).then(|| link(q, kind, page + 1)),
            suggestions: if found.hits.is_empty() { suggestions(request, index, &found) } else { Vec::new() },
        }
    }

    /// Whether some words are in none of the results.
    pub(super) fn partial(&self) -> bool {
        self.matched > 0 && self.matched < self.asked
    }
}

fn choices(found: &Found, q: &str, chosen: Option<Kind>) -> Vec<Choice> {
    let of = |kind: Kind| Choice {
        label: kind.many(),
        count: found.count(kind),
        href: link(q, Some(kind), 1),
        chosen: chosen == Some(kind),
    };
    let all = Choice { label: "Everything", count: found.hits.len(), href: link(q, None, 1), chosen: chosen.is_none() };
    let kinds = Kind::ALL.into_iter().map(of).filter(|choice| choice.count > 0);
    std::iter::once(all).chain(kinds).collect()
}

fn suggestions(request: &Request<'_>, index: &Index, found: &Found) -> Vec<(String, String)> {
    let spelt = |suggestion: crate::search::Suggestion| {
        let (_, document) = document(request.archive, suggestion.document)?;
        let (word, query) = index.spell_out(found, suggestion, &document)?;
        Some((word, link(&query, None, 1)))
    };
    index.suggest(found).into_iter().filter_map(spelt).take(SUGGESTIONS).collect()
}

fn marked(pieces: &[Piece<'_>]) -> Html {
    let markup = pieces.iter().map(|piece| match piece.marked {
        true => format!("<mark>{}</mark>", escape(piece.text)),
        false => escape(piece.text),
    });
    Html::trusted(markup.collect())
}
