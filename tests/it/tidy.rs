//! Rules that the sources keep, and no tool of Rust's checks.

mod dependencies;
mod numbers;
mod readme;
mod sources;

use regex::Regex;
use std::fs;
use std::path::{Path, PathBuf};

/// The checkout.
fn checkout() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// One file with its path in the checkout.
struct Source {
    path: String,
    text: String,
}

/// Every file of ours with one of these endings, in the folders that hold sources.
fn sources(endings: &[&str]) -> Vec<Source> {
    let mut folders: Vec<PathBuf> = ["src", "stages", "tests", "benches"]
        .iter()
        .map(|name| checkout().join(name))
        .collect();
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.expect("a readable folder").path();
            if path.is_dir() {
                folders.push(path);
            } else if endings
                .iter()
                .any(|ending| path.to_string_lossy().ends_with(ending))
            {
                let name = path
                    .strip_prefix(checkout())
                    .expect("a path in the checkout");
                let text = fs::read_to_string(&path).expect("sources are UTF-8");
                found.push(Source {
                    path: name.display().to_string(),
                    text,
                });
            }
        }
    }
    assert!(!found.is_empty(), "no sources in {}", checkout().display());
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

impl Source {
    /// Whether it is there for tests only, by its name.
    fn is_test(&self) -> bool {
        let parts: Vec<&str> = self.path.split('/').collect();
        parts
            .iter()
            .any(|part| matches!(*part, "tests" | "tests.rs" | "benches"))
    }

    /// The modules in files of their own that it declares for tests only: what their paths begin with.
    fn test_modules(&self) -> Vec<String> {
        let (folder, name) = self.path.rsplit_once('/').unwrap_or(("", &self.path));
        let folder = match name {
            "mod.rs" | "lib.rs" | "main.rs" => folder.to_owned(),
            name => format!("{folder}/{}", name.trim_end_matches(".rs")),
        };
        let pattern = Regex::new(r"#\[cfg\(test\)\]\s*mod (\w+);").expect("a sound pattern");
        let modules = pattern.captures_iter(&self.text);
        modules
            .map(|found| format!("{folder}/{}", &found[1]))
            .collect()
    }

    /// Lines of code with their numbers: no comments, no module of tests at the end.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let pattern =
            Regex::new(r"#\[cfg\(test\)\]\s*(#\[[^\n]*\]\s*)*mod \w+ \{").expect("a sound pattern");
        let end = pattern
            .find(&self.text)
            .map_or(self.text.len(), |found| found.start());
        let lines = self.text[..end].lines().enumerate();
        lines
            .map(|(index, line)| (index + 1, line))
            .filter(|(_, line)| !line.trim_start().starts_with("//"))
    }
}

/// All sources of Rust that are not there for tests only.
fn shipped() -> Vec<Source> {
    let mut all = sources(&[".rs"]);
    let modules: Vec<String> = all.iter().flat_map(Source::test_modules).collect();
    let is_module = |path: &str| {
        let begins = |module: &String| {
            path.strip_prefix(module)
                .is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
        };
        modules.iter().any(begins)
    };
    all.retain(|source| !source.is_test() && !is_module(&source.path));
    all
}

/// The places of all lines of shipped code that match, in files that `counts` picks.
fn places(pattern: &str, counts: impl Fn(&Source) -> bool) -> Vec<String> {
    let pattern = Regex::new(pattern).expect("a sound pattern");
    let sources = shipped();
    let chosen = sources.iter().filter(|source| counts(source));
    chosen
        .flat_map(|source| {
            source
                .code()
                .map(|(line, text)| (source.path.as_str(), line, text))
        })
        .filter(|(_, _, text)| pattern.is_match(text))
        .map(|(path, line, text)| format!("{path}:{line}: {}", text.trim()))
        .collect()
}

/// Fails with the list, where there is one.
#[track_caller]
fn none(found: &[String], rule: &str) {
    assert!(found.is_empty(), "{rule}:\n{}", found.join("\n"));
}
