//! Who may use whom.

use crate::support::kaslite;
use crate::tidy::{checkout, none};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// Package → those it uses in what it builds, by name.
struct Packages {
    uses: BTreeMap<String, BTreeSet<String>>,
    own: BTreeSet<String>,
}

impl Packages {
    fn load() -> Self {
        let mut cargo = Command::new(env!("CARGO"));
        cargo
            .args([
                "metadata",
                "--format-version=1",
                "--offline",
                "--filter-platform",
                &host(),
            ])
            .current_dir(checkout());
        let output = cargo.output().expect("cargo runs");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let data: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let list = |value: &Value| value.as_array().expect("a list").clone();
        let text = |value: &Value| value.as_str().expect("text").to_owned();
        let names: BTreeMap<String, String> = list(&data["packages"])
            .iter()
            .map(|package| (text(&package["id"]), text(&package["name"])))
            .collect();
        let is_built = |dep: &&Value| {
            list(&dep["dep_kinds"])
                .iter()
                .any(|kind| kind["kind"].is_null())
        };
        let uses = list(&data["resolve"]["nodes"])
            .iter()
            .map(|node| {
                let deps = list(&node["deps"]);
                let used = deps
                    .iter()
                    .filter(is_built)
                    .map(|dep| names[&text(&dep["pkg"])].clone());
                (names[&text(&node["id"])].clone(), used.collect())
            })
            .collect();
        let own = list(&data["workspace_members"])
            .iter()
            .map(|id| names[&text(id)].clone())
            .collect();
        Self { uses, own }
    }

    /// Everything a package is built from.
    fn all(&self, package: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut open = vec![package.to_owned()];
        while let Some(name) = open.pop() {
            let used = self
                .uses
                .get(&name)
                .unwrap_or_else(|| panic!("no package {name}"));
            open.extend(
                used.iter()
                    .filter(|used| found.insert((*used).clone()))
                    .cloned(),
            );
        }
        found
    }

    #[track_caller]
    fn is_free_of(&self, package: &str, others: &[&str]) {
        let all = self.all(package);
        let found: Vec<String> = others
            .iter()
            .filter(|other| all.contains(**other))
            .map(|name| (*name).to_owned())
            .collect();
        none(&found, &format!("{package} must not be built from"));
    }

    /// The packages of ours that a package uses itself.
    fn own(&self, package: &str) -> Vec<&str> {
        let used = self.uses[package]
            .iter()
            .filter(|name| self.own.contains(*name));
        used.map(String::as_str).collect()
    }
}

/// The platform of this build.
fn host() -> String {
    let output = Command::new("rustc")
        .arg("-vV")
        .output()
        .expect("rustc runs");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let line = text.lines().find_map(|line| line.strip_prefix("host: "));
    line.expect("rustc names its host").to_owned()
}

#[test]
fn the_engine_knows_no_terminal_no_tables_and_no_tensors() {
    let packages = Packages::load();
    assert!(packages.own("kaslite-engine").is_empty());
    let foreign = [
        "tch",
        "torch-sys",
        "clap",
        "indicatif",
        "arrow2",
        "parquet2",
        "minijinja",
        "git2",
        "signal-hook",
        "comfy-table",
        "jiff",
    ];
    packages.is_free_of("kaslite-engine", &foreign);
}

#[test]
fn the_networks_know_no_pipeline() {
    let packages = Packages::load();
    assert_eq!(packages.own("kaslite-nn"), ["kaslite-random"]);
    assert!(packages.own("kaslite-random").is_empty());
    packages.is_free_of(
        "kaslite-nn",
        &["kaslite-engine", "kaslite-track", "arrow2", "clap", "git2"],
    );
}

#[test]
fn each_package_uses_only_those_below_it() {
    let packages = Packages::load();
    assert_eq!(packages.own("kaslite-track"), ["kaslite-engine"]);
    assert_eq!(packages.own("kaslite-catalog"), ["kaslite-engine"]);
    assert_eq!(packages.own("kaslite-stats"), ["kaslite-random"]);
    assert_eq!(
        packages.own("kaslite"),
        [
            "kaslite-catalog",
            "kaslite-engine",
            "kaslite-stats",
            "kaslite-track"
        ]
    );
    assert!(packages.own("kaslite-stages").contains(&"kaslite-nn"));
}

#[test]
fn only_the_stages_are_built_from_libtorch() {
    let packages = Packages::load();
    for package in &packages.own {
        if !matches!(package.as_str(), "kaslite-stages" | "kaslite-nn") {
            packages.is_free_of(package, &["tch", "torch-sys"]);
        }
    }
    assert!(packages.all("kaslite-stages").contains("tch"));
}

#[test]
fn the_program_kaslite_does_not_load_libtorch() {
    let bytes = std::fs::read(kaslite()).expect("the program");
    let Ok(elf) = goblin::elf::Elf::parse(&bytes) else {
        return eprintln!("skipped: the program is no ELF file");
    };
    let needed: Vec<&str> = elf
        .libraries
        .iter()
        .copied()
        .filter(|name| name.contains("torch") || name.contains("c10"))
        .collect();
    assert!(needed.is_empty(), "{needed:?}");
    assert!(
        elf.libraries.iter().any(|name| name.starts_with("libc.")),
        "{:?}",
        elf.libraries
    );
}
