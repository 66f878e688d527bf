//! The lock: what is written is what is read; no bytes make it panic.

use crate::support::{cases, content, text, value};
use kaslite_engine::entry::Entry;
use kaslite_engine::error::EngineError;
use kaslite_engine::fingerprint::{Code, Content, Contents, Fingerprint};
use kaslite_engine::lock::{Lock, parse};
use kaslite_engine::lock_merge::LockMerge;
use kaslite_engine::project::Project;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn project(folder: &Path) -> Project {
    Project::of_file(&folder.join("pipeline.yaml"), BTreeMap::new())
}

fn contents() -> impl Strategy<Value = Contents> {
    let parts = (any::<u8>(), prop::option::of(0usize..9), any::<bool>());
    let content = parts.prop_map(|(seed, files, executable)| Content {
        files,
        executable,
        ..content(seed)
    });
    prop::collection::btree_map(text(), content, 0..3).prop_map(Contents::from_iter)
}

fn entry() -> impl Strategy<Value = Entry> {
    let files = prop::collection::btree_map(text(), text(), 0..3);
    let code = (text(), files).prop_map(|(digest, files)| Code { digest, files });
    let values = prop::collection::btree_map(text(), value(), 0..3);
    let print = (
        prop::collection::vec(text(), 0..3),
        prop::option::of(text()),
        prop::option::of(code),
        text(),
        prop::collection::btree_map(text(), prop::option::of(text()), 0..3),
        prop::collection::btree_map(text(), values, 0..3),
        contents(),
        prop::collection::vec(text(), 0..3),
    );
    (print, contents()).prop_map(|(print, outs)| {
        let (cmd, uses, code, wdir, env, params, deps, makes) = print;
        let fingerprint = Fingerprint {
            cmd,
            uses,
            code,
            wdir,
            env,
            params: params
                .into_iter()
                .map(|(file, values)| (file, values.into_iter().collect()))
                .collect(),
            deps,
            makes,
        };
        let fingerprint = Arc::new(fingerprint);
        Entry { fingerprint, outs }
    })
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn what_is_recorded_is_there_after_the_fold(
        entries in prop::collection::btree_map(text(), entry(), 0..3),
    ) {
        let folder = tempfile::tempdir().expect("a temp folder");
        let project = project(folder.path());
        let lock = Lock::load(&project).expect("no lock yet");
        for (name, entry) in &entries {
            lock.record(name, entry.clone()).expect("it can be written");
        }
        lock.fold().expect("it can be written");
        let written = fs::read_to_string(project.root.join("pipeline.lock")).unwrap_or_default();
        let read = Lock::load(&project).expect("what was written can be read");
        prop_assert_eq!(read.names().len(), entries.len());
        for (name, entry) in &entries {
            let found = read.get(name);
            prop_assert_eq!(found.as_deref(), Some(entry), "{}", written);
        }
        read.fold().expect("it can be written");
        let again = fs::read_to_string(project.root.join("pipeline.lock")).unwrap_or_default();
        prop_assert_eq!(again, written, "an unchanged lock is left as it is");
    }

    #[test]
    fn a_merge_takes_what_one_side_changed_and_invents_nothing(
        base in entries(), ours in entries(), theirs in entries(),
    ) {
        let merge = |base: &Entries, ours: &Entries, theirs: &Entries| {
            LockMerge::of("lock", &written(base), &written(ours), &written(theirs)).expect("locks")
        };
        prop_assert_eq!(merge(&base, &ours, &base).text, written(&ours), "one side changed");
        prop_assert_eq!(merge(&base, &ours, &ours).text, written(&ours), "both alike");
        let merged = merge(&base, &ours, &theirs);
        prop_assert_eq!(&merged, &merge(&base, &theirs, &ours), "the sides are equal");
        let found = parse("lock", &merged.text).expect("a lock");
        for name in ours.keys().chain(theirs.keys()) {
            let (old, our, their) = (base.get(name), ours.get(name), theirs.get(name));
            let dropped = our != their && our != old && their != old;
            prop_assert_eq!(merged.dropped.contains(name), dropped);
            let expected = if our == old { their } else { our };
            prop_assert_eq!(found.get(name), expected.filter(|_| !dropped));
        }
    }

    #[test]
    fn conflict_markers_part_two_locks(ours in entries(), theirs in entries()) {
        let body = |lock: &Entries| {
            let text = written(lock);
            text.strip_prefix(HEAD).expect("the head").to_owned()
        };
        let conflict = format!(
            "{HEAD}<<<<<<< HEAD\n{}||||||| base\nstages: {{}}\n=======\n{}>>>>>>> theirs\n",
            body(&ours), body(&theirs),
        );
        let merged = LockMerge::of_conflict("lock", &conflict).expect("two locks");
        let merged = merged.expect("a conflict");
        let found = parse("lock", &merged.text).expect("a lock");
        prop_assert_eq!(found.len() + merged.dropped.len(), {
            let mut all = ours.clone();
            all.extend(theirs.clone());
            all.len()
        });
        for (name, entry) in found {
            prop_assert!([ours.get(&name), theirs.get(&name)].contains(&Some(&entry)));
        }
        prop_assert_eq!(LockMerge::of_conflict("lock", &merged.text).expect("a lock"), None);
    }

    #[test]
    fn no_bytes_make_it_panic(lock in bytes(), journal in bytes()) {
        let folder = tempfile::tempdir().expect("a temp folder");
        let project = project(folder.path());
        Lock::load(&project)
            .and_then(|lock| Ok(lock.invalidate("a")?))
            .expect("a journal");
        fs::write(journal_of(&project), journal).expect("a file");
        fs::write(project.root.join("pipeline.lock"), lock).expect("a file");
        if let Err(error) = Lock::load(&project) {
            prop_assert!(!error.to_string().is_empty());
        }
    }

    #[test]
    fn a_journal_cut_off_anywhere_says_what_was_promised(
        name in text(), entry in entry(), cut in any::<prop::sample::Index>(),
    ) {
        // JSON has no such numbers: a stage that reads one runs again after a crash.
        let shown = format!("{entry:?}");
        prop_assume!(["(NaN)", "(inf)", "(-inf)"].iter().all(|odd| !shown.contains(odd)));
        let folder = tempfile::tempdir().expect("a temp folder");
        let project = project(folder.path());
        let lock = Lock::load(&project).expect("no lock yet");
        lock.record("first", entry.clone()).expect("it can be written");
        let whole = fs::read(journal_of(&project)).expect("the journal").len();
        lock.record(&name, entry.clone()).expect("it can be written");
        let mut journal = fs::read(journal_of(&project)).expect("the journal");
        journal.truncate(whole + cut.index(journal.len() - whole));
        fs::write(journal_of(&project), journal).expect("the journal");
        let read = Lock::load(&project).expect("a killed run leaves such a journal");
        let found = read.get("first");
        prop_assert_eq!(found.as_deref(), Some(&entry));
        prop_assert!(read.names().len() <= 2);
    }

    #[test]
    fn a_damaged_lock_is_refused_with_a_line_of_it(entry in entry(), at in any::<prop::sample::Index>(), insert in text()) {
        let folder = tempfile::tempdir().expect("a temp folder");
        let project = project(folder.path());
        let lock = Lock::load(&project).expect("no lock yet");
        lock.record("a", entry).expect("it can be written");
        lock.fold().expect("it can be written");
        let mut text = fs::read_to_string(project.root.join("pipeline.lock")).expect("the lock");
        let starts: Vec<usize> = text.char_indices().map(|(index, _)| index).collect();
        text.insert_str(starts[at.index(starts.len())], &insert);
        match parse("pipeline.lock", &text) {
            Ok(_) => {}
            Err(EngineError::Lock(problem)) => {
                let lines = text.split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']).count();
                prop_assert!(problem.place().line <= lines, "{}", problem);
            }
            Err(other) => prop_assert!(false, "{other:?}"),
        }
    }
}

type Entries = BTreeMap<String, Entry>;

/// How every lock begins.
const HEAD: &str =
    "# What was last made, from what. Written by kaslite; commit it, do not edit it.\nversion: 1\n";

#[test]
fn texts_with_line_ends_of_all_kinds_are_written_as_they_were_read() {
    let ends = ["\\u2028", "\\u2029", "\\x85", "\\r", "\\n", "\\r\\n"];
    for end in ends {
        let texts = [
            format!("one{end}    two: [{end}"),
            format!("{end}  - one{end}"),
            format!("one{end}{end}<<<<<<< ours{end}two"),
        ];
        for text in texts {
            let lock =
                format!("{HEAD}stages:\n  a:\n    cmd: [\"{text}\"]\n    env: {{X: \"{text}\"}}\n");
            let read = parse("pipeline.lock", &lock).unwrap_or_else(|error| panic!("{error}"));
            let merge = LockMerge::of("pipeline.lock", "", &lock, &lock).expect("two locks");
            let again = parse("pipeline.lock", &merge.text);
            let again = again.unwrap_or_else(|error| panic!("{error}\n{}", merge.text));
            assert_eq!(again, read, "{}", merge.text);
        }
    }
}

/// Of few stages, so that the sides share some.
fn entries() -> impl Strategy<Value = Entries> {
    prop::collection::btree_map("[abc]", entry(), 0..4)
}

/// The text of a lock with these entries.
fn written(entries: &Entries) -> String {
    let folder = tempfile::tempdir().expect("a temp folder");
    let project = project(folder.path());
    let lock = Lock::load(&project).expect("no lock yet");
    for (name, entry) in entries {
        lock.record(name, entry.clone()).expect("it can be written");
    }
    lock.fold().expect("it can be written");
    // Without entries nothing differs from no lock, and nothing is written.
    fs::read_to_string(project.root.join("pipeline.lock"))
        .unwrap_or_else(|_| format!("{HEAD}stages: {{}}\n"))
}

/// The only journal that there is after one step.
fn journal_of(project: &Project) -> PathBuf {
    let files = fs::read_dir(project.state_dir()).expect("a folder");
    let paths = files.map(|entry| entry.expect("its entry").path());
    let is_journal = |path: &PathBuf| {
        let name = path.file_name().expect("a name").to_string_lossy();
        name.starts_with("journal-")
    };
    let journals: Vec<PathBuf> = paths.filter(is_journal).collect();
    assert_eq!(journals.len(), 1, "{journals:?}");
    journals[0].clone()
}

/// Any bytes, and those that begin like a lock.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let any = || prop::collection::vec(any::<u8>(), 0..60);
    let like = prop::sample::select(vec![
        "version: 1\nstages:\n",
        "version: 1\nstages: {a: {deps: {",
        "version: 99\n",
        "version: 1\n<<<<<<< HEAD\n",
        "{\"begin\":{\"stage\":\"a\"}}\n",
        "{\"done\":{\"stage\":\"a\",\"entry\":{}}}\n{\"done\":",
    ]);
    let like = (like, any()).prop_map(|(text, rest)| [text.as_bytes(), &rest].concat());
    prop_oneof![any(), like]
}
