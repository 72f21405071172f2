//! `/robots.txt` and `/sitemap.xml`.

use super::{Answer, CachePolicy, Kind, Request, frame::SECTIONS, prose};
use crate::html::escape;

pub(super) const ROBOTS: Kind = Kind { answer: robots, paths: |_| vec!["/robots.txt".to_owned()] };
pub(super) const SITEMAP: Kind = Kind { answer: sitemap, paths: |_| vec!["/sitemap.xml".to_owned()] };

fn robots(request: &Request<'_>) -> Option<Answer> {
    if request.path != "/robots.txt" {
        return None;
    }
    // The protocol wants whole addresses, so there is none while the site does not know its own.
    let sitemap = request.site.base.as_ref().map(|base| format!("Sitemap: {}\n", base.of("/sitemap.xml")));
    let text = format!("User-agent: *\nAllow: /\n{}", sitemap.unwrap_or_default());
    Some(Answer::new(200, "text/plain; charset=utf-8", CachePolicy::Page, text.into_bytes()))
}

/// All pages but closed offers, which are kept out of search engines. Addresses have a host where the site knows its own.
fn sitemap(request: &Request<'_>) -> Option<Answer> {
    if request.path != "/sitemap.xml" {
        return None;
    }
    let archive = request.archive;
    let closed: Vec<&str> = archive.jobs.iter().filter(|job| !job.is_open(request.day)).map(|job| job.route.as_str()).collect();
    let lists = SECTIONS.iter().map(|section| section.path.to_owned());
    let pages = std::iter::once("/".to_owned()).chain(lists).chain(prose::all_routes(archive));
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for path in pages.filter(|path| !closed.contains(&path.as_str())) {
        xml.push_str(&format!("<url><loc>{}</loc></url>\n", escape(&request.site.address(&path))));
    }
    xml.push_str("</urlset>\n");
    Some(Answer::new(200, "application/xml; charset=utf-8", CachePolicy::Page, xml.into_bytes()))
}
