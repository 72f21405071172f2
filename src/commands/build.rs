//! `vdlm build`

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use vdlm::archive::{Archive, Change};
use vdlm::content::Folder;
use vdlm::derived::Derived;
use vdlm::diagnostics::{Diagnostic, Level};
use vdlm::export::{Export, Links, Written};
use vdlm::site::{self, BaseUrl, Delivery, Extras, Site};
use vdlm::views::Views;
use vdlm::workspace::Workspace;

use super::check;
use super::pinned::pinned;
use super::say::say;
use super::settings::cache_folder;

/// Flags of the export.
#[derive(Debug, clap::Parser)]
pub(crate) struct Build {
    /// The folder to write: a new or empty one, or an earlier export, which is replaced as a whole; files of your own
    /// in it stay
    out: PathBuf,
    /// Address that the site will have: https://example.org/ or https://example.org/folder/ [default: base_url in
    /// site.yaml]
    #[arg(long, env = "VDLM_BASE_URL", value_name = "URL")]
    base_url: Option<BaseUrl>,
    /// Write the site as it is on this day: 2019-09-24 [default: today in the site's time zone]
    #[arg(long, env = "VDLM_AS_OF", value_name = "DATE")]
    as_of: Option<Date>,
    /// Style of links between pages [default: relative if the base URL has a folder, else rooted]
    #[arg(long, value_enum)]
    links: Option<LinkStyle>,
    /// Write no .gz and .br beside the texts
    #[arg(long)]
    no_compress: bool,
    /// Make no preview images
    #[arg(long)]
    no_cards: bool,
    /// Leave out the search
    #[arg(long)]
    no_search: bool,
    /// Leave out what only programs read: calendars, all feeds but that of the whole site, JSON, Markdown
    #[arg(long)]
    no_data: bool,
    /// The content folder
    #[arg(long, env = "VDLM_CONTENT", default_value = "content")]
    content: PathBuf,
    /// Folder that keeps preview images and compressed texts for the next build [default: vdlm in the user's cache
    /// folder]
    #[arg(long, env = "VDLM_CACHE", value_name = "FOLDER")]
    cache: Option<PathBuf>,
    /// Folder with the data of experiments: mnist, fashion-mnist, cifar-10 [default: data in the content folder]
    #[arg(long, env = "VDLM_DATA", value_name = "FOLDER")]
    data: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum LinkStyle {
    /// From the root of the host, as the live server does: /meetups/29/
    Rooted,
    /// From page to page, for any folder of a host: ../29/
    Relative,
}

impl Build {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let start = Instant::now();
        let folder = Folder::new(&self.content);
        let (results, broken) = pinned(&self.content, self.data.as_deref())?;
        let mut workspace = Workspace::new(folder.clone());
        let snapshot = workspace.refresh(|archive, texts| site::lint_with(archive, texts, &results))?;
        let diagnostics = snapshot.diagnostics;
        let fine = broken.is_empty() && diagnostics.iter().all(|diagnostic| diagnostic.level != Level::Error);
        let Some(archive) = snapshot.archive.filter(|_| fine) else {
            check::print_human(&diagnostics)?;
            broken.iter().try_for_each(|file| say(format!("error: {file}")))?;
            say("Nothing was written: fix the errors first.")?;
            return Ok(ExitCode::FAILURE);
        };
        let base = self.base_url.clone().or_else(|| archive.site.source.base_url.as_deref().cloned());
        let day = self.as_of.unwrap_or_else(|| today(&archive));
        let archive = Arc::new(archive);
        let site = Site {
            views: Arc::new(Views::new(&archive)),
            archive,
            results,
            delivery: Delivery::Export,
            extras: Extras { cards: !self.no_cards, search: !self.no_search, data: !self.no_data },
            base,
            search: Arc::default(),
        };
        let links = self.links(site.base.as_ref());
        let cache = Derived::new(&self.cache.clone().unwrap_or_else(cache_folder));
        let export = Export { site: &site, day, content: &folder, links, compress: !self.no_compress, cache: &cache };
        let bar = ProgressBar::new(1).with_style(ProgressStyle::with_template("{msg} {wide_bar} {pos} of {len}")?);
        bar.set_message(self.out.display().to_string());
        let written = export.write(&self.out, |done, all| {
            bar.set_length(all as u64);
            bar.set_position(done as u64);
        });
        bar.finish_and_clear();
        report(&self.out, written?, day, start.elapsed().as_secs_f64())?;
        say(staleness(&site.archive, day))?;
        report_gaps(&site, &diagnostics)?;
        if site.base.is_none() {
            say(format!("hint: {}", BaseUrl::MISSING))?;
        }
        // The process ends here: no need to take an archive of thousands of events to pieces first.
        std::mem::forget((site, workspace, diagnostics));
        Ok(ExitCode::SUCCESS)
    }

    fn links(&self, base: Option<&BaseUrl>) -> Links {
        let in_folder = base.is_some_and(|base| base.path() != "/");
        match self.links {
            Some(LinkStyle::Rooted) => Links::Rooted,
            Some(LinkStyle::Relative) => Links::Relative,
            None if in_folder => Links::Relative,
            None => Links::Rooted,
        }
    }
}

fn today(archive: &Archive) -> Date {
    // The archive has refused an unknown zone already.
    let zone = TimeZone::get(&archive.site.source.time_zone).unwrap_or(TimeZone::UTC);
    Timestamp::now().to_zoned(zone).date()
}

fn report(out: &Path, written: Written, day: Date, seconds: f64) -> io::Result<()> {
    let Written { routes, files, bytes } = written;
    let megabytes = bytes as f64 / 1e6;
    say(format!(
        "{}: {routes} addresses in {files} files, {megabytes:.1} MB, as of {day}, in {seconds:.2} s",
        out.display()
    ))
}

/// Until when the pages are as the live server's would be.
fn staleness(archive: &Archive, day: Date) -> String {
    let Some((on, change)) = archive.next_change(day) else {
        return "It does not turn stale: no event, offer or announcement lies ahead".to_owned();
    };
    let why = match change {
        Change::Begins(id) => format!("meetup {} begins", archive[id].key),
        Change::EventOver(id) => format!("meetup {} is over", archive[id].key),
        Change::Closes(id) => {
            format!("the offer \"{}\" of {} is closed", archive[id].source.title, archive[id].source.company)
        }
        Change::AnnouncementOver(id) => format!("\"{}\" is over", archive[id].source.title),
    };
    format!("It turns stale on {on}, when {why}: build it again then")
}

/// Reports gaps in what is complete enough to be published.
fn report_gaps(site: &Site, diagnostics: &[Diagnostic]) -> io::Result<()> {
    let missing = |(_, experiment): &(String, _)| !matches!(site.results.id(experiment), Ok(id) if site.results.records.contains_key(&id));
    let without = site::experiments(&site.archive).iter().filter(|experiment| missing(experiment)).count();
    if without > 0 {
        say(format!(
            "{without} experiments have no pinned result, and their figures say so: `vdlm lab run` makes them"
        ))?;
    }
    let warnings = diagnostics.iter().filter(|diagnostic| diagnostic.level == Level::Warning).count();
    if warnings > 0 {
        say(format!("{warnings} warnings: `vdlm check` shows them"))?;
    }
    Ok(())
}
