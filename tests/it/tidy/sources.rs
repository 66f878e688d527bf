//! What stands in source files.

use crate::tidy::{Source, checkout, none, places, sources};
use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

/// The longest source file, in lines.
const LONGEST: usize = 500;

#[test]
fn no_source_file_is_long() {
    let long: Vec<String> = sources(&[".rs", ".py", ".sh"])
        .iter()
        .map(|source| (&source.path, source.text.lines().count()))
        .filter(|(_, lines)| *lines > LONGEST)
        .map(|(path, lines)| format!("{path}: {lines} lines"))
        .collect();
    none(&long, "a file holds one idea: split it");
}

#[test]
fn nothing_panics_for_want_of_handling() {
    let found = places(r"\.unwrap\(\)|\b(todo|unimplemented|dbg)!", |_| true);
    none(&found, "handle the error, or give it on");
}

#[test]
fn arrow_and_parquet_stay_behind_the_tables() {
    let outside = |source: &Source| !source.path.starts_with("src/track/table/");
    let found = places(r"\b(arrow2|parquet2)\b", outside);
    none(&found, "only src/track/table knows the formats");
}

#[test]
fn yaml_is_parsed_in_one_place() {
    let elsewhere = |source: &Source| {
        !source.path.starts_with("src/engine/yaml")
            && !source.path.starts_with("stages/catalog/build")
    };
    let found = places(r"\bserde_yaml\b", elsewhere);
    none(&found, "only src/engine/yaml reads and writes YAML");
}

#[test]
fn torch_stays_in_nn() {
    let outside = |source: &Source| !source.path.starts_with("stages/nn/");
    let found = places(r"\btch::|\buse tch\b", outside);
    none(&found, "only stages/nn knows tensors");
}

#[test]
fn every_described_stage_is_in_the_catalog() {
    let described: BTreeSet<String> = sources(&["/stage.yaml"])
        .iter()
        .filter_map(|source| {
            Some(
                source
                    .path
                    .strip_suffix("/stage.yaml")?
                    .rsplit('/')
                    .next()?
                    .to_owned(),
            )
        })
        .collect();
    let space = crate::support::Space::empty();
    let listed = space.kaslite("stages --json").ok().json();
    let name = |stage: &serde_json::Value| stage["name"].as_str().expect("a name").to_owned();
    let listed: BTreeSet<String> = listed
        .as_array()
        .expect("a list")
        .iter()
        .map(name)
        .collect();
    assert_eq!(listed, described);
}

#[test]
fn no_file_names_a_path_of_a_machine() {
    let mut git = Command::new("git");
    git.args([
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ])
    .current_dir(checkout());
    let listed = match git.output() {
        Ok(output) if output.status.success() => output.stdout,
        _ => return eprintln!("skipped: this is no checkout of git"),
    };
    let names = String::from_utf8(listed).expect("UTF-8 names");
    // Put together here, or this file would be found.
    let folders = [
        ["/ro", "ot/"],
        ["/wo", "rk/"],
        ["/ho", "me/"],
        ["/Us", "ers/"],
    ]
    .map(|parts| parts.concat());
    let mut found = Vec::new();
    for name in names.split('\0').filter(|name| !name.is_empty()) {
        let Ok(bytes) = fs::read(checkout().join(name)) else {
            continue; // Removed, or a link to a folder.
        };
        let text = String::from_utf8_lossy(&bytes);
        let hits = folders
            .iter()
            .filter(|folder| text.contains(folder.as_str()));
        found.extend(hits.map(|folder| format!("{name}: {folder}")));
    }
    none(&found, "a checkout works anywhere");
}
