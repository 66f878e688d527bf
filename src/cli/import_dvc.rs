//! `kaslite import-dvc`: a DVC project becomes one of kaslite.

use crate::cli::error::CliError;
use crate::cli::session::Session;
use crate::dvc::{DvcConfig, DvcLock, DvcStage, Pointer, Verdict, verdict};
use crate::ui::plural;
use kaslite_engine::commit::commit;
use kaslite_engine::error::EngineError;
use kaslite_engine::fs::{self, FsError};
use kaslite_engine::pipeline_files::PipelineFiles;
use kaslite_engine::problem::Source;
use kaslite_engine::project::{DVC_FILE, PIPELINE_FILE, Project};
use kaslite_engine::rel_path::RelPath;
use kaslite_engine::run_lock::RunLock;
use kaslite_engine::snapshot::PathState;
use kaslite_engine::stage::Action;
use kaslite_engine::workspace::{Selection, Workspace};
use kaslite_engine::yaml;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

const CONFIG: &str = ".kaslite/config.yaml";
/// How `.kaslite/config.yaml` can name links; DVC has the same words.
const LINKS: &[&str] = &["reflink", "hardlink", "symlink", "copy"];
/// The root's pipeline file where DVC has none there.
const ROOT: &str = "# The pipelines of this project lie in the folders below; this file makes their paths begin here.
stages: {}
";

/// Arguments of `import-dvc`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Writes a pipeline.yaml beside each dvc.yaml, .kasliteignore from .dvcignore, and what applies of
.dvc/config. A stage whose command, params, deps and outs are as dvc.lock has them, by DVC's own
digests of what lies there, is fresh afterwards; the others are left stale, with the reason. Nothing
of DVC's is changed or removed.")]
pub(crate) struct Args {
    /// Overwrite what an earlier import has written
    #[arg(long)]
    force: bool,
    /// Only say what would be done
    #[arg(long)]
    dry: bool,
}

/// A file to write: path, text, and what it comes from.
struct Written {
    path: RelPath,
    text: String,
    from: String,
}

/// What an import has found.
#[derive(Default)]
struct Import {
    files: Vec<Written>,
    /// What cannot be carried over.
    left: Vec<String>,
    pointers: Vec<(RelPath, Pointer)>,
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<ExitCode, CliError> {
    let project = session.project()?;
    let import = Import::find(&project)?;
    let there = |file: &&Written| file.path.under(&project.root).exists();
    let known: Vec<&Written> = import.files.iter().filter(there).collect();
    if let (Some(first), false) = (known.first(), args.force) {
        let message = format!("`{}` is there already", first.path);
        let hint = "`--force` overwrites what an earlier import has written";
        return Err(CliError::usage(message).hint(hint));
    }
    let verb = if args.dry { "would write" } else { "wrote" };
    let lock = (!args.dry).then(|| RunLock::take(&project)).transpose()?;
    if known.is_empty() {
        // What kaslite cannot read is said before anything is written.
        session.workspace()?;
    }
    for file in &import.files {
        if !args.dry {
            fs::write_atomic(&file.path.under(&project.root), file.text.as_bytes())?;
        }
        session
            .terminal
            .data(format_args!("{verb} {} ({})", file.path, file.from));
    }
    let workspace = session.workspace()?;
    let fresh = stages(session, &workspace, &project)?;
    if !args.dry && !fresh.is_empty() {
        let selection = Selection {
            targets: fresh,
            single: true,
            ..Selection::default()
        };
        commit(&workspace, &selection)?;
    }
    drop(lock);
    import.tell(session, &workspace)?;
    Ok(ExitCode::SUCCESS)
}

/// Says of each stage what becomes of it; the fresh ones.
fn stages(
    session: &Session,
    workspace: &Workspace,
    project: &Project,
) -> Result<Vec<String>, CliError> {
    let mut locks: BTreeMap<RelPath, DvcLock> = BTreeMap::new();
    let (mut fresh, mut stale) = (Vec::new(), 0);
    for &index in workspace.pipeline.graph.order() {
        let stage = &workspace.pipeline.stages[index];
        let Some((file, name)) = workspace.pipeline.files.of_stage(&stage.name) else {
            continue;
        };
        let path = file.folder().join("dvc.lock");
        if !locks.contains_key(&path) {
            locks.insert(path.clone(), read_lock(project, &path)?);
        }
        let known: Option<&DvcStage> = locks[&path].stages.get(name);
        let line = match verdict(workspace, stage, known)? {
            Verdict::Fresh => {
                fresh.push(stage.name.clone());
                "fresh".to_owned()
            }
            Verdict::Always => "runs every time, as in DVC".to_owned(),
            Verdict::Stale(reason) => {
                stale += 1;
                format!("left stale: {reason}")
            }
        };
        session
            .terminal
            .data(format_args!("{}: {line}", stage.name));
    }
    session.terminal.note(format_args!(
        "{}: {} fresh, {stale} left stale",
        plural(workspace.pipeline.stages.len(), "stage"),
        fresh.len(),
    ));
    Ok(fresh)
}

fn read_lock(project: &Project, path: &RelPath) -> Result<DvcLock, CliError> {
    let source = Source::read(path.as_str(), &path.under(&project.root));
    let source = source.map_err(|problem| EngineError::Problems(vec![problem]))?;
    let lock = source.map(|source| DvcLock::parse(&source)).transpose();
    let lock = lock.map_err(EngineError::Problems)?;
    Ok(lock.unwrap_or_default())
}

impl Import {
    /// Looks through the project.
    fn find(project: &Project) -> Result<Self, CliError> {
        let mut import = Self::default();
        let folders = PipelineFiles::find(project).folders(project);
        let has = |folder: &RelPath| folder.join(DVC_FILE).under(&project.root).is_file();
        if !folders.iter().any(has) {
            let message = format!("no `{DVC_FILE}` in this project");
            return Err(CliError::usage(message).hint("`import-dvc` is for projects of DVC"));
        }
        for folder in &folders {
            import.folder(project, folder)?;
        }
        let root = RelPath::root();
        if !has(&root) {
            import.files.push(Written {
                path: root.join(PIPELINE_FILE),
                text: ROOT.to_owned(),
                from: "the root of the project".to_owned(),
            });
        }
        import.config(project)?;
        import.templates(project);
        Ok(import)
    }

    fn folder(&mut self, project: &Project, folder: &RelPath) -> Result<(), CliError> {
        for (from, to) in [(DVC_FILE, PIPELINE_FILE), (".dvcignore", ".kasliteignore")] {
            let path = folder.join(from);
            let Some(text) = fs::read_if_exists(&path.under(&project.root))? else {
                continue;
            };
            let says = |line: &str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
            if from == DVC_FILE {
                self.described(&path, &text)?;
            }
            if from == DVC_FILE || text.lines().any(says) {
                self.files.push(Written {
                    path: folder.join(to),
                    text,
                    from: format!("from {path}"),
                });
            }
        }
        let place = folder.under(&project.root);
        let entries =
            std::fs::read_dir(&place).map_err(|error| FsError::new("read", &place, error))?;
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut names: Vec<String> = names
            .filter(|name| {
                name.len() > 4 && Path::new(name).extension().is_some_and(|end| end == "dvc")
            })
            .collect();
        names.sort();
        for name in names {
            let path = folder.join(&name);
            let source = Source::read(path.as_str(), &path.under(&project.root));
            if let Ok(Some(source)) = source {
                let pointer = Pointer::parse(&path, &source).map_err(EngineError::Problems)?;
                self.pointers.push((path, pointer));
            }
        }
        Ok(())
    }

    /// What a `dvc.yaml` says that nothing here reads.
    fn described(&mut self, path: &RelPath, text: &str) -> Result<(), CliError> {
        let (name, text) = (path.to_string(), text.to_owned());
        let node = yaml::parse(&Source { name, text }).map_err(EngineError::Problems)?;
        for (key, who) in [
            ("artifacts", "DVC's model registry"),
            ("datasets", "DVC and DataChain"),
        ] {
            if node.get(key).is_some_and(|value| !value.is_null()) {
                self.left.push(format!(
                    "{path}: `{key}` is for {who}: kaslite does nothing with it"
                ));
            }
        }
        Ok(())
    }

    /// The templates of plots.
    fn templates(&mut self, project: &Project) {
        let folder = project.root.join(".dvc/plots");
        let entries = std::fs::read_dir(folder).into_iter().flatten();
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
        names.sort();
        if !names.is_empty() {
            let names = names.join(", ");
            self.left.push(format!(
                ".dvc/plots: the templates {names}: kaslite draws in its own way"
            ));
        }
    }

    /// `.dvc/config`, and what one keeps to oneself.
    fn config(&mut self, project: &Project) -> Result<(), CliError> {
        for name in [".dvc/config", ".dvc/config.local"] {
            let text = fs::read_if_exists(&project.root.join(name))?.unwrap_or_default();
            let config = DvcConfig::parse(&text);
            for (remote, address) in config.remotes {
                self.left.push(format!(
                    "{name}: the remote `{remote}` ({address}): kaslite has no remotes yet"
                ));
            }
            if let Some(folder) = config.cache_dir {
                self.left.push(format!(
                    "{name}: the cache in `{folder}`: kaslite's own lies in .kaslite/cache"
                ));
            }
            let links = config.links.into_iter();
            let links: Vec<String> = links
                .filter(|link| LINKS.contains(&link.as_str()))
                .collect();
            if !links.is_empty() && name == ".dvc/config" {
                self.files.push(Written {
                    path: RelPath::root().join(CONFIG),
                    text: format!("cache: {{link: [{}]}}\n", links.join(", ")),
                    from: format!("from {name}"),
                });
            }
        }
        Ok(())
    }

    /// Says what is different from now on, and what of DVC's data is not here.
    fn tell(&self, session: &Session, workspace: &Workspace) -> Result<(), CliError> {
        let terminal = session.terminal;
        for note in &self.left {
            terminal.warning(note);
        }
        let mut here = Vec::new();
        for (path, pointer) in &self.pointers {
            if let Some(from) = &pointer.from {
                terminal.warning(&format!(
                    "{path}: taken from `{from}`; kaslite does not look there for a newer one"
                ));
            }
            for (out, known) in &pointer.outs {
                let state = workspace.snapshot.get(out)?;
                let place = out.under(&workspace.project.root);
                let same = known.digest.as_ref();
                let same = same.map(|known| known.holds(&state, &place)).transpose()?;
                if state == PathState::Missing {
                    terminal.warning(&format!(
                        "{path}: `{out}` is not here; `dvc pull` brings it"
                    ));
                } else if same == Some(false) {
                    terminal.warning(&format!("{path}: `{out}` is not what DVC remembers"));
                } else {
                    here.push(format!("`{out}`"));
                }
            }
        }
        if !here.is_empty() {
            let names = here.join(", ");
            terminal.note(format_args!(
                "data that DVC keeps, and goes on to: {names}; `kaslite add` takes it over"
            ));
        }
        for stage in &workspace.pipeline.stages {
            let Action::Command(commands) = &stage.action else {
                continue;
            };
            if commands
                .iter()
                .any(|command| command.trim_end().contains('\n'))
            {
                terminal.warning(&format!(
                    "{}: DVC gives each line of its command to a shell of its own; here they are one script, \
                     which ends where a line fails",
                    stage.name
                ));
            }
        }
        Ok(())
    }
}
