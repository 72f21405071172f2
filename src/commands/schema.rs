//! `vdlm schema`

use std::process::ExitCode;

use vdlm::content::{self, schema};

use super::say::say;

/// Prints the schema of a kind of file.
#[derive(Debug, clap::Args)]
pub(crate) struct Schema {
    /// The kind of file
    kind: Kind,
}

/// A kind of content file, by its name or folder.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Kind {
    /// site.yaml
    Site,
    /// topics.yaml
    Topics,
    /// people.yaml
    People,
    /// venues.yaml
    Venues,
    /// meetups/*.yaml
    Meetups,
    /// Front matter of hot-topics/*.md
    HotTopics,
    /// Front matter of jobs/*.md
    Jobs,
    /// Front matter of events/*.md
    Events,
    /// Front matter of pages/*.md
    Pages,
    /// Blocks of articles with an experiment
    Lab,
}

impl Schema {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let schema: serde_json::Value = match self.kind {
            Kind::Lab => vdlm::lab::schema(),
            Kind::Site => schema::<content::Site>().into(),
            Kind::Topics => schema::<Vec<content::Topic>>().into(),
            Kind::People => schema::<Vec<content::Person>>().into(),
            Kind::Venues => schema::<Vec<content::Venue>>().into(),
            Kind::Meetups => schema::<content::Meetup>().into(),
            Kind::HotTopics => schema::<content::Article>().into(),
            Kind::Jobs => schema::<content::Job>().into(),
            Kind::Events => schema::<content::Announcement>().into(),
            Kind::Pages => schema::<content::Page>().into(),
        };
        say(serde_json::to_string_pretty(&schema)?)?;
        Ok(ExitCode::SUCCESS)
    }
}
