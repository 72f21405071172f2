//! What holds on some days only, marked so that an exported page stays true when it is read later.
//!
//! The live server makes its pages anew each day, so nothing of this is in them. In an export, `data-until` and `data-after` bound the days
//! on which an element is shown, `static/passed.js` obeys them, and what holds from a later day on is hidden until then.

use jiff::civil::Date;

use super::frame::Frame;
use super::words;
use crate::archive::Event;
use crate::html::Html;

impl Frame<'_> {
    /// As of which day something is true, where a page may be read on another: ` as of 23 November 2026`.
    pub(super) fn as_of(&self) -> Html {
        if self.live() {
            return Html::default();
        }
        Html::trusted(format!(" <span class=\"as-of\">as of {}</span>", words::day(&self.day)))
    }

    /// Attributes of an element that is to be seen until the end of a day.
    pub(super) fn until(&self, last: &Date) -> Html {
        self.passing(|| format!(" data-until=\"{last}\""))
    }

    /// The same where there may be no such day.
    pub(super) fn until_any(&self, last: Option<Date>) -> Html {
        last.map_or_else(Html::default, |last| self.until(&last))
    }

    /// A word that becomes true when a day is over: `Closed`.
    pub(super) fn later(&self, word: &str, last: Option<Date>) -> Html {
        let Some(last) = last else { return Html::default() };
        self.passing(|| format!(" <strong class=\"status\" data-after=\"{last}\" hidden>{word}</strong>"))
    }

    /// The flag of an event that is not over: `Coming`, and `Today` while it is on.
    pub(super) fn flag(&self, first: &Date, last: &Date) -> Html {
        let flag = |word: &str, days: String| format!("<strong class=\"flag\"{days}>{word}{}</strong>", self.as_of());
        if self.live() {
            return Html::trusted(flag(if *first <= self.day { "Today" } else { "Coming" }, String::new()));
        }
        let eve = first.yesterday().unwrap_or(*first);
        let on = if *first <= self.day {
            flag("Today", format!(" data-until=\"{last}\""))
        } else {
            format!("<strong class=\"flag\" data-after=\"{eve}\" data-until=\"{last}\" hidden>Today</strong>")
        };
        let coming = if *first <= self.day { String::new() } else { flag("Coming", format!(" data-until=\"{eve}\"")) };
        self.passing(|| format!("{coming}{on}"))
    }

    /// Whether an event is over on the day of the page.
    pub(super) fn over(&self, event: &Event) -> bool {
        event.is_past(self.day)
    }

    /// Whether anything on the page passes, so that it needs the script. To be asked at its end.
    pub(super) fn passes(&self) -> bool {
        self.passes.get()
    }

    fn passing(&self, markup: impl FnOnce() -> String) -> Html {
        if self.live() {
            return Html::default();
        }
        self.passes.set(true);
        Html::trusted(markup())
    }
}
