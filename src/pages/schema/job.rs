//! Open positions.

use jiff::civil::time;

use super::{JobPosting, Place, Thing, event::moment, who};
use crate::archive;
use crate::html::Html;
use crate::pages::Site;

/// A position that is open; `text` is its description. A closed one is nothing to apply for, so no page says it.
pub(in crate::pages) fn job(site: &Site, job: &archive::Job, text: &Html) -> Thing {
    let address = site.address(job.route.as_str());
    let offer = &job.offer;
    let place = |place: &String| Box::new(Thing::Place(Place { name: place.clone(), ..Place::default() }));
    Thing::JobPosting(Box::new(JobPosting {
        id: address.clone(),
        title: offer.title.clone(),
        description: text.as_str().to_owned(),
        url: address,
        date_posted: offer.date.to_string(),
        // The last second of the last day: a bare date would be read as its first.
        valid_through: moment(site, job.closes, Some(time(23, 59, 59, 0))),
        hiring_organization: Box::new(who::named(&offer.company)),
        job_location: offer.place.as_ref().map(place),
    }))
}
