//! [`decide`]: fresh, restore or run. Pure.

use crate::entry::Entry;
use crate::event::Decided;
use crate::fingerprint::{Content, Contents, Fingerprint};
use crate::stage::Stage;
use crate::stale::{Change, StaleReason, compare, same};
use std::collections::BTreeMap;

/// Path → content; `None` where nothing is there.
pub type Disk = BTreeMap<String, Option<Content>>;

/// What to do with a stage, and why.
#[derive(Clone, Debug)]
pub struct Decision {
    /// What.
    pub what: Decided,
    /// Why; empty for a fresh stage.
    pub reasons: Vec<StaleReason>,
    /// What to restore: path → content.
    pub restore: Contents,
}

/// What the decision rests on.
#[derive(Debug)]
pub struct Evidence<'a> {
    /// The stage.
    pub stage: &'a Stage,
    /// What it would be made from now.
    pub fingerprint: &'a Fingerprint,
    /// What it was last made from.
    pub entry: Option<&'a Entry>,
    /// What its outs hold.
    pub disk: &'a Disk,
    /// The outs of a past run with the same run key.
    pub past: Option<&'a Contents>,
    /// Whether an out that is not there, and cannot be restored, is no reason.
    pub allow_missing: bool,
    /// Whether the user wants it to run.
    pub force: bool,
}

/// Decides; `cached` tells whether the cache holds a content.
pub fn decide(evidence: &Evidence<'_>, cached: impl Fn(&Content) -> bool) -> Decision {
    let Evidence {
        stage,
        fingerprint,
        entry,
        disk,
        past,
        allow_missing,
        force,
    } = *evidence;
    let mut reasons = entry.map_or_else(
        || vec![StaleReason::NeverRun],
        |entry| compare(&entry.fingerprint, fingerprint),
    );
    let recorded = entry
        .filter(|_| reasons.is_empty())
        .map(|entry| &entry.outs);
    if let Some(outs) = recorded {
        reasons.extend(out_changes(outs, disk));
    }
    let decision = |what, reasons| Decision {
        what,
        reasons,
        restore: Contents::new(),
    };
    if stage.frozen && !force {
        return decision(Decided::Frozen, reasons);
    }
    if force {
        return decision(Decided::Run, vec![StaleReason::Forced]);
    }
    if stage.always_changed || stage.is_callback() {
        reasons.retain(|reason| *reason != StaleReason::NeverRun);
        reasons.insert(0, StaleReason::AlwaysChanged);
        return decision(Decided::Run, reasons);
    }
    if reasons.is_empty() {
        return decision(Decided::Fresh, reasons);
    }
    // The same can have been made more than once, and what the lock has be lost.
    let mut made = recorded.into_iter().chain(past);
    match made.find(|outs| restorable(stage, outs, disk, &cached)) {
        Some(outs) => Decision {
            what: Decided::Restore,
            reasons,
            restore: outs.clone(),
        },
        None if allow_missing && reasons.iter().all(is_missing_out) => {
            decision(Decided::Fresh, Vec::new())
        }
        None => decision(Decided::Run, reasons),
    }
}

fn is_missing_out(reason: &StaleReason) -> bool {
    matches!(
        reason,
        StaleReason::Out {
            change: Change::Removed,
            ..
        }
    )
}

/// The outs that are not what the stage made.
fn out_changes(outs: &Contents, disk: &Disk) -> Vec<StaleReason> {
    let change = |path: &String, made: &Content| match disk.get(path).cloned().flatten() {
        None => Some(Change::Removed),
        Some(found) if !same(&found, made) => Some(Change::Modified),
        Some(_) => None,
    };
    outs.iter()
        .filter_map(|(path, made)| {
            change(path, made).map(|change| StaleReason::Out {
                path: path.clone(),
                change,
            })
        })
        .collect()
}

/// Whether each out is in the cache, or in place already.
fn restorable(
    stage: &Stage,
    outs: &Contents,
    disk: &Disk,
    cached: &impl Fn(&Content) -> bool,
) -> bool {
    stage.outs.iter().all(|out| {
        let path = out.path.to_string();
        outs.get(&path).is_some_and(|made| {
            let in_place = disk
                .get(&path)
                .and_then(Option::as_ref)
                .is_some_and(|found| same(found, made));
            in_place || (out.cache && cached(made))
        })
    })
}
