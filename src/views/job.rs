//! A job offer.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use serde_with::skip_serializing_none;

use super::parts::{Day, EventRef, slug, text, texts};
use crate::archive::{Archive, JobId};
use crate::content::Body;

/// A job offer.
#[skip_serializing_none]
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "Job")]
pub struct JobView {
    /// The offer itself.
    #[serde(skip)]
    pub key: JobId,
    /// Last part of the address of its page.
    pub id: String,
    /// Address of its page.
    #[schemars(extend("format" = "uri-reference"))]
    pub url: String,
    /// Position.
    pub title: String,
    /// The positions, when there are several.
    pub roles: Vec<String>,
    /// Company.
    pub company: String,
    /// Place of work.
    pub place: Option<String>,
    /// Whom to ask.
    #[serde(skip)]
    pub contact: Option<ContactView>,
    /// Address for applications.
    #[schemars(extend("format" = "uri"))]
    pub apply: Option<String>,
    /// Day of the announcement.
    pub date: Day,
    /// Last day on which it counts as open.
    pub closes: Day,
    /// True if that day follows from the site's rule because the offer gives none.
    pub closes_by_rule: bool,
    /// Meetup at which it was announced.
    pub event: Option<EventRef>,
    /// The text.
    #[serde(skip)]
    pub body: Body,
}

/// Whom to ask about an offer.
#[derive(Debug, Clone)]
pub struct ContactView {
    /// The name.
    pub name: Option<String>,
    /// Mail address.
    pub mail: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
}

impl JobView {
    pub(super) fn new(archive: &Archive, id: JobId) -> Self {
        let job = &archive[id];
        let offer = &job.source;
        Self {
            key: id,
            id: slug(&job.route).to_owned(),
            url: job.route.to_string(),
            title: offer.title.to_string(),
            roles: texts(&offer.roles),
            company: offer.company.to_string(),
            place: text(offer.place.as_ref()),
            contact: offer.contact.as_ref().map(|contact| ContactView {
                name: text(contact.name.as_ref()),
                mail: text(contact.mail.as_ref()),
                phone: text(contact.phone.as_ref()),
            }),
            apply: text(offer.apply.as_ref()),
            date: Day(offer.date.value),
            closes: Day(job.closes),
            closes_by_rule: offer.expires.is_none(),
            event: job.event.map(|event| EventRef::new(archive, event)),
            body: offer.body.clone(),
        }
    }

    /// The last day on which one can apply; each offer has one, if only by the site's rule.
    pub fn last_day(&self) -> Option<Day> {
        Some(self.closes)
    }

    /// Returns whether one can still apply on a day, as far as is known.
    pub fn is_open(&self, day: Date) -> bool {
        day <= self.closes.0
    }

    /// Number of days for which it counts as open.
    pub fn days_open(&self) -> i32 {
        (self.closes.0 - self.date.0).get_days()
    }

    /// `Humai, Vienna`
    pub fn employer(&self) -> String {
        self.place.as_ref().map_or_else(|| self.company.clone(), |place| format!("{}, {place}", self.company))
    }
}
