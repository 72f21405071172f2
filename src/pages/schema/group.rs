//! The group and its site, on the home page.

use super::{EntryPoint, Organization, Place, SearchAction, Thing, WebSite, who};
use crate::pages::{Site, search};
use crate::problem::Text;

/// The address that stands for the group.
fn id(site: &Site) -> String {
    site.address("/#group")
}

/// The group in few words, where another thing refers to it.
pub(super) fn mention(site: &Site) -> Thing<'_> {
    let name = (&*site.archive.site.name).into();
    Thing::Organization(Organization { id: Some(id(site)), name, url: Some(site.address("/")), ..Organization::default() })
}

/// The group.
pub(in crate::pages) fn group<'a>(site: &'a Site) -> Thing<'a> {
    let of = &site.archive.site;
    let city = |city: &'a Text| Box::new(Thing::Place(Place { name: (&**city).into(), ..Place::default() }));
    Thing::Organization(Organization {
        id: Some(id(site)),
        name: (&*of.name).into(),
        alternate_name: Some((&*of.short_name).into()),
        description: Some((&*of.description).into()),
        url: Some(site.address("/")),
        logo: of.logo.first().map(|logo| (&*logo.href).into()),
        email: of.contact.as_deref().map(Into::into),
        location: of.city.as_ref().map(city),
        member: of.organisers.iter().map(|organiser| who::mention(site, organiser.person)).collect(),
        same_as: of.links.iter().map(|link| (&*link.href).into()).collect(),
    })
}

/// The site.
pub(in crate::pages) fn site(site: &Site) -> Thing<'_> {
    let of = &site.archive.site;
    Thing::WebSite(WebSite {
        id: site.address("/#site"),
        name: (&*of.name).into(),
        alternate_name: (&*of.short_name).into(),
        description: (&*of.description).into(),
        url: site.address("/"),
        in_language: (&*of.language).into(),
        publisher: Box::new(mention(site)),
        potential_action: site.extras.search.then(|| SearchAction {
            target: EntryPoint { url_template: format!("{}?q={{words}}", site.address(search::PATH)) },
            query_input: "required name=words",
        }),
    })
}
