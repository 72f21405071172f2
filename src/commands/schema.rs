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
}

impl Schema {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let schema = match self.kind {
            Kind::Site => schema::<content::Site>(),
            Kind::Topics => schema::<Vec<content::Topic>>(),
            Kind::People => schema::<Vec<content::Person>>(),
            Kind::Venues => schema::<Vec<content::Venue>>(),
            Kind::Meetups => schema::<content::Meetup>(),
            Kind::HotTopics => schema::<content::Article>(),
            Kind::Jobs => schema::<content::Job>(),
            Kind::Events => schema::<content::Announcement>(),
            Kind::Pages => schema::<content::Page>(),
        };
        say(serde_json::to_string_pretty(&schema)?)?;
        Ok(ExitCode::SUCCESS)
    }
}
