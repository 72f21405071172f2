//! Articles on hot topics.

use jiff::civil::Date;

use super::{Article, Image, Paper, Thing, group, who};
use crate::archive;
use crate::pages::Site;
use crate::pages::article::read_at;
use crate::pages::cards;

/// An article. It speaks for the group, which is named as its author, as in feeds; who presented the topic on stage has not written it, and is on
/// the page of the event. Of one prepared for a day still to come nothing says since when it has been there.
pub(in crate::pages) fn article<'a>(site: &'a Site, article: &'a archive::Article, day: Date) -> Thing<'a> {
    let address = site.address(article.route.as_str());
    let paper = |paper: &'a crate::content::Paper| {
        Thing::ScholarlyArticle(Paper {
            name: (&*paper.title).into(),
            author: paper.authors.as_deref().map(Into::into),
            identifier: paper.arxiv.as_ref().map(|number| format!("arXiv:{number}")),
            url: read_at(paper),
        })
    };
    let image = |path: String| {
        Box::new(Thing::ImageObject(Image { url: site.address(&path), width: cards::WIDTH, height: cards::HEIGHT }))
    };
    Thing::Article(Box::new(Article {
        id: address.clone(),
        headline: (&*article.title).into(),
        description: article.summary.as_deref().map(Into::into),
        url: address.clone(),
        main_entity_of_page: address,
        in_language: (&*site.archive.site.language).into(),
        date_published: article.date.filter(|date| *date <= day).map(|date| date.to_string()),
        author: vec![group::mention(site)],
        publisher: Box::new(group::mention(site)),
        image: cards::address(site, article.route.as_str()).map(image),
        about: who::topics(site, &article.tags),
        citation: article.papers.iter().map(paper).collect(),
    }))
}
