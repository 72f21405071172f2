//! `vdlm lab`

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use indicatif::{ProgressBar, ProgressStyle};
use vdlm::content::Folder;
use vdlm::diagnostics::{Diagnostic, SourceFile};
use vdlm::lab::{self, DataFolder, Datasets, Experiment, Progress, Spec, Standing, Store};
use vdlm::site;
use vdlm::workspace::Workspace;

use super::say::say;

/// What to do with experiments.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Lab {
    /// Run the experiments of articles, or of YAML files, and pin their results
    Run {
        /// Articles (hot-topics/radam.md) or files with one experiment; all articles if none is named
        files: Vec<PathBuf>,
        /// Run also what has a result already
        #[arg(long)]
        again: bool,
        #[command(flatten)]
        place: Place,
    },
    /// Say of each experiment whether its result is pinned, and if not, what has changed since
    Explain {
        /// Articles (hot-topics/radam.md) or files with one experiment; all articles if none is named
        files: Vec<PathBuf>,
        #[command(flatten)]
        folders: Folders,
    },
    /// Run pinned results again and compare them bit for bit; fails on a difference
    Verify {
        #[command(flatten)]
        place: Place,
    },
}

/// Where things are, and how many threads to use.
#[derive(Debug, clap::Args)]
pub(crate) struct Place {
    #[command(flatten)]
    folders: Folders,
    /// Threads to run on [default: one for each core]
    #[arg(long)]
    threads: Option<usize>,
}

/// Where files are.
#[derive(Debug, clap::Args)]
pub(crate) struct Folders {
    /// The content folder
    #[arg(long, env = "VDLM_CONTENT", default_value = "content")]
    content: PathBuf,
    /// Folder with the data of experiments: mnist, fashion-mnist, cifar-10 [default: data in the content folder]
    #[arg(long, env = "VDLM_DATA", value_name = "FOLDER")]
    data: Option<PathBuf>,
}

impl Folders {
    /// The digits, which come with the content, and what is in the folder of data, read when it is needed.
    fn datasets(&self) -> Datasets {
        let shipped = self.content.join("data");
        let data = DataFolder::new(self.data.as_ref().unwrap_or(&shipped));
        Datasets::read(&shipped).with_files(data)
    }

    fn results(&self) -> Store {
        Store::new(self.content.join("results"))
    }
}

impl Lab {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Lab::Run { files, again, place } => run(&files, again, &place),
            Lab::Explain { files, folders } => explain(&files, &folders),
            Lab::Verify { place } => verify(&place),
        }
    }
}

fn run(files: &[PathBuf], again: bool, place: &Place) -> anyhow::Result<ExitCode> {
    let (datasets, store) = (place.folders.datasets(), place.folders.results());
    let identified = |experiment: Experiment| Ok((lab::recipe(&experiment.spec, &datasets)?.id(), experiment));
    // Of all before any is run: that data are missing for the last one shows before hours of work and not after.
    let experiments = experiments(files, &place.folders.content)?.into_iter().map(identified);
    for (id, experiment) in experiments.collect::<anyhow::Result<Vec<_>>>()? {
        let title = experiment.title.as_deref().unwrap_or("experiment");
        if !again && store.find(&id).is_some() {
            say(format!("{id}  {title}: the result is there"))?;
            continue;
        }
        let record = compute(&experiment.spec, &datasets, place, title)?;
        store.save(&record)?;
        let seconds = record.measured.as_ref().map_or(0.0, |measured| measured.seconds);
        say(format!("{id}  {title}: {} runs in {seconds:.1} s", record.recipe.spec.runs()))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn explain(files: &[PathBuf], folders: &Folders) -> anyhow::Result<ExitCode> {
    let datasets = folders.datasets();
    let (records, broken) = folders.results().load()?;
    broken.iter().try_for_each(|file| say(format!("error: {}: {}", file.path.display(), file.why)))?;
    let mut wanted = Vec::new();
    for experiment in experiments(files, &folders.content)? {
        let title = experiment.title.as_deref().unwrap_or("experiment");
        let recipe = match lab::recipe(&experiment.spec, &datasets) {
            Ok(recipe) => recipe,
            Err(error) => {
                say(format!("{title}: cannot be told: {error}"))?;
                let same = records.iter().filter(|record| record.recipe.spec == experiment.spec);
                wanted.extend(same.map(|record| record.id.clone()));
                continue;
            }
        };
        match lab::explain(&recipe, &records) {
            Standing::Fresh => say(format!("{}  {title}: fresh, its result is pinned", recipe.id()))?,
            Standing::New => {
                say(format!("{}  {title}: not run yet, and no result of its kind is pinned", recipe.id()))?
            }
            Standing::Stale { nearest, changes } => {
                say(format!("{}  {title}: no result; since the nearest one, {},", recipe.id(), nearest.id))?;
                changes.iter().try_for_each(|change| say(format!("    {change}")))?;
            }
        }
        wanted.push(recipe.id());
    }
    // With all articles in view, a result that none of them asks for can go.
    let mut idle = records.iter().filter(|record| files.is_empty() && !wanted.contains(&record.id));
    idle.try_for_each(|record| say(format!("{}  no article asks for this result", record.id)))?;
    Ok(ExitCode::SUCCESS)
}

fn verify(place: &Place) -> anyhow::Result<ExitCode> {
    let datasets = place.folders.datasets();
    let (records, broken) = place.folders.results().load()?;
    broken.iter().try_for_each(|file| say(format!("error: {}: {}", file.path.display(), file.why)))?;
    let mut failed = broken.len();
    for pinned in &records {
        let spec = &pinned.recipe.spec;
        let stale = match lab::recipe(spec, &datasets) {
            Ok(recipe) if recipe.id() == pinned.id => None,
            Ok(_) => {
                Some("stale: the engine or the data has changed since; pin it again with `vdlm lab run`".to_owned())
            }
            Err(error) => Some(format!("cannot be verified: {error}")),
        };
        if let Some(why) = stale {
            say(format!("{}  {why}", pinned.id))?;
            failed += 1;
            continue;
        }
        match pinned.compare(&compute(spec, &datasets, place, &pinned.id)?) {
            Ok(()) => say(format!("{}  the same, bit for bit, in {} runs", pinned.id, spec.runs()))?,
            Err(difference) => {
                say(format!("{}  differs: {difference}", pinned.id))?;
                failed += 1;
            }
        }
    }
    say(format!("{} results verified, {failed} not", records.len() + broken.len() - failed))?;
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn compute(spec: &Spec, datasets: &Datasets, place: &Place, title: &str) -> anyhow::Result<lab::Record> {
    let threads = place.threads.or_else(|| std::thread::available_parallelism().map(usize::from).ok()).unwrap_or(1);
    let bar =
        Bar(ProgressBar::new(1).with_style(ProgressStyle::with_template("{msg} {wide_bar} {percent} % {eta} left")?));
    bar.0.set_message(title.to_owned());
    let record = lab::run(spec, datasets, threads, &bar)?;
    bar.0.finish_and_clear();
    Ok(record)
}

struct Bar(ProgressBar);

impl Progress for Bar {
    fn advance(&self, done: u64, total: u64) {
        self.0.set_length(total);
        self.0.set_position(done);
    }

    fn cancelled(&self) -> bool {
        false
    }
}

/// The experiments of the named files, or of all articles.
fn experiments(files: &[PathBuf], content: &Path) -> anyhow::Result<Vec<Experiment>> {
    let (specs, articles): (Vec<&PathBuf>, Vec<&PathBuf>) =
        files.iter().partition(|file| file.extension().is_some_and(|ending| ending == "yaml" || ending == "yml"));
    let mut found = Vec::new();
    for file in specs {
        let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        let file = SourceFile::new(file.to_string_lossy(), text);
        let (experiment, diagnostics) = Experiment::parse(&file, &file.text, 0);
        found.push(experiment.with_context(|| told(&diagnostics))?);
    }
    if !articles.is_empty() || files.is_empty() {
        found.extend(of_articles(&articles, content)?);
    }
    Ok(found)
}

fn of_articles(files: &[&PathBuf], content: &Path) -> anyhow::Result<Vec<Experiment>> {
    let snapshot = Workspace::new(Folder::new(content)).refresh(site::lint)?;
    let Some(archive) = snapshot.archive else { bail!("{}", told(&snapshot.diagnostics)) };
    let all = site::experiments(&archive);
    let name_of = |file: &Path| file.strip_prefix(content).unwrap_or(file).to_string_lossy().into_owned();
    for file in files {
        if !all.iter().any(|(name, _)| *name == name_of(file)) {
            bail!("{} has no `lab` block that can be run; `vdlm check` tells what is wrong with it", file.display());
        }
    }
    let wanted =
        all.into_iter().filter(|(name, _)| files.is_empty() || files.iter().any(|file| name_of(file) == *name));
    Ok(wanted.map(|(_, experiment)| experiment).collect())
}

fn told(diagnostics: &[Diagnostic]) -> String {
    diagnostics.iter().map(|diagnostic| diagnostic.render(false)).collect::<Vec<_>>().join("\n\n")
}
