//! Whether groups were measured on the same data.

use super::group::Group;
use crate::cli::error::CliError;
use kaslite_engine::digest::Digest;
use kaslite_engine::entry::Entry;
use kaslite_engine::lock;
use kaslite_track::record::RunRecord;
use std::collections::{BTreeMap, BTreeSet};

/// Params that say which samples are measured on.
const SPLITS: [&str; 3] = ["train_frac", "test_size", "val_frac"];
/// Endings of files that are code, not data.
const CODE: [&str; 6] = ["py", "sh", "r", "R", "jl", "ipynb"];

/// Which data the groups do not share, as a sentence without its end; `None` where they share all.
pub(crate) fn different_data(groups: &[Group]) -> Result<Option<String>, CliError> {
    let mut of_groups = Vec::new();
    for group in groups {
        let mut contents: BTreeMap<String, BTreeSet<Digest>> = BTreeMap::new();
        for member in &group.runs {
            for (path, digest) in data(&member.run)? {
                contents.entry(path).or_default().insert(digest);
            }
        }
        of_groups.push(contents);
    }
    let Some((first, others)) = of_groups.split_first() else {
        return Ok(None);
    };
    let differs = |path: &&String| {
        let here = first.get(*path);
        others
            .iter()
            .any(|other| other.get(*path).is_some_and(|there| Some(there) != here))
    };
    let paths: Vec<String> = first
        .keys()
        .filter(differs)
        .map(|path| format!("`{path}`"))
        .collect();
    Ok((!paths.is_empty()).then(|| format!("the data differs ({})", paths.join(", "))))
}

/// Which params say that the groups were measured on other samples.
pub(crate) fn different_split(groups: &[Group]) -> Option<String> {
    let (first, others) = groups.split_first()?;
    let names = first.runs.iter().flat_map(|run| run.params.keys());
    let mut splits =
        names.filter(|name| SPLITS.contains(&name.rsplit('.').next().unwrap_or_default()));
    let differing = splits.find(|name| {
        others
            .iter()
            .any(|other| other.param(name) != first.param(name))
    });
    differing.map(|name| format!("the samples that are measured on differ (`{name}`)"))
}

/// The data that a run read: files that no stage makes, code left out, and what stages make that read
/// no data themselves.
fn data(run: &RunRecord) -> Result<Vec<(String, Digest)>, CliError> {
    let Some(text) = run.lock()? else {
        return Ok(Vec::new());
    };
    let entries = lock::parse(&format!("{}/pipeline.lock", run.run_id), &text)?;
    let made: BTreeSet<&String> = entries
        .values()
        .flat_map(|entry| entry.outs.keys())
        .collect();
    let is_inside = |path: &str| {
        made.iter().any(|out| {
            path.strip_prefix(out.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    };
    let is_code = |path: &str| {
        path.rsplit_once('.')
            .is_some_and(|(_, ending)| CODE.contains(&ending))
    };
    let begins = |entry: &&Entry| entry.fingerprint.deps.keys().all(|path| is_code(path));
    let read: BTreeSet<&String> = entries
        .values()
        .flat_map(|entry| entry.fingerprint.deps.keys())
        .collect();
    let sources = entries.values().flat_map(|entry| &entry.fingerprint.deps);
    let sources = sources.filter(|(path, _)| !is_inside(path) && !is_code(path));
    let generated = entries
        .values()
        .filter(begins)
        .flat_map(|entry| &entry.outs);
    let generated = generated.filter(|(path, _)| read.contains(path));
    let all = sources.chain(generated);
    Ok(all
        .map(|(path, content)| (path.clone(), content.digest))
        .collect())
}
