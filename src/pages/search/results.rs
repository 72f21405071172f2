//! The results of a query, as the page shows them.

use super::{Request, link};
use crate::html::{Html, escape};
use crate::search::{Found, Hit, Kind, Piece};

/// Results on one page.
const ROWS: usize = 20;
/// Suggestions where nothing is found.
const SUGGESTIONS: usize = 5;

/// A page of results.
pub(super) struct Results {
    /// Number of results of the chosen kind.
    pub(super) total: usize,
    /// Kinds with results, each with the link that chooses it; everything first.
    pub(super) choices: Vec<Choice>,
    /// Number of words that each result has, and of those in the query.
    pub(super) matched: usize,
    pub(super) asked: usize,
    /// The query without its typos, where they had to be forgiven.
    pub(super) corrected: Option<String>,
    pub(super) rows: Vec<Row>,
    /// Number of this page, from 1, and of the last.
    pub(super) page: usize,
    pub(super) pages: usize,
    pub(super) previous: Option<String>,
    pub(super) next: Option<String>,
    /// Other words, each with the link to the query that has it.
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
    /// Label of what has expired.
    pub(super) expired: Option<&'static str>,
}

impl Results {
    /// Searches for `q`. An unknown kind or page number in the address is ignored.
    pub(super) fn new(request: &Request<'_>, q: &str) -> Self {
        let index = request.site.search.index(request.views);
        let found = index.search(q, request.day);
        let kind = request.query.get("kind").and_then(Kind::from_slug).filter(|kind| found.count(*kind) > 0);
        let hits: Vec<_> = found.hits.iter().filter(|hit| kind.is_none_or(|kind| hit.document.kind == kind)).collect();
        let pages = hits.len().div_ceil(ROWS).max(1);
        let page = request.query.get("page").and_then(|page| page.parse().ok()).unwrap_or(1).clamp(1, pages);
        let rows = hits.iter().skip((page - 1) * ROWS).take(ROWS).map(|hit| Row::new(&found, hit)).collect();
        let suggestions = if found.hits.is_empty() { index.suggest(&found) } else { Vec::new() };
        let suggestion = |(word, query): (String, String)| (word, link(&query, None, 1));
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
            suggestions: suggestions.into_iter().take(SUGGESTIONS).map(suggestion).collect(),
            corrected: found.corrected,
        }
    }

    /// Returns whether each result lacks words of the query.
    pub(super) fn partial(&self) -> bool {
        self.matched > 0 && self.matched < self.asked
    }
}

impl Row {
    fn new(found: &Found<'_>, hit: &Hit<'_>) -> Self {
        let document = hit.document;
        Self {
            path: document.path.clone(),
            kind: document.kind.singular(),
            title: marked(&found.mark(&document.title)),
            context: marked(&found.mark(&document.context)),
            excerpt: marked(&found.excerpt(&document.body())),
            expired: document.kind.expired_label().filter(|_| hit.expired),
        }
    }
}

fn choices(found: &Found<'_>, q: &str, chosen: Option<Kind>) -> Vec<Choice> {
    let of = |kind: Kind| Choice {
        label: kind.plural(),
        count: found.count(kind),
        href: link(q, Some(kind), 1),
        chosen: chosen == Some(kind),
    };
    let all = Choice { label: "Everything", count: found.hits.len(), href: link(q, None, 1), chosen: chosen.is_none() };
    let kinds = Kind::ALL.into_iter().map(of).filter(|choice| choice.count > 0);
    std::iter::once(all).chain(kinds).collect()
}

fn marked(pieces: &[Piece<'_>]) -> Html {
    let markup = pieces.iter().map(|piece| match piece.marked {
        true => format!("<mark>{}</mark>", escape(piece.text)),
        false => escape(piece.text),
    });
    Html::trusted(markup.collect())
}
