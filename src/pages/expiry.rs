//! Content that holds on some days only, marked so that an exported page stays true when it is read later.
//!
//! The live server makes its pages anew each day, so it needs none of this. In an export, `data-until` and `data-after`
//! bound the days on which an element is shown; `static/passed.js` obeys them, and what holds from a later day on is
//! hidden until then.

use super::frame::Frame;
use crate::html::Html;
use crate::views::Day;

impl Frame<'_> {
    /// As of which day something is true, where a page may be read on another: ` as of 23 November 2026`.
    pub(super) fn as_of(&self) -> Html {
        if self.live() {
            return Html::default();
        }
        Html::trusted(format!(" <span class=\"as-of\">as of {}</span>", Day(self.day).html()))
    }

    /// Attributes of an element that is shown until the end of a day.
    pub(super) fn until(&self, last: &Day) -> Html {
        self.expiring(|| format!(" data-until=\"{last}\""))
    }

    /// The same where there may be no such day.
    pub(super) fn until_any(&self, last: Option<Day>) -> Html {
        last.map_or_else(Html::default, |last| self.until(&last))
    }

    /// A word that becomes true when a day is over: `Closed`.
    pub(super) fn later(&self, word: &str, last: Option<Day>) -> Html {
        let Some(last) = last else { return Html::default() };
        self.expiring(|| format!(" <strong class=\"status\" data-after=\"{last}\" hidden>{word}</strong>"))
    }

    /// The flag of an event that is not over: `Coming`, and `Today` while it is on.
    pub(super) fn flag(&self, first: &Day, last: &Day) -> Html {
        let flag = |word: &str, days: String| format!("<strong class=\"flag\"{days}>{word}{}</strong>", self.as_of());
        if self.live() {
            return Html::trusted(flag(if first.0 <= self.day { "Today" } else { "Coming" }, String::new()));
        }
        let eve = first.yesterday().unwrap_or(first.0);
        let on = if first.0 <= self.day {
            flag("Today", format!(" data-until=\"{last}\""))
        } else {
            format!("<strong class=\"flag\" data-after=\"{eve}\" data-until=\"{last}\" hidden>Today</strong>")
        };
        let coming = if first.0 <= self.day { String::new() } else { flag("Coming", format!(" data-until=\"{eve}\"")) };
        self.expiring(|| format!("{coming}{on}"))
    }

    /// Returns whether anything on the page depends on the day, so that it needs the script. To be asked at its end.
    pub(super) fn expires(&self) -> bool {
        self.expires.get()
    }

    fn expiring(&self, markup: impl FnOnce() -> String) -> Html {
        if self.live() {
            return Html::default();
        }
        self.expires.set(true);
        Html::trusted(markup())
    }
}
