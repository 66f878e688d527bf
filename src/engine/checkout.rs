//! [`checkout`]: brings back outs as some lock has them: the current one, a run's, a revision's.
//!
//! Nothing is lost by it: what was edited by hand is kept aside, what the cache holds may go, and what
//! no entry of the lock knows is in the way until the user says `force`. Where all outs of a stage are
//! in place, the lock has the entry they belong to, so that `status` tells how the workspace differs
//! from it; a stage of which a content is lost keeps its entry, and its outs tell.

use crate::cache::RestoreError;
use crate::entry::Entry;
use crate::error::EngineError;
use crate::fingerprint::Content;
use crate::fs;
use crate::left_out::replace;
use crate::pointer::Pointers;
use crate::problem::Problem;
use crate::rel_path::RelPath;
use crate::stage::Out;
use crate::stale::same;
use crate::trash::Trash;
use crate::workspace::Workspace;
use std::collections::BTreeMap;

/// What to bring back, and how.
#[derive(Clone, Debug, Default)]
pub struct CheckoutOptions {
    /// Names of stages or paths of outs; none is all.
    pub targets: Vec<String>,
    /// Put what is in the way and unknown to the lock aside.
    pub force: bool,
}

/// What a checkout did to the workspace.
#[derive(Clone, Debug, Default)]
pub struct CheckedOut {
    /// Outs that were not there.
    pub added: Vec<String>,
    /// Outs that held something else.
    pub modified: Vec<String>,
    /// Outs that the lock had and the one brought back has not.
    pub deleted: Vec<String>,
    /// Path → where what lay there is kept.
    pub kept: Vec<(String, String)>,
    /// Contents that the cache has no more.
    pub lost: Vec<String>,
    /// Outs that the cache never keeps (`cache: false`).
    pub uncached: Vec<String>,
}

/// Brings back the outs of `wanted`: stage → entry.
///
/// # Errors
/// A target that names nothing, a path that leads out of the project, something unknown in the way, a
/// file operation. A content that is lost is no error: the rest comes back, and the result tells.
pub fn checkout(
    workspace: &Workspace,
    wanted: &BTreeMap<String, Entry>,
    options: &CheckoutOptions,
) -> Result<CheckedOut, EngineError> {
    workspace.lock.fold()?;
    let chosen = select(workspace, wanted, &options.targets)?;
    let mut checkout = Checkout {
        workspace,
        done: CheckedOut::default(),
        before: workspace.lock.entries(),
    };
    checkout.refuse(&chosen, options.force)?;
    for (stage, entry) in &chosen {
        checkout.stage(stage, entry)?;
    }
    if options.targets.is_empty() {
        checkout.drop_others(wanted)?;
    }
    workspace.lock.fold()?;
    workspace.snapshot.save();
    Ok(checkout.done)
}

/// Brings back the data that pointers stand for: ours from the cache, DVC's, where nothing lies there,
/// from DVC's cache.
///
/// # Errors
/// Data that was changed and is kept nowhere, unless `force` puts it aside; a file operation.
pub fn bring_back(
    workspace: &Workspace,
    pointers: &Pointers,
    force: bool,
) -> Result<CheckedOut, EngineError> {
    let mut problems = Vec::new();
    for pointer in &pointers.own {
        let there = Content::of(&workspace.snapshot.get(&pointer.path)?);
        let is_loss =
            |there: &Content| !same(there, &pointer.content) && !workspace.cache.holds(there);
        if !force && there.as_ref().is_some_and(is_loss) {
            let (path, file) = (&pointer.path, pointer.file());
            let message = format!("is not what `{file}` names, and is kept nowhere");
            let hint = format!(
                "`kaslite add {path}` takes it in; `kaslite checkout --force` puts it aside"
            );
            problems.push(Problem::in_file(path.as_str(), message).hint(hint));
        }
    }
    EngineError::of_any(problems)?;
    let mut checkout = Checkout {
        workspace,
        done: CheckedOut::default(),
        before: BTreeMap::new(),
    };
    for pointer in &pointers.own {
        checkout.out("", pointer.path.as_str(), &pointer.content)?;
    }
    let project = &workspace.project;
    for pointer in &pointers.dvc {
        let path = pointer.path.to_string();
        match pointer.restore(&project.root, &project.temp_dir().join("dvc"))? {
            Some(true) => {
                workspace.snapshot.forget(&pointer.path);
                checkout.done.added.push(path);
            }
            Some(false) => {}
            None => checkout.done.lost.push(path),
        }
    }
    fs::remove(&project.temp_dir())?;
    workspace.snapshot.save();
    Ok(checkout.done)
}

impl CheckedOut {
    /// Adds what another checkout did.
    pub fn extend(&mut self, other: Self) {
        self.added.extend(other.added);
        self.modified.extend(other.modified);
        self.deleted.extend(other.deleted);
        self.kept.extend(other.kept);
        self.lost.extend(other.lost);
        self.uncached.extend(other.uncached);
    }
}

/// The entries that the targets mean: whole stages.
fn select<'a>(
    workspace: &Workspace,
    wanted: &'a BTreeMap<String, Entry>,
    targets: &[String],
) -> Result<BTreeMap<&'a str, &'a Entry>, EngineError> {
    let all = wanted.iter().map(|(stage, entry)| (stage.as_str(), entry));
    if targets.is_empty() {
        return Ok(all.collect());
    }
    let mut chosen = BTreeMap::new();
    for target in targets {
        let paths = workspace.paths(target);
        let makes = |(_, entry): &(&String, &Entry)| {
            let outs = entry.outs.keys().map(|out| RelPath::root().join(out));
            outs.into_iter()
                .any(|out| paths.iter().any(|path| out.contains(path)))
        };
        let names = workspace.stage_names(target);
        let named = names.iter().find_map(|name| wanted.get_key_value(name));
        let Some((stage, entry)) = named.or_else(|| wanted.iter().find(makes)) else {
            let outs = wanted.values().flat_map(|entry| entry.outs.keys());
            let names = wanted.keys().chain(outs).map(String::as_str);
            return Err(EngineError::UnknownTarget {
                name: target.clone(),
                closest: crate::problem::closest(target, names).map(str::to_owned),
            });
        };
        chosen.insert(stage.as_str(), entry);
    }
    Ok(chosen)
}

struct Checkout<'a> {
    workspace: &'a Workspace,
    done: CheckedOut,
    /// The lock before.
    before: BTreeMap<String, Entry>,
}

impl Checkout<'_> {
    /// The content that the lock has for an out.
    fn locked(&self, out: &str) -> Option<&Content> {
        self.before.values().find_map(|entry| entry.outs.get(out))
    }

    /// Looks at everything first: a checkout that is refused has changed nothing.
    fn refuse(&self, chosen: &BTreeMap<&str, &Entry>, force: bool) -> Result<(), EngineError> {
        let mut blocked = Vec::new();
        let outs = chosen.iter().flat_map(|(stage, entry)| {
            let outs = entry.outs.iter();
            outs.map(move |(out, content)| (*stage, out, content))
        });
        for (stage, out, content) in outs {
            let path = RelPath::root().join(out);
            if self.is_elsewhere(stage, out, &path) {
                continue;
            }
            if !path.is_inside() || path.as_str() != out || is_state(&path) {
                return Err(EngineError::OutsideProject(out.clone()));
            }
            let there = Content::of(&self.workspace.snapshot.get(&path)?);
            let known = self.locked(out).is_some();
            if let Some(there) = there
                && !known
                && !same(&there, content)
            {
                blocked.push(out.clone());
            }
        }
        if blocked.is_empty() || force {
            return Ok(());
        }
        Err(EngineError::InTheWay(blocked))
    }

    fn stage(&mut self, stage: &str, entry: &Entry) -> Result<(), EngineError> {
        let mut complete = true;
        for (out, content) in &entry.outs {
            complete &= self.out(stage, out, content)?;
        }
        if complete && self.before.get(stage) != Some(entry) {
            self.workspace.lock.record(stage, entry.clone())?;
        }
        Ok(())
    }

    /// Puts one out in place; whether it is.
    fn out(&mut self, stage: &str, out: &str, content: &Content) -> Result<bool, EngineError> {
        let Workspace {
            project,
            cache,
            snapshot,
            ..
        } = self.workspace;
        let path = RelPath::root().join(out);
        let there = Content::of(&snapshot.get(&path)?);
        if there.as_ref().is_some_and(|there| same(there, content)) {
            return Ok(true);
        }
        if !path.is_inside() {
            self.done.uncached.push(out.to_owned());
            return Ok(false);
        }
        if !cache.has(content) {
            self.missing(stage, out, content);
            return Ok(false);
        }
        // Whole in a place of its own before anything moves.
        let ready = project.temp_dir().join("checkout");
        // A stage goes on writing in what persists.
        let persists = self.declared(stage, out).is_some_and(|out| out.persist);
        let restored = if persists {
            cache.fetch(content, &ready, out)
        } else {
            cache.fetch_linked(content, &ready, out)
        };
        match restored {
            Ok(()) => {}
            Err(RestoreError::Lost(_) | RestoreError::Damaged(_)) => {
                self.missing(stage, out, content);
                return Ok(false);
            }
            Err(RestoreError::Fs(error)) => return Err(EngineError::Cache(error)),
        }
        if let Some(there) = &there {
            self.set_aside(&path, there)?;
            self.done.modified.push(out.to_owned());
        } else {
            self.done.added.push(out.to_owned());
        }
        let place = path.under(&project.root);
        let left_out = snapshot.left_out(&path)?;
        replace(
            &ready,
            &place,
            &left_out,
            &Trash::new(project).replaced(&path),
        )?;
        snapshot.forget(&path);
        Ok(true)
    }

    /// Whether it is an out that the pipeline has outside of the project, where nothing is brought back.
    fn is_elsewhere(&self, stage: &str, out: &str, path: &RelPath) -> bool {
        let declared = self.declared(stage, out);
        !path.is_inside() && declared.is_some_and(|out| !out.cache)
    }

    /// The out as the pipeline has it now.
    fn declared(&self, stage: &str, out: &str) -> Option<&Out> {
        let pipeline = &self.workspace.pipeline;
        let outs = &pipeline.stages[pipeline.index(stage)?].outs;
        outs.iter().find(|declared| declared.path.as_str() == out)
    }

    /// Says which content is not to be had.
    fn missing(&mut self, stage: &str, out: &str, content: &Content) {
        if self.declared(stage, out).is_some_and(|out| !out.cache) {
            self.done.uncached.push(out.to_owned());
            return;
        }
        let names = self.workspace.cache.lost(content);
        let lost = names.into_iter().map(|name| match name {
            Some(name) => format!("{out}/{name}"),
            None => out.to_owned(),
        });
        self.done.lost.extend(lost);
    }

    /// What lies at a path is kept, unless the cache has it.
    fn set_aside(&mut self, path: &RelPath, there: &Content) -> Result<(), EngineError> {
        let Workspace {
            project,
            cache,
            snapshot,
            ..
        } = self.workspace;
        if cache.holds(there) {
            return Ok(());
        }
        let kept = Trash::new(project).put(path, there, snapshot)?;
        self.done.kept.push((path.to_string(), kept));
        Ok(())
    }

    /// Removes what the lock had and `wanted` has not, where the cache can bring it back.
    fn drop_others(&mut self, wanted: &BTreeMap<String, Entry>) -> Result<(), EngineError> {
        let Workspace {
            project,
            cache,
            lock,
            snapshot,
            ..
        } = self.workspace;
        let stays: Vec<RelPath> = wanted
            .values()
            .flat_map(|entry| entry.outs.keys())
            .map(|out| RelPath::root().join(out))
            .collect();
        let before = std::mem::take(&mut self.before);
        for (stage, entry) in &before {
            for (out, content) in &entry.outs {
                let path = RelPath::root().join(out);
                let needed = stays
                    .iter()
                    .any(|stay| stay.contains(&path) || path.contains(stay));
                if needed || !path.is_inside() {
                    continue;
                }
                let there = Content::of(&snapshot.get(&path)?);
                if there.is_some_and(|there| same(&there, content)) && cache.holds(content) {
                    let left_out = snapshot.left_out(&path)?;
                    let place = path.under(&project.root);
                    if left_out.is_empty() {
                        fs::remove(&place)?;
                    } else {
                        let ready = project.temp_dir().join("checkout");
                        fs::create_dir(&ready)?;
                        let aside = Trash::new(project).replaced(&path);
                        replace(&ready, &place, &left_out, &aside)?;
                    }
                    snapshot.forget(&path);
                    self.done.deleted.push(out.clone());
                }
            }
            if !wanted.contains_key(stage) {
                lock.invalidate(stage)?;
            }
        }
        Ok(())
    }
}

/// Files that are no stage's to make.
fn is_state(path: &RelPath) -> bool {
    [".kaslite", ".git"]
        .iter()
        .any(|name| RelPath::root().join(name).contains(path))
}
