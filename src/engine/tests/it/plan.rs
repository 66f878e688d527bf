//! What is decided, in all cases there are.

use crate::support::{content, stage};
use kaslite_engine::entry::Entry;
use kaslite_engine::fingerprint::{Contents, Fingerprint};
use kaslite_engine::plan::{Decision, Disk, Evidence, decide};
use kaslite_engine::stale::{Change, StaleReason};
use std::fmt::Write;
use std::sync::Arc;

const OUT: &str = "out.bin";

/// What the stage last made, and what lies there now.
const MADE: u8 = 1;
const OTHER: u8 = 2;

#[derive(Clone, Copy, Debug)]
enum Recorded {
    None,
    Same,
    Different,
}

#[derive(Clone, Copy, Debug)]
enum Found {
    Ok,
    Missing,
    Modified,
}

#[derive(Clone, Copy, Debug)]
enum Past {
    None,
    Cached,
    Lost,
}

#[derive(Clone, Copy, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "all combinations are what is tested"
)]
struct Flags {
    force: bool,
    frozen: bool,
    always: bool,
    uncached: bool,
}

fn decided(recorded: Recorded, found: Found, past: Past, flags: Flags) -> Decision {
    let mut stage = stage("s", &["in".to_owned()], &[OUT.to_owned()]);
    stage.frozen = flags.frozen;
    stage.always_changed = flags.always;
    stage.outs[0].cache = !flags.uncached;
    let fingerprint =
        Fingerprint::compute(&stage, Contents::from_iter([("in".to_owned(), content(0))]));
    let made = Contents::from_iter([(OUT.to_owned(), content(MADE))]);
    let entry = |cmd: &str| Entry {
        fingerprint: Arc::new(Fingerprint {
            cmd: vec![cmd.to_owned()],
            ..fingerprint.clone()
        }),
        outs: made.clone(),
    };
    let entry = match recorded {
        Recorded::None => None,
        Recorded::Same => Some(entry("true")),
        Recorded::Different => Some(entry("false")),
    };
    let there = match found {
        Found::Ok => Some(content(MADE)),
        Found::Missing => None,
        Found::Modified => Some(content(OTHER)),
    };
    let in_cache = !matches!(past, Past::Lost);
    decide(
        &Evidence {
            allow_missing: false,
            stage: &stage,
            fingerprint: &fingerprint,
            entry: entry.as_ref(),
            disk: &Disk::from([(OUT.to_owned(), there)]),
            past: (!matches!(past, Past::None)).then_some(&made),
            force: flags.force,
        },
        |content| {
            in_cache
                && made
                    .get(OUT)
                    .is_some_and(|made| made.digest == content.digest)
        },
    )
}

fn word(reason: &StaleReason) -> String {
    if let StaleReason::Out { change, .. } = reason {
        return format!("out {change}");
    }
    let json = serde_json::to_value(reason).expect("plain data");
    json["reason"].as_str().expect("a tagged enum").to_owned()
}

fn row(decision: &Decision) -> String {
    let reasons: Vec<String> = decision.reasons.iter().map(word).collect();
    let what = format!("{:?}", decision.what).to_lowercase();
    format!("{what:<8} {}", reasons.join(", "))
        .trim_end()
        .to_owned()
}

fn flags() -> impl Iterator<Item = Flags> {
    (0..16u8).map(|bits| Flags {
        force: bits & 1 > 0,
        frozen: bits & 2 > 0,
        always: bits & 4 > 0,
        uncached: bits & 8 > 0,
    })
}

fn all(mut each: impl FnMut(Recorded, Found, Past, Flags, &Decision)) {
    for flags in flags() {
        for recorded in [Recorded::None, Recorded::Same, Recorded::Different] {
            for found in [Found::Ok, Found::Missing, Found::Modified] {
                for past in [Past::None, Past::Cached, Past::Lost] {
                    let decision = decided(recorded, found, past, flags);
                    each(recorded, found, past, flags, &decision);
                }
            }
        }
    }
}

#[test]
fn every_case_has_its_decision() {
    let mut table = String::new();
    let mut above = None;
    all(|recorded, found, past, flags, decision| {
        let head = format!("{flags:?}");
        if above.as_ref() != Some(&head) {
            writeln!(table, "\n{head}").expect("a string");
            above = Some(head);
        }
        let case = format!("entry {recorded:?}, out {found:?}, past run {past:?}");
        writeln!(table, "  {case:<50} {}", row(decision)).expect("a string");
    });
    insta::assert_snapshot!(table);
}

#[test]
fn what_must_hold_in_every_case_holds() {
    use kaslite_engine::event::Decided;
    all(|recorded, found, past, flags, decision| {
        let case = format!("{recorded:?} {found:?} {past:?} {flags:?}: {decision:?}");
        match decision.what {
            Decided::Fresh => {
                assert!(decision.reasons.is_empty(), "{case}");
                assert!(
                    matches!((recorded, found), (Recorded::Same, Found::Ok)),
                    "{case}"
                );
            }
            Decided::Restore => {
                assert!(
                    !decision.restore.is_empty() && !decision.reasons.is_empty(),
                    "{case}"
                );
                assert!(!flags.force && !flags.frozen && !flags.always, "{case}");
                // An out that no cache holds can only stay where it is.
                assert!(!flags.uncached || matches!(found, Found::Ok), "{case}");
                assert!(
                    !matches!(past, Past::Lost) || matches!(found, Found::Ok),
                    "{case}"
                );
            }
            Decided::Run => assert!(!decision.reasons.is_empty(), "{case}"),
            Decided::Frozen => assert!(flags.frozen && !flags.force, "{case}"),
            Decided::Unknown => panic!("only a plan foresees: {case}"),
        }
        if decision.what != Decided::Restore {
            assert!(decision.restore.is_empty(), "{case}");
        }
        let gone = StaleReason::Out {
            path: OUT.to_owned(),
            change: Change::Removed,
        };
        if matches!((recorded, found), (Recorded::Same, Found::Missing)) && !flags.force {
            assert!(decision.reasons.contains(&gone), "{case}");
        }
    });
}
