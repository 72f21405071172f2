//! Open positions.

use super::{JobPosting, Place, Thing, event::end_of, who};
use crate::archive;
use crate::html::Html;
use crate::pages::Site;
use crate::problem::Text;

/// A position that is open; `text` is its description. A closed one is nothing to apply for, so no page says it.
pub(in crate::pages) fn job<'a>(site: &Site, job: &'a archive::Job, text: &Html) -> Thing<'a> {
    let address = site.address(job.route.as_str());
    let offer = &job.offer;
    let place = |place: &'a Text| Box::new(Thing::Place(Place { name: (&**place).into(), ..Place::default() }));
    Thing::JobPosting(Box::new(JobPosting {
        id: address.clone(),
        title: (&*offer.title).into(),
        description: text.to_string().into(),
        url: address,
        date_posted: offer.date.to_string(),
        valid_through: end_of(site, job.closes),
        hiring_organization: Box::new(who::named(&offer.company)),
        job_location: offer.place.as_ref().map(place),
    }))
}
