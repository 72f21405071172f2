//! Settings by flag, environment variable or `site.yaml`; the first of them that says something counts, then the default.

use std::env;
use std::fmt::Display;
use std::fs;
use std::net::IpAddr;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use anyhow::bail;
use jiff::tz::TimeZone;
use vdlm::content::{Setting, Source};
use vdlm::pages::BaseUrl;
use vdlm::problem::SourceFile;
use vdlm::server::MetricsFor;

/// What `site.yaml` says about serving.
pub(super) struct Settings {
    site: Vec<Setting>,
}

impl Settings {
    /// Reads `site.yaml` of a content folder. A file that is missing or broken sets nothing; what is wrong with it is told by who reads the
    /// content.
    pub(super) fn read(content: &Path) -> Self {
        let text = fs::read_to_string(content.join("site.yaml")).unwrap_or_default();
        let source = Source::read(&SourceFile::new("site.yaml", text)).and_then(|(source, _)| source);
        let Some(Source::Site(site)) = source else { return Self { site: Vec::new() } };
        Self { site: site.settings }
    }

    /// The value of a setting, if one is given anywhere. `name` is that of the flag: `header-timeout`; `wanted` says what it must be.
    ///
    /// # Errors
    /// When it is something else; the error names the setting and where the value stands.
    pub(super) fn get<T>(
        &self,
        name: &str,
        flag: Option<&str>,
        wanted: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> anyhow::Result<Option<T>> {
        let snake = name.replace('-', "_");
        let variable = format!("VDLM_{}", snake.to_uppercase());
        let by_flag = flag.map(|value| (value.to_owned(), format!("--{name}")));
        // An empty variable is one that is not set.
        let by_variable = || match env::var(&variable) {
            Ok(value) if !value.is_empty() => Some((value, variable.clone())),
            _ => None,
        };
        let by_site = || {
            let setting = self.site.iter().find(|setting| setting.name == snake)?;
            Some((setting.value.it.clone(), setting.value.place.to_string()))
        };
        let Some((value, place)) = by_flag.or_else(by_variable).or_else(by_site) else { return Ok(None) };
        match parse(value.trim()) {
            Some(parsed) => Ok(Some(parsed)),
            None => bail!("{name}: `{value}` (from {place}) is not {wanted}"),
        }
    }

    /// Where the site is.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub(super) fn base_url(&self, flag: Option<&str>) -> anyhow::Result<Option<BaseUrl>> {
        self.get("base-url", flag, "an address as https://example.org/", plain)
    }

    /// As [`Self::get`], with a default.
    pub(super) fn or<T>(
        &self,
        name: &str,
        flag: Option<&str>,
        default: T,
        wanted: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> anyhow::Result<T> {
        Ok(self.get(name, flag, wanted, parse)?.unwrap_or(default))
    }
}

/// What is written as its type writes it.
pub(super) fn plain<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

/// A number within bounds.
pub(super) fn number<T: FromStr + PartialOrd + Display>(least: T, most: T) -> impl Fn(&str) -> Option<T> {
    move |text| text.parse().ok().filter(|number| (&least..=&most).contains(&number))
}

/// Seconds, with a fraction if need be: a thousandth to a day.
pub(super) fn seconds(text: &str) -> Option<Duration> {
    number(0.001, 86400.0)(text).map(Duration::from_secs_f64)
}

/// Where the site is, from the flag of a command or the environment, else as its content folder says.
///
/// # Errors
/// When it is no such address.
pub(super) fn base_url(content: &Path, flag: Option<&str>) -> anyhow::Result<Option<BaseUrl>> {
    Settings::read(content).base_url(flag)
}

/// An IANA name that the time zone database knows.
pub(super) fn time_zone(text: &str) -> Option<String> {
    TimeZone::get(text).ok().map(|_| text.to_owned())
}

pub(super) fn metrics(text: &str) -> Option<MetricsFor> {
    Some(match text {
        "off" => MetricsFor::Nobody,
        "local" => MetricsFor::Local,
        "all" => MetricsFor::All,
        _ => return None,
    })
}

/// Addresses with commas between them.
pub(super) fn addresses(text: &str) -> Option<Vec<IpAddr>> {
    text.split(',').map(|address| address.trim().parse().ok()).collect()
}
