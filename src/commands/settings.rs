//! Settings by flag, environment variable or `site.yaml`; the first of them that says something counts, then the default.

use std::env;
use std::fs;
use std::path::Path;

use anyhow::bail;
use vdlm::content::Setting;
use vdlm::problem::{Problem, SourceFile};

use super::rules::{self, Check, Rule};

/// What is said where nobody has set the base URL.
pub(super) const NO_BASE: &str = "the site does not know its own address: it has no sitemap, and canonical links and previews lead nowhere \
     elsewhere; set it with --base-url, VDLM_BASE_URL or `base_url` in site.yaml";

/// What `site.yaml` says about serving.
pub(super) struct Settings {
    site: Vec<Setting>,
}

impl Settings {
    /// Reads `site.yaml` of a content folder. A file that is missing or no YAML sets nothing; what else is wrong with it is told by who reads
    /// the content.
    pub(super) fn read(content: &Path) -> Self {
        let text = fs::read_to_string(content.join("site.yaml")).unwrap_or_default();
        Self { site: vdlm::content::settings(&SourceFile::new("site.yaml", text)) }
    }

    /// The value of a setting, if one is given anywhere.
    ///
    /// # Errors
    /// When it is not what it may be; the error names the setting and where the value stands.
    pub(super) fn get<T>(&self, rule: &Rule<T>, flag: Option<&str>) -> anyhow::Result<Option<T>> {
        let Some((value, place)) = self.given(rule, flag) else { return Ok(None) };
        match rule.read(&value) {
            Some(read) => Ok(Some(read)),
            None => bail!("{}: `{value}` (from {place}) is not {}", rule.name, rule.wanted),
        }
    }

    /// Where a setting has its value from, for who cannot use it.
    pub(super) fn origin<T>(&self, rule: &Rule<T>, flag: Option<&str>) -> String {
        self.given(rule, flag).map_or_else(|| "the default".to_owned(), |(_, place)| format!("from {place}"))
    }

    /// What a setting is set to, and where.
    fn given<T>(&self, rule: &Rule<T>, flag: Option<&str>) -> Option<(String, String)> {
        let key = rule.key();
        let variable = format!("VDLM_{}", key.to_uppercase());
        let by_flag = flag.map(|value| (value.to_owned(), format!("--{}", rule.name)));
        // An empty variable is one that is not set.
        let by_variable = || match env::var(&variable) {
            Ok(value) if !value.is_empty() => Some((value, variable.clone())),
            _ => None,
        };
        let by_site = || {
            let setting = self.site.iter().find(|setting| setting.name == key)?;
            Some((setting.value.to_string(), setting.value.place().to_string()))
        };
        by_flag.or_else(by_variable).or_else(by_site)
    }

    /// As [`Self::get`], with a default.
    pub(super) fn or<T>(&self, rule: &Rule<T>, flag: Option<&str>, default: T) -> anyhow::Result<T> {
        Ok(self.get(rule, flag)?.unwrap_or(default))
    }

    /// The problems of a content folder, and those of its settings: what `site.yaml` sets to something that it may not be, and for which `serve`
    /// would not start.
    pub(super) fn beside(&self, problems: Vec<Problem>) -> Vec<Problem> {
        let refused = |setting: &Setting| {
            let rule = rules::OF_SITE.iter().find(|rule| rule.key() == setting.name)?;
            let problem = || {
                let what = format!("`{}` cannot be `{}`", setting.name, setting.value);
                Problem::error(setting.value.place(), what).help(format!("write {}", rule.wanted()))
            };
            (!rule.allows(&setting.value)).then(problem)
        };
        problems.into_iter().chain(self.site.iter().filter_map(refused)).collect()
    }
}
