//! The same bytes, whatever runs beside it; `docs/determinism.md` lists them.

use crate::support::Space;
use crate::training::project::{assert_equal, outs, thorough};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

/// Numbers of threads that libtorch is told, and of stages and trials at once.
const THREADS: [&str; 3] = ["1", "2", "4"];
const JOBS: [&str; 2] = ["1", "4"];

/// What of a run record is of that run alone, by key; durations and the number of jobs among it.
const OWN: [&str; 7] = [
    "run_id",
    "started",
    "timestamp",
    "seconds",
    "duration",
    "command",
    "jobs",
];

/// A file of the run record, and how it is compared.
type Read = fn(&Space, &str) -> BTreeMap<String, String>;
const RECORD: [(&str, Read); 5] = [
    ("summary.json", summary),
    ("config.yaml", config),
    ("events.jsonl", events),
    ("logs/", logs),
    ("pipeline.lock", lock),
];

/// Takes away what is of one run alone.
fn strip(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|key, _| !OWN.contains(&key.as_str()));
            map.values_mut().for_each(strip);
        }
        Value::Array(list) => list.iter_mut().for_each(strip),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn stripped(text: &str) -> Value {
    let mut value = serde_json::from_str(text).expect("JSON");
    strip(&mut value);
    value
}

fn summary(space: &Space, run: &str) -> BTreeMap<String, String> {
    let value = stripped(&space.read(&format!("{run}/summary.json")));
    BTreeMap::from([("summary.json".to_owned(), value.to_string())])
}

/// Everything below the head, and of the head what is not of one run alone.
fn config(space: &Space, run: &str) -> BTreeMap<String, String> {
    let text = space.read(&format!("{run}/config.yaml"));
    let (head, params) = text.split_once("\ndata:").expect("a head");
    let own = |line: &&str| {
        let key = line.trim_start().split(':').next().unwrap_or_default();
        !OWN.contains(&key) && !line.trim_start().starts_with("- ")
    };
    let head: Vec<&str> = head.lines().filter(own).collect();
    BTreeMap::from([("config.yaml".to_owned(), head.join("\n") + params)])
}

/// The events of each stage in their order; stages take turns as they please.
fn events(space: &Space, run: &str) -> BTreeMap<String, String> {
    let mut by_stage = BTreeMap::<String, String>::new();
    for line in space.read(&format!("{run}/events.jsonl")).lines() {
        let event = stripped(line);
        let stage = event["stage"].as_str().unwrap_or_default();
        let told = by_stage.entry(format!("events of `{stage}`")).or_default();
        writeln!(told, "{event}").expect("a text");
    }
    by_stage
}

/// But for `train.log`, which has the time of each line, and but for how many trials came from the cache: of
/// stages that run side by side, one restores what another has trained by then.
fn logs(space: &Space, run: &str) -> BTreeMap<String, String> {
    let names = |folder: &str| -> Vec<String> {
        let entries = std::fs::read_dir(space.path(&format!("{run}/{folder}"))).expect("logs");
        let files = entries.map(|entry| entry.expect("a log"));
        let files = files.filter(|file| file.path().is_file() && file.file_name() != "train.log");
        let name = |file: std::fs::DirEntry| file.file_name().into_string().expect("a name");
        files
            .map(|file| format!("{folder}/{}", name(file)))
            .collect()
    };
    let names = names("logs").into_iter().chain(names("logs/stages"));
    names
        .map(|name| {
            let text = space.read(&format!("{run}/{name}"));
            let lines = text
                .lines()
                .filter(|line| !line.contains(" from the cache"));
            let lines = lines.collect::<Vec<_>>().join("\n");
            (name, lines)
        })
        .collect()
}

fn lock(space: &Space, run: &str) -> BTreeMap<String, String> {
    let text = space.read(&format!("{run}/pipeline.lock"));
    BTreeMap::from([("pipeline.lock".to_owned(), text)])
}

/// What one run made, and what its record says.
fn made(threads: &str, jobs: &str) -> [Vec<(String, String)>; 2] {
    let mut space = thorough();
    for variable in ["OMP_NUM_THREADS", "MKL_NUM_THREADS"] {
        space.set(variable, threads);
    }
    space.kaslite(&format!("repro -j{jobs}")).ok();
    let records = space.records();
    let run = format!("results/runs/{}", records.first().expect("a record"));
    let record = RECORD.iter().flat_map(|(_, read)| read(&space, &run));
    [outs(&space), record.collect()]
}

/// The page of the docs: the files that were found equal.
fn page(files: &[(String, String)]) -> String {
    let mut folders = BTreeMap::<String, (BTreeSet<String>, BTreeSet<&str>)>::new();
    for (file, _) in files {
        let (folder, name) = if let Some((stage, rest)) = file.split_once("/trials/") {
            let (_, name) = rest.split_once('/').expect("a folder a trial");
            (format!("{stage}/trials/*"), name)
        } else {
            let (folder, name) = file.rsplit_once('/').unwrap_or((".", file));
            (folder.to_owned(), name)
        };
        let found = folders.entry(folder).or_default();
        found.0.insert(format!("`{name}`"));
        found.1.insert(file.strip_suffix(name).unwrap_or_default());
    }
    let mut rows = String::new();
    for (folder, (names, of)) in folders {
        let names: Vec<String> = names.into_iter().collect();
        let folder = match of.len() {
            1 => format!("`{folder}`"),
            several => format!("`{folder}`, {several} of them"),
        };
        writeln!(rows, "| {folder} | {} |", names.join(" ")).expect("a text");
    }
    let record = RECORD.map(|(name, _)| format!("`{name}`")).join(", ");
    let own = OWN.map(|key| format!("`{key}`")).join(", ");
    let (threads, jobs) = (THREADS.join(", "), JOBS.join(" and "));
    format!(
        "# What is equal, whatever the number of threads

The test `reproducible` makes this page. It runs a small pipeline with every built-in stage, seeds with
learned gates, and every epoch looked at closely, from nothing, {} times: with {threads} threads
of libtorch (`OMP_NUM_THREADS`, `MKL_NUM_THREADS`), each with `-j` {jobs}. These files are equal byte for
byte in all of them:

| folder | files |
|---|---|
{rows}
Of the run record (`results/runs/RUN/`), {record} say the same but for what is of one run alone: {own}.
Stages take turns in `events.jsonl` as they please; the events of each stage come in the same order. The logs
also say how many trials came from the cache, which depends on what ran side by side, and `train.log` says when.

All of it holds on one machine. Another processor may round otherwise, as may another version of libtorch.
",
        THREADS.len() * JOBS.len()
    )
}

#[test]
fn cold_runs_make_equal_bytes_whatever_the_number_of_threads() {
    let [wanted, record] = made(THREADS[0], JOBS[0]);
    for threads in THREADS {
        for jobs in JOBS {
            if (threads, jobs) == (THREADS[0], JOBS[0]) {
                continue;
            }
            let when = format!("{threads} threads, -j{jobs}");
            let [files, told] = made(threads, jobs);
            assert_equal(&files, &wanted, &when);
            assert_equal(&told, &record, &when);
        }
    }
    let page = page(&wanted);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/determinism.md");
    if std::env::var_os("UPDATE_DETERMINISM").is_some() {
        std::fs::write(&path, &page).expect("the page of the docs");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == page,
        "docs/determinism.md is not what the test makes; run it with UPDATE_DETERMINISM=1"
    );
}
