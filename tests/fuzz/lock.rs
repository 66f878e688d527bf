//! Locks: read, written, merged.

use crate::{parts, problems};
use kaslite_engine::error::EngineError;
use kaslite_engine::lock::parse;
use kaslite_engine::lock_merge::LockMerge;

const NAME: &str = "pipeline.lock";

/// A lock is read, or refused with a place; written again, it is the same lock.
pub fn lock(data: &[u8]) {
    let text = parts(data).swap_remove(0);
    match parse(NAME, &text) {
        Ok(entries) => {
            let written = merged(&text, &text, &text).text;
            let read = parse(NAME, &written).unwrap_or_else(|error| panic!("{error}\n{written}"));
            assert_eq!(read, entries, "{written}");
            assert_eq!(merged(&written, &written, &written).text, written);
        }
        Err(error) => refused(&error, &[&text]),
    }
}

/// Two locks merge as the other way round, invent nothing, and make a lock.
pub fn merge(data: &[u8]) {
    let parts = parts(data);
    let part = |index: usize| parts.get(index).map_or("", String::as_str);
    let (base, ours, theirs) = (part(0), part(1), part(2));
    match LockMerge::of(NAME, base, ours, theirs) {
        Ok(merge) => {
            assert_eq!(merge, merged(base, theirs, ours), "the sides are equal");
            let read = parse(NAME, &merge.text).expect("a lock");
            let sides = [ours, theirs].map(|side| parse(NAME, side).unwrap_or_default());
            for (stage, entry) in &read {
                let known = sides.iter().any(|side| side.get(stage) == Some(entry));
                assert!(known && !merge.dropped.contains(stage), "{stage}");
            }
            assert_eq!(merged(base, ours, base).text, merged(ours, ours, ours).text);
        }
        Err(error) => refused(&error, &[base, ours, theirs]),
    }
    match LockMerge::of_conflict(NAME, base) {
        Ok(Some(merge)) => assert!(parse(NAME, &merge.text).is_ok(), "{}", merge.text),
        Ok(None) => {}
        // The places are those of one side.
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

fn merged(base: &str, ours: &str, theirs: &str) -> LockMerge {
    let merge = LockMerge::of(NAME, base, ours, theirs);
    merge.unwrap_or_else(|error| panic!("{error}"))
}

/// The problem lies in one of the texts.
fn refused(error: &EngineError, texts: &[&str]) {
    let EngineError::Lock(problem) = error else {
        panic!("{error}");
    };
    let longest = texts
        .iter()
        .max_by_key(|text| text.split(['\n', '\r']).count());
    problems::check(problem, longest.unwrap_or(&""));
}
