//! [`StaleReason`]: why a stage must run, by comparing two fingerprints.

use crate::fingerprint::{Content, Fingerprint};
use crate::value::Value;
use litemap::LiteMap;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// One reason why a stage is stale.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
pub enum StaleReason {
    /// There is no record of it in the lock.
    NeverRun,
    /// The user asked for it (`--force`).
    Forced,
    /// It declares `always_changed`, or a command and nothing that it reads or makes.
    AlwaysChanged,
    /// The commands differ.
    Command {
        /// As recorded.
        old: Vec<String>,
        /// As declared.
        new: Vec<String>,
    },
    /// It runs another built-in stage, or a command instead of one.
    Uses {
        /// As recorded.
        old: Option<String>,
        /// As declared.
        new: Option<String>,
    },
    /// The code of the built-in stage differs.
    Code {
        /// The source files that differ; empty where only a library's version does.
        files: Vec<String>,
    },
    /// A literal argument, the working folder or a variable of the environment differs.
    Setting {
        /// `wdir` or `env NAME`.
        name: String,
        /// As recorded.
        old: Option<String>,
        /// As declared.
        new: Option<String>,
    },
    /// A param differs.
    Param {
        /// The params file.
        file: String,
        /// The dotted key.
        key: String,
        /// As recorded; `None` where it is new.
        old: Option<Value>,
        /// As it is; `None` where it is gone.
        new: Option<Value>,
    },
    /// A dep differs.
    Dep {
        /// The path.
        path: String,
        /// How.
        change: Change,
    },
    /// The list of outs differs.
    Makes {
        /// The path.
        path: String,
        /// Whether it was added or removed.
        change: Change,
    },
    /// An out is not what the stage made.
    Out {
        /// The path.
        path: String,
        /// Removed or modified.
        change: Change,
    },
    /// A stage it reads from may change.
    Upstream {
        /// That stage.
        stage: String,
    },
}

/// How a path differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// Not there before.
    Added,
    /// Not there any more.
    Removed,
    /// Other content.
    Modified,
    /// It is to be there, and is not.
    Missing,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Modified => "modified",
            Self::Missing => "is not there",
        })
    }
}

/// Everything in which `new` differs from `old`, in the order a person asks for it.
pub fn compare(old: &Fingerprint, new: &Fingerprint) -> Vec<StaleReason> {
    let mut reasons = Vec::new();
    if old == new {
        return reasons;
    }
    if old.uses != new.uses {
        reasons.push(StaleReason::Uses {
            old: old.uses.clone(),
            new: new.uses.clone(),
        });
    }
    if old.cmd != new.cmd {
        reasons.push(StaleReason::Command {
            old: old.cmd.clone(),
            new: new.cmd.clone(),
        });
    }
    if let (Some(a), Some(b)) = (&old.code, &new.code)
        && a.digest != b.digest
        && old.uses == new.uses
    {
        reasons.push(StaleReason::Code {
            files: a.differing(b),
        });
    }
    settings(old, new, &mut reasons);
    params(old, new, &mut reasons);
    reasons.extend(
        changes(&old.deps, &new.deps, same).map(|(path, change)| StaleReason::Dep { path, change }),
    );
    let (made, makes) = (set(&old.makes), set(&new.makes));
    let makes_change = |path: &&String, change| StaleReason::Makes {
        path: (*path).clone(),
        change,
    };
    reasons.extend(
        made.difference(&makes)
            .map(|path| makes_change(path, Change::Removed)),
    );
    reasons.extend(
        makes
            .difference(&made)
            .map(|path| makes_change(path, Change::Added)),
    );
    reasons
}

fn set(paths: &[String]) -> BTreeSet<&String> {
    paths.iter().collect()
}

/// Equal bytes, equally executable.
pub(crate) fn same(a: &Content, b: &Content) -> bool {
    a.digest == b.digest && a.executable == b.executable
}

fn settings(old: &Fingerprint, new: &Fingerprint, reasons: &mut Vec<StaleReason>) {
    let mut differ = |name: String, old: Option<String>, new: Option<String>| {
        reasons.push(StaleReason::Setting { name, old, new });
    };
    if old.wdir != new.wdir {
        let folder = |wdir: &str| (!wdir.is_empty()).then(|| wdir.to_owned());
        differ("wdir".to_owned(), folder(&old.wdir), folder(&new.wdir));
    }
    let names: BTreeSet<&String> = old.env.keys().chain(new.env.keys()).collect();
    for name in names {
        let (before, now) = (old.env.get(name), new.env.get(name));
        if before != now {
            let text =
                |value: &Option<String>| value.clone().unwrap_or_else(|| "(not set)".to_owned());
            differ(format!("env {name}"), before.map(text), now.map(text));
        }
    }
}

fn params(old: &Fingerprint, new: &Fingerprint, reasons: &mut Vec<StaleReason>) {
    let files: BTreeSet<&String> = old.params.keys().chain(new.params.keys()).collect();
    let none = LiteMap::new();
    for file in files {
        let (a, b) = (
            old.params.get(file).unwrap_or(&none),
            new.params.get(file).unwrap_or(&none),
        );
        for (key, _) in changes(a, b, PartialEq::eq) {
            let (old, new) = (a.get(&key).cloned(), b.get(&key).cloned());
            reasons.push(StaleReason::Param {
                file: file.clone(),
                key,
                old,
                new,
            });
        }
    }
}

/// The keys at which two maps differ.
fn changes<'a, T: 'a>(
    old: impl IntoIterator<Item = (&'a String, &'a T)>,
    new: impl IntoIterator<Item = (&'a String, &'a T)>,
    same: impl Fn(&T, &T) -> bool,
) -> impl Iterator<Item = (String, Change)> {
    let (old, new): (BTreeMap<_, _>, BTreeMap<_, _>) =
        (old.into_iter().collect(), new.into_iter().collect());
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).copied().collect();
    keys.into_iter().filter_map(move |key| {
        let change = match (old.get(key), new.get(key)) {
            (Some(a), Some(b)) if same(a, b) => return None,
            (Some(_), Some(_)) => Change::Modified,
            (Some(_), None) => Change::Removed,
            (None, _) => Change::Added,
        };
        Some((key.clone(), change))
    })
}
