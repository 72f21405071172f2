//! `vdlm lab`

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use indicatif::{ProgressBar, ProgressStyle};
use vdlm::content::Folder;
use vdlm::diagnostics::{Diagnostic, SourceFile};
use vdlm::lab::{self, DataFolder, Datasets, Experiment, Parts, PlannedRun, Progress, Shard, Spec, Standing, Store};
use vdlm::site;
use vdlm::workspace::Workspace;

use super::say::say;

/// Commands for experiments.
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
        sweep: Sweep,
        #[command(flatten)]
        place: Place,
    },
    /// List the runs of experiments with their estimated times
    Plan {
        /// Articles or files with one experiment; all articles if none is named
        files: Vec<PathBuf>,
        /// Print one JSON object per run and line
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        folders: Folders,
    },
    /// Put the runs that shards have made together, and pin the results
    Join {
        /// Articles or files with one experiment; all articles if none is named
        files: Vec<PathBuf>,
        /// Folder that the shards wrote to
        #[arg(long)]
        store: PathBuf,
        #[command(flatten)]
        folders: Folders,
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

/// A share of the runs, for several machines.
#[derive(Debug, clap::Args)]
pub(crate) struct Sweep {
    /// Make only one share of the runs, such as 3/16; counting may begin at 0 or at 1
    #[arg(long, value_name = "K/N", requires = "store", conflicts_with = "shards")]
    shard: Option<Shard>,
    /// Make one of N shares, the one that SLURM_ARRAY_TASK_ID, HQ_TASK_ID or JOB_COMPLETION_INDEX names
    #[arg(long, value_name = "N", requires = "store", value_parser = clap::value_parser!(u32).range(1..))]
    shards: Option<u32>,
    /// Folder that all machines write their runs to, instead of pinning a result; `vdlm lab join` pins it
    #[arg(long, value_name = "FOLDER")]
    store: Option<PathBuf>,
}

/// Variables with which job schedulers number the tasks of an array: SLURM, HyperQueue, Kubernetes.
const TASK_VARIABLES: [&str; 3] = ["SLURM_ARRAY_TASK_ID", "HQ_TASK_ID", "JOB_COMPLETION_INDEX"];

impl Sweep {
    /// The share to make: all runs unless a flag says otherwise.
    fn shard(&self) -> anyhow::Result<Shard> {
        let Some(shards) = self.shards else { return Ok(self.shard.unwrap_or(Shard::new(0, 1))) };
        let task = TASK_VARIABLES.iter().find_map(|name| Some((name, std::env::var(name).ok()?)));
        let Some((name, text)) = task else {
            bail!(
                "--shards needs the number of a task in {}; name the shard with --shard K/N",
                TASK_VARIABLES.join(", ")
            )
        };
        let index = text.parse().with_context(|| format!("{name} is not a number: `{text}`"))?;
        Ok(Shard::new(index, shards as usize))
    }
}

/// Folders and the number of threads.
#[derive(Debug, clap::Args)]
pub(crate) struct Place {
    #[command(flatten)]
    folders: Folders,
    /// Threads to run on [default: one for each core]
    #[arg(long)]
    threads: Option<usize>,
}

/// Folders.
#[derive(Debug, clap::Args)]
pub(crate) struct Folders {
    /// The content folder
    #[arg(long, env = "VDLM_CONTENT", default_value = "content")]
    content: PathBuf,
    /// Folder with the data of experiments: mnist, fashion-mnist, cifar-10 [default: data in the content folder]
    #[arg(long, env = "VDLM_DATA", value_name = "FOLDER")]
    data: Option<PathBuf>,
}

impl Place {
    fn threads(&self) -> usize {
        self.threads.or_else(|| std::thread::available_parallelism().map(usize::from).ok()).unwrap_or(1)
    }
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
            Lab::Run { files, again, sweep: Sweep { store: None, .. }, place } => run(&files, again, &place),
            Lab::Run { files, again, sweep, place } => run_shard(&files, again, &sweep, &place),
            Lab::Plan { files, json, folders } => plan(&files, json, &folders),
            Lab::Join { files, store, folders } => join(&files, &store, &folders),
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
    let mut done = BTreeSet::new();
    for (id, experiment) in experiments.collect::<anyhow::Result<Vec<_>>>()? {
        let title = experiment.title.as_deref().unwrap_or("experiment");
        // Several figures may show one experiment.
        let first = done.insert(id.clone());
        if !first || !again && store.find(&id).is_some() {
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

fn run_shard(files: &[PathBuf], again: bool, sweep: &Sweep, place: &Place) -> anyhow::Result<ExitCode> {
    let (datasets, shard) = (place.folders.datasets(), sweep.shard()?);
    let Some(store) = &sweep.store else { bail!("a shard needs --store") };
    let host = rustix::system::uname();
    let machine =
        format!("{} ({} {})", host.nodename().to_string_lossy(), std::env::consts::ARCH, std::env::consts::OS);
    for experiment in experiments(files, &place.folders.content)? {
        let title = experiment.title.as_deref().unwrap_or("experiment");
        let parts = Parts::new(store, &experiment.spec, &datasets)?;
        let bar = Bar::new(title)?;
        let made = parts.run(shard, again, (&datasets, place.threads(), &machine), &bar)?;
        bar.0.finish_and_clear();
        let of_shard = lab::plan(&experiment.spec).iter().filter(|planned| shard.has(planned.run)).count();
        say(format!("{title}: shard {shard} made {made} runs, and {} were there", of_shard - made))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn plan(files: &[PathBuf], json: bool, folders: &Folders) -> anyhow::Result<ExitCode> {
    for experiment in experiments(files, &folders.content)? {
        let runs = lab::plan(&experiment.spec);
        if json {
            runs.iter().try_for_each(|run| say(serde_json::to_string(run)?).map_err(anyhow::Error::from))?;
            continue;
        }
        for PlannedRun { run, name, seconds } in &runs {
            say(format!("{run:>5}  {seconds:>9.3} s  {name}"))?;
        }
        let (title, sum) = (experiment.title.as_deref().unwrap_or("experiment"), experiment.spec.cost().seconds(1));
        say(format!("{title}: {} runs, about {sum:.1} s on one thread", runs.len()))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn join(files: &[PathBuf], store: &Path, folders: &Folders) -> anyhow::Result<ExitCode> {
    let datasets = folders.datasets();
    for experiment in experiments(files, &folders.content)? {
        let record = Parts::new(store, &experiment.spec, &datasets)?.join()?;
        folders.results().save(&record)?;
        let title = experiment.title.as_deref().unwrap_or("experiment");
        let machines = record.measured.as_ref().map_or("", |measured| &measured.machine);
        say(format!("{}  {title}: {} runs joined, made on {machines}", record.id, record.recipe.spec.names().len()))?;
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
    let bar = Bar::new(title)?;
    let record = lab::run(spec, datasets, place.threads(), &bar)?;
    bar.0.finish_and_clear();
    Ok(record)
}

struct Bar(ProgressBar);

impl Bar {
    fn new(title: &str) -> anyhow::Result<Self> {
        let style = ProgressStyle::with_template("{msg} {wide_bar} {percent} % {eta} left")?;
        let bar = ProgressBar::new(1).with_style(style);
        bar.set_message(title.to_owned());
        Ok(Self(bar))
    }
}

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
