//! What makes a stage's code another code, and what does not.

#![expect(dead_code, reason = "the build script uses the rest of these modules")]
#![expect(clippy::unwrap_used, reason = "a test that fails should panic")]

#[path = "../build/describe.rs"]
mod describe;
#[path = "../build/normalise.rs"]
mod normalise;
#[path = "../build/reach.rs"]
mod reach;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// A change of a file's text.
type Edit = fn(String) -> String;

/// The digest of every stage's code in a checkout.
fn digests(root: &Path) -> BTreeMap<String, reach::Code> {
    let mut reach = reach::Reach::new(root).unwrap();
    let stages = describe::all(root).unwrap();
    stages
        .iter()
        .map(|stage| (stage.name.clone(), reach.of(stage).unwrap()))
        .collect()
}

fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from).into_iter().map(Result::unwrap) {
        let target = to.join(entry.path().strip_prefix(from).unwrap());
        if entry.file_type().is_dir() {
            fs::create_dir_all(&target).unwrap();
        } else {
            fs::copy(entry.path(), &target).unwrap();
        }
    }
}

/// A copy of the sources that stages are made of.
fn checkout() -> tempfile::TempDir {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = tempfile::tempdir().unwrap();
    for part in [
        "stages",
        "src/origins",
        "src/report",
        "src/stats",
        "src/sweep",
        "src/track",
        "src/verdict",
        "templates",
    ] {
        copy(&root.join(part), &folder.path().join(part));
    }
    for file in ["Cargo.lock", "src/unmade.rs"] {
        fs::copy(root.join(file), folder.path().join(file)).unwrap();
    }
    folder
}

/// The stages whose digest differs after an edit, and the files that `why` would name.
#[track_caller]
fn changed_by(path: &str, edit: impl Fn(String) -> String) -> Vec<(String, Vec<String>)> {
    let folder = checkout();
    let before = digests(folder.path());
    let file = folder.path().join(path);
    let old = fs::read_to_string(&file).unwrap();
    let new = edit(old.clone());
    assert_ne!(old, new, "the edit must change {path}");
    fs::write(&file, new).unwrap();
    let after = digests(folder.path());
    let mut changed = Vec::new();
    for (stage, code) in &after {
        let known = &before[stage];
        if code.digest != known.digest {
            let old: BTreeMap<_, _> = known.files.iter().cloned().collect();
            let differ = |(name, digest): &&(String, blake3::Hash)| old.get(name) != Some(digest);
            changed.push((
                stage.clone(),
                code.files
                    .iter()
                    .filter(differ)
                    .map(|(name, _)| name.clone())
                    .collect(),
            ));
        }
    }
    changed
}

fn names(changed: &[(String, Vec<String>)]) -> Vec<&str> {
    changed.iter().map(|(stage, _)| stage.as_str()).collect()
}

/// A line of code that is a change wherever it stands.
fn with_code(text: String) -> String {
    text + "\nfn never_called() -> u8 { 7 }\n"
}

#[test]
fn comments_docs_tests_lints_and_formatting_are_no_code() {
    assert_eq!(
        changed_by("stages/nn/benches/training.rs", with_code),
        [],
        "a benchmark"
    );
    let silent: [(&str, Edit); 5] = [
        ("a comment", |text| format!("// A comment.\n{text}")),
        ("an empty line", |text| {
            text.replacen("\nuse ", "\n\n\nuse ", 1)
        }),
        ("a test", |text| {
            text + "\n#[cfg(test)]\nmod more_tests { #[test] fn t() {} }\n"
        }),
        ("a doc", |text| text + "\n/// Doc.\n"),
        ("a lint", |text| {
            text.replacen(
                "\nuse ",
                "\n#[expect(unused_imports, reason = \"x\")]\nuse ",
                1,
            )
        }),
    ];
    for (what, edit) in &silent[..3] {
        assert_eq!(changed_by("stages/train/stage.rs", edit), [], "{what}");
    }
    // A doc needs something to document; a lint something to be about.
    assert_eq!(
        changed_by("stages/train/stage.rs", |text| text.replacen(
            "/// ",
            "/// More: ",
            1
        )),
        []
    );
    assert_eq!(
        changed_by("stages/train/stage.rs", silent[4].1),
        [],
        "{}",
        silent[4].0
    );
}

#[test]
fn code_of_one_stage_is_code_of_those_that_run_it_only() {
    let changed = changed_by("stages/counterfactual/stage.rs", with_code);
    assert_eq!(
        changed,
        [(
            "counterfactual".to_owned(),
            vec!["stages/counterfactual/stage.rs".to_owned()]
        )]
    );
    assert_eq!(
        names(&changed_by("stages/generate_data/stage.rs", with_code)),
        ["generate_data"]
    );
    assert_eq!(
        names(&changed_by("src/report/stage.rs", with_code)),
        ["report"]
    );
    assert_eq!(
        names(&changed_by("templates/REPORT.md.j2", |text| text + "x")),
        ["report"]
    );
}

#[test]
fn shared_code_is_code_of_those_that_use_it() {
    let changed = changed_by("stages/nn/training/fit.rs", with_code);
    assert_eq!(
        names(&changed),
        ["control", "counterfactual", "size_curve", "sweep", "train"]
    );
    assert_eq!(changed[4].1, ["stages/nn/training/fit.rs"]);
    let of_random = changed_by("stages/random/numpy_generator.rs", with_code);
    assert!(names(&of_random).contains(&"generate_data"));
    assert_eq!(
        names(&changed_by("src/sweep/grid.rs", with_code)),
        ["sweep"]
    );
}

#[test]
fn what_a_stage_takes_from_another_is_its_code() {
    let takers = |path| -> Vec<String> {
        let changed = changed_by(path, with_code).into_iter();
        changed.map(|(stage, _)| stage).collect()
    };
    assert_eq!(takers("stages/control/arm.rs"), ["control", "size_curve"]);
    assert_eq!(
        takers("stages/counterfactual/trained_config.rs"),
        ["control", "counterfactual"]
    );
    assert_eq!(
        takers("stages/telemetry/epochs.rs"),
        ["control", "size_curve", "sweep", "train"]
    );
    assert_eq!(
        takers("src/stats/paired.rs"),
        ["control", "report", "size_curve"]
    );
    for of_report in [
        "src/verdict/answer.rs",
        "src/unmade.rs",
        "src/track/metrics.rs",
    ] {
        assert_eq!(takers(of_report), ["report"], "{of_report}");
    }
}

/// Whatever a stage's code names of the crate that it lies in is reached.
#[test]
fn nothing_that_a_stage_names_is_out_of_its_reach() {
    let folder = checkout();
    for (stage, code) in digests(folder.path()) {
        let reached: Vec<&str> = code.files.iter().map(|(path, _)| path.as_str()).collect();
        for path in &reached {
            let crates = ["stages/nn/", "stages/random/", "src/stats/", "src/track/"];
            let is_code = Path::new(path).extension().is_some_and(|it| it == "rs");
            if !is_code || crates.iter().any(|root| path.starts_with(root)) {
                continue;
            }
            let root = path.split('/').next().unwrap();
            let bytes = fs::read(folder.path().join(path)).unwrap();
            let tokens = normalise::normalise(Path::new(path), &bytes).unwrap();
            let tokens = String::from_utf8(tokens).unwrap();
            for named in tokens.split("crate :: ").skip(1) {
                let is_end = |letter: char| !letter.is_alphanumeric() && letter != '_';
                let name = named.split(is_end).next().unwrap();
                let inside = [format!("{root}/{name}/"), format!("{root}/{name}.rs")];
                assert!(
                    reached
                        .iter()
                        .any(|path| inside.iter().any(|place| path.starts_with(place))),
                    "`{stage}` names `crate::{name}` in {path}, which is out of its reach"
                );
            }
        }
    }
}

#[test]
fn a_default_is_code_and_its_meaning_is_not() {
    let docs = |text: String| text.replacen("doc: width of every hidden layer", "doc: how wide", 1);
    assert_eq!(changed_by("stages/train/stage.yaml", docs), []);
    let default = |text: String| text.replacen("default: 128", "default: 64", 1);
    assert_eq!(
        names(&changed_by("stages/train/stage.yaml", default)),
        ["control", "size_curve", "sweep", "train"]
    );
}

#[test]
fn the_version_of_libtorchs_binding_is_code_of_those_that_train() {
    let changed = changed_by("Cargo.lock", |text| {
        let at = text.find("name = \"tch\"").unwrap();
        let (head, tail) = text.split_at(at);
        format!(
            "{head}{}",
            tail.replacen("version = \"", "version = \"9", 1)
        )
    });
    assert_eq!(
        names(&changed),
        ["control", "counterfactual", "size_curve", "sweep", "train"]
    );
    assert!(
        changed.iter().all(|(_, files)| files.is_empty()),
        "{changed:?}"
    );
}
