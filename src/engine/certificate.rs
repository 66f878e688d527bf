//! [`Certificate`]: everything was fresh, and this is what it looked like.
//!
//! Once all stages of a project are found fresh, the stamps of every file and folder that were looked
//! at for it are kept. As long as each of them is the same, nothing needs to be read, parsed or hashed:
//! a run with nothing to do costs one `stat` a path. Anything else than equality, and all is worked out
//! anew; the certificate is never a reason to call something stale.

use crate::digest::Digest;
use crate::event::Decided;
use crate::memo;
use crate::project::Project;
use crate::snapshot::Stamp;
use crate::spec::StageSpec;
use crate::workspace::{Judged, Workspace};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// Raised when what makes a stage fresh changes.
const VERSION: u32 = 2;

/// Everything was fresh, and this is what it looked like.
#[derive(Debug, Serialize, Deserialize)]
pub struct Certificate {
    /// The stages, in the order they run.
    pub stages: Vec<String>,
    /// Path relative to the project → its stamp; `None` where nothing was there.
    paths: Vec<(String, Option<Stamp>)>,
    /// Folders that commands run in; what else is in them does not matter.
    folders: BTreeSet<String>,
    /// Declared environment variables.
    env: BTreeMap<String, Option<String>>,
}

impl Certificate {
    /// The certificate of a project, if it still holds.
    pub fn load(project: &Project, specs: &[&'static StageSpec]) -> Option<Self> {
        if !project.overrides.is_empty() || journal(project).exists() {
            return None;
        }
        let certificate: Self = memo::load(&path(project), &key(project, specs))?;
        let env_holds = certificate
            .env
            .iter()
            .all(|(name, value)| project.environment.get(name) == value.as_ref());
        let folders_hold = certificate
            .folders
            .iter()
            .all(|path| project.root.join(path).is_dir());
        let holds = |(path, stamp): &(String, Option<Stamp>)| {
            Stamp::look(&project.root.join(path)) == *stamp
        };
        (env_holds && folders_hold && certificate.paths.par_iter().all(holds))
            .then_some(certificate)
    }

    /// Keeps a certificate, if this plan of the whole pipeline found everything fresh.
    pub fn keep(workspace: &Workspace, plan: &[(usize, Judged)]) {
        let all_fresh = plan
            .iter()
            .all(|(_, judged)| judged.decision.what == Decided::Fresh);
        if all_fresh && plan.len() == workspace.pipeline.stages.len() {
            Self::of_fresh(workspace);
        }
    }

    /// Keeps a certificate of a project all of whose stages were just found fresh.
    pub(crate) fn of_fresh(workspace: &Workspace) {
        let Workspace {
            project,
            pipeline,
            registry,
            ..
        } = workspace;
        let stages: Vec<String> = pipeline
            .graph
            .order()
            .iter()
            .map(|&index| pipeline.stages[index].name.clone())
            .collect();
        let always = pipeline
            .stages
            .iter()
            .any(|stage| stage.always_changed || stage.is_callback());
        let Some(paths) = stamps(workspace) else {
            return;
        };
        let settled = paths
            .values()
            .flatten()
            .all(|stamp| stamp.is_settled(workspace.opened));
        // What is fresh with other params is not what the files say.
        if always || !settled || !project.overrides.is_empty() {
            return;
        }
        let certificate = Self {
            stages,
            paths: paths.into_iter().collect(),
            folders: pipeline
                .stages
                .iter()
                .map(|stage| stage.wdir.as_str().to_owned())
                .collect(),
            env: pipeline
                .stages
                .iter()
                .flat_map(|stage| declared(&stage.env, project))
                .collect(),
        };
        memo::store(
            &path(project),
            &key(project, registry.specs()),
            &certificate,
        );
    }
}

/// Everything that was looked at; `None` where something changed meanwhile.
fn stamps(workspace: &Workspace) -> Option<BTreeMap<String, Option<Stamp>>> {
    let mut paths = BTreeMap::new();
    let seen = workspace.snapshot.seen().into_iter();
    let inputs = workspace
        .pipeline
        .inputs
        .iter()
        .cloned()
        .chain(workspace.lock.inputs());
    for (path, stamp) in seen.chain(inputs) {
        if paths
            .insert(path, stamp)
            .is_some_and(|before| before != stamp)
        {
            return None;
        }
    }
    Some(paths)
}

/// The variables that a stage declares, as they are outside.
fn declared<'a>(
    env: &'a BTreeMap<String, Option<String>>,
    project: &'a Project,
) -> impl Iterator<Item = (String, Option<String>)> + 'a {
    env.keys()
        .map(|name| (name.clone(), project.environment.get(name).cloned()))
}

fn path(project: &Project) -> PathBuf {
    project.own_state("fresh")
}

fn journal(project: &Project) -> PathBuf {
    project.own_state("journal")
}

/// The program, its built-in stages and the pipeline file, where one is named.
fn key(project: &Project, specs: &[&'static StageSpec]) -> Digest {
    let only = project.only.as_ref().map_or("", |only| only.as_str());
    let mut text = format!("{VERSION} {} {only}", env!("CARGO_PKG_VERSION"));
    for spec in specs {
        text.push_str(spec.name);
        text.push_str(spec.code.digest);
    }
    Digest::of(text.as_bytes())
}
