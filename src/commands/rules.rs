//! What each setting may be: one list for those who use settings and for those who check them.

use std::fmt::Display;
use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use vdlm::pages::BaseUrl;
use vdlm::server::MetricsFor;

/// What a setting may be.
pub(super) struct Rule<T> {
    /// The name of its flag: `header-timeout`.
    pub(super) name: &'static str,
    /// What it must be, in words: `a port, 0 to 65535`.
    pub(super) wanted: &'static str,
    read: fn(&str) -> Option<T>,
}

/// A rule, whatever it is that it reads.
pub(super) trait Check: Sync {
    /// The name of the flag.
    fn name(&self) -> &'static str;
    /// What the setting must be.
    fn wanted(&self) -> &'static str;
    /// Whether a value is that.
    fn allows(&self, text: &str) -> bool;

    /// The name in `site.yaml`: `header_timeout`.
    fn key(&self) -> String {
        self.name().replace('-', "_")
    }
}

impl<T> Rule<T> {
    /// The value, if it is what it must be. Spaces around it do not count.
    pub(super) fn read(&self, text: &str) -> Option<T> {
        (self.read)(text.trim())
    }
}

impl<T> Check for Rule<T> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn wanted(&self) -> &'static str {
        self.wanted
    }

    fn allows(&self, text: &str) -> bool {
        self.read(text).is_some()
    }
}

/// A whole number within bounds, which are part of it.
macro_rules! count {
    ($name:literal, $least:literal, $most:literal) => {
        Rule { name: $name, wanted: concat!("a number from ", $least, " to ", $most), read: |text| number(text, $least, $most) }
    };
}

pub(super) const ADDRESS: Rule<IpAddr> = plain("address", "an address as 127.0.0.1 or ::1");
pub(super) const PORT: Rule<u16> = plain("port", "a port, 0 to 65535");
pub(super) const CACHE: Rule<PathBuf> = plain("cache", "a folder");
pub(super) const DATA: Rule<PathBuf> = plain("data", "a folder");
pub(super) const BASE_URL: Rule<BaseUrl> = plain("base-url", "an address as https://example.org/");
/// An IANA name that the time zone database knows. In `site.yaml` it is no setting of the server: the archive asks for it.
pub(super) const TIME_ZONE: Rule<String> = Rule {
    name: "time-zone",
    wanted: "a time zone as Europe/Vienna",
    read: |text| TimeZone::get(text).ok().map(|_| text.to_owned()),
};
/// The day of which the site is. It is a setting of a run and never of a site.
pub(super) const AS_OF: Rule<Date> = plain("as-of", "a day as 2019-09-24");
pub(super) const METRICS: Rule<MetricsFor> = Rule { name: "metrics", wanted: "off, local or all", read: metrics };
/// Addresses with commas between them.
pub(super) const TRUST_PROXY: Rule<Vec<IpAddr>> = Rule {
    name: "trust-proxy",
    wanted: "addresses with commas between",
    read: |text| text.split(',').map(|address| address.trim().parse().ok()).collect(),
};
pub(super) const HEADER_TIMEOUT: Rule<Duration> = seconds("header-timeout");
pub(super) const REQUEST_TIMEOUT: Rule<Duration> = seconds("request-timeout");
pub(super) const STALL_TIMEOUT: Rule<Duration> = seconds("stall-timeout");
pub(super) const LAB_SECONDS: Rule<Duration> = seconds("lab-seconds");
// More would not fit a machine or its disk, or be waited for; nothing else is wrong with them.
pub(super) const THREADS: Rule<usize> = count!("threads", 1, 1024);
pub(super) const CONNECTIONS: Rule<usize> = count!("connections", 1, 1000000);
pub(super) const STREAMS: Rule<usize> = count!("streams", 1, 1000000);
pub(super) const LAB_QUEUE: Rule<usize> = count!("lab-queue", 0, 10000);
pub(super) const LAB_VISITOR_RUNS: Rule<usize> = count!("lab-visitor-runs", 0, 10000);
pub(super) const LAB_STORE: Rule<usize> = count!("lab-store", 0, 1000000);
pub(super) const LAB_THREADS: Rule<usize> = count!("lab-threads", 1, 1024);

/// The rules of all that may stand in `site.yaml` as a setting.
pub(super) static OF_SITE: [&dyn Check; 18] = [
    &BASE_URL,
    &ADDRESS,
    &PORT,
    &THREADS,
    &CACHE,
    &DATA,
    &CONNECTIONS,
    &HEADER_TIMEOUT,
    &REQUEST_TIMEOUT,
    &STALL_TIMEOUT,
    &METRICS,
    &TRUST_PROXY,
    &STREAMS,
    &LAB_QUEUE,
    &LAB_VISITOR_RUNS,
    &LAB_SECONDS,
    &LAB_STORE,
    &LAB_THREADS,
];

/// What is written as its type writes it.
const fn plain<T: FromStr>(name: &'static str, wanted: &'static str) -> Rule<T> {
    Rule { name, wanted, read: |text| text.parse().ok() }
}

/// Seconds, with a fraction if need be: a thousandth to a day.
const fn seconds(name: &'static str) -> Rule<Duration> {
    let read = |text: &str| number(text, 0.001, 86400.0).map(Duration::from_secs_f64);
    Rule { name, wanted: "seconds, 0.001 to 86400", read }
}

fn number<T: FromStr + PartialOrd + Display>(text: &str, least: T, most: T) -> Option<T> {
    text.parse().ok().filter(|number| (&least..=&most).contains(&number))
}

fn metrics(text: &str) -> Option<MetricsFor> {
    Some(match text {
        "off" => MetricsFor::Nobody,
        "local" => MetricsFor::Local,
        "all" => MetricsFor::All,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use vdlm::content::SERVER_SETTINGS;

    use super::*;

    #[test]
    fn each_setting_of_the_site_has_a_rule() {
        let ruled: BTreeSet<String> = OF_SITE.iter().map(|rule| rule.key()).collect();
        let known: BTreeSet<String> = SERVER_SETTINGS.into_iter().chain(["base_url"]).map(str::to_owned).collect();
        assert_eq!(ruled, known);
        assert_eq!(ruled.len(), OF_SITE.len());
    }

    #[test]
    fn bounds_are_part_of_what_they_bound() {
        for (rule, good, bad) in [
            (&THREADS as &dyn Check, ["1", "1024"], ["0", "1025"]),
            (&LAB_QUEUE, ["0", "10000"], ["-1", "10001"]),
            (&PORT, ["0", "65535"], ["-1", "65536"]),
            (&HEADER_TIMEOUT, ["0.001", " 86400 "], ["0", "86400.1"]),
            (&METRICS, ["off", "all"], ["", "OFF"]),
        ] {
            assert!(good.iter().all(|text| rule.allows(text)), "{}", rule.name());
            assert!(!bad.iter().any(|text| rule.allows(text)), "{}", rule.name());
        }
    }
}
