//! The files that the report was made from.

use crate::report::sources::{Source, Sources};
use crate::report::view::{FileView, FilesView, Section};
use kaslite_engine::digest::Digest;

/// Ending of a path → what it holds.
const KNOWN: &[(&str, &str)] = &[
    ("model.safetensors", "the trained network"),
    ("epochs.parquet", "losses and accuracy, one row an epoch"),
    (
        "slots.parquet",
        "every seed in every epoch: state, alpha, drift, health",
    ),
    ("events.parquet", "what happened to the seeds, and when"),
    (
        "policy.parquet",
        "every decision of the controller, and why",
    ),
    ("gates.parquet", "every check of every gate"),
    (
        "matrix.parquet",
        "what each seed was worth while the network learned",
    ),
    ("episode.json", "what the run started from"),
    (
        "dense_windows.parquet",
        "what was worth a close look, and until when",
    ),
    (
        "dense_batches.parquet",
        "every batch of the epochs looked at closely",
    ),
    (
        "dense_gradients.parquet",
        "how gradients are spread in these",
    ),
    (
        "dense_activations.parquet",
        "what passes the slots in these",
    ),
    (
        "dense_openness.parquet",
        "how far learned gates are open in these",
    ),
    (
        "predictions.parquet",
        "what the trained network says of each validation sample",
    ),
    (
        "boundary.parquet",
        "what it says of the plane, where there are two features",
    ),
    ("metrics.json", "the metrics"),
    ("config.json", "the params as resolved"),
    ("train.log", "the log of the training"),
    (
        "counterfactual.parquet",
        "loss and accuracy, one row a combination of grown seeds",
    ),
    ("seeds.parquet", "what each grown seed is worth"),
    (
        "interactions.parquet",
        "what grown seeds are worth together, one row for each two or more",
    ),
    ("control.parquet", "one row a run with or without growth"),
    ("size_curve.parquet", "one row a run of a size"),
    (
        "sizes.parquet",
        "accuracy by size, beside the network that grew",
    ),
    ("contributions.parquet", "what each slot that grew caused"),
    ("sweep.parquet", "one row a trial"),
    ("sweep_summary.csv", "the same as text"),
];

/// Every file of every dep; of the trials of a sweep only their number.
pub(super) fn read(sources: &Sources) -> Section<FilesView> {
    match known(sources) {
        Section::Success(_) => Section::Success(FilesView {
            files: sources
                .all
                .iter()
                .flat_map(|source| of(sources, source))
                .collect(),
        }),
        missing @ (Section::Disabled { .. } | Section::Failed { .. }) => missing,
    }
}

/// Whether there are any; which, is left out.
pub(super) fn known(sources: &Sources) -> Section<FilesView> {
    if sources.all.is_empty() {
        return Section::Disabled {
            reason: "The stage of this report reads nothing.".to_owned(),
            to_enable: "Add the outs of other stages to its `deps`.".to_owned(),
        };
    }
    Section::Success(FilesView::default())
}

fn of(sources: &Sources, source: &Source) -> Vec<FileView> {
    let maker = source.stage.as_deref().unwrap_or("no stage");
    let unread = |what: &str| {
        vec![FileView {
            path: source.path.to_string(),
            what: format!("{what} ({maker})"),
            bytes: None,
            digest: None,
        }]
    };
    let Some(content) = &source.content else {
        return unread("missing");
    };
    if sources.why_unmade(source).is_some() {
        return unread("of an earlier run, not read");
    }
    if content.files.is_none() {
        return vec![FileView {
            path: source.path.to_string(),
            what: describe(source.path.as_str(), maker),
            bytes: Some(content.size),
            digest: Some(content.digest.to_string()),
        }];
    }
    let mut list = Vec::new();
    let mut nested = (0_u64, 0_u64);
    for entry in walk(source) {
        let Ok(bytes) = std::fs::read(source.file.join(&entry)) else {
            continue;
        };
        if entry.starts_with("trials/") {
            nested = (nested.0 + 1, nested.1 + bytes.len() as u64);
            continue;
        }
        list.push(FileView {
            path: format!("{}/{entry}", source.path),
            what: describe(&entry, maker),
            bytes: Some(bytes.len() as u64),
            digest: Some(Digest::of(&bytes).to_string()),
        });
    }
    if nested.0 > 0 {
        list.push(FileView {
            path: format!("{}/trials/", source.path),
            what: format!("{} files: what each trial made", nested.0),
            bytes: Some(nested.1),
            digest: None,
        });
    }
    list
}

/// The files of a folder by their path in it, sorted.
fn walk(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![source.file.clone()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(below) = path.strip_prefix(&source.file) {
                found.push(below.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    found.sort();
    found
}

fn describe(path: &str, maker: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    let known = KNOWN
        .iter()
        .find(|(ending, _)| name == *ending)
        .map(|(_, what)| *what);
    format!("{} ({maker})", known.unwrap_or("an out"))
}
