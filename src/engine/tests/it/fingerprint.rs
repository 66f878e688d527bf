//! Laws of fingerprints: the run key and the reasons that people see cannot disagree.

use crate::support::{cases, content, leaf, stage, text};
use kaslite_engine::fingerprint::{Code, Content, Contents, Fingerprint};
use kaslite_engine::rel_path::RelPath;
use kaslite_engine::stage::Stage;
use kaslite_engine::stale::{StaleReason, compare};
use kaslite_engine::value::Value;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn few() -> impl Strategy<Value = String> {
    "[ab]{1,2}"
}

fn contents() -> impl Strategy<Value = Contents> {
    let content = (0u8..3, any::<bool>()).prop_map(|(seed, executable)| Content {
        executable,
        ..content(seed)
    });
    prop::collection::btree_map(few(), content, 0..3).prop_map(Contents::from_iter)
}

fn code() -> impl Strategy<Value = (String, Code)> {
    let files = prop::collection::btree_map(few(), few(), 0..3);
    (few(), files).prop_map(|(uses, files)| {
        let digest = format!("{files:?}");
        (uses, Code { digest, files })
    })
}

/// Commands, or a built-in stage with its code.
fn action() -> impl Strategy<Value = Fingerprint> {
    let command = prop::collection::vec(few(), 0..3).prop_map(|cmd| Fingerprint {
        cmd,
        ..Fingerprint::default()
    });
    let builtin = code().prop_map(|(uses, code)| Fingerprint {
        uses: Some(uses),
        code: Some(code),
        ..Fingerprint::default()
    });
    prop_oneof![command, builtin]
}

/// Fingerprints so much alike that pairs differ in little.
fn fingerprint() -> impl Strategy<Value = Fingerprint> {
    let env = prop::collection::btree_map(few(), prop::option::of(few()), 0..2);
    let values = prop::collection::btree_map(few(), leaf(), 0..3);
    let params = prop::collection::btree_map(few(), values, 0..2);
    let makes = prop::collection::btree_set(few(), 0..3);
    let wdir = prop_oneof![Just(String::new()), few()];
    (action(), wdir, env, params, contents(), makes).prop_map(
        |(action, wdir, env, params, deps, makes)| Fingerprint {
            wdir,
            env,
            // A file of which no key is read is in no fingerprint.
            params: params
                .into_iter()
                .filter(|(_, values)| !values.is_empty())
                .map(|(file, values)| (file, values.into_iter().collect()))
                .collect(),
            deps,
            makes: makes.into_iter().collect(),
            ..action
        },
    )
}

/// A change of exactly one thing.
#[derive(Clone, Debug)]
enum Edit {
    Command,
    Uses,
    Code,
    Wdir,
    Env(Option<String>),
    EnvGone,
    Param(Value),
    ParamGone,
    Dep(u8),
    DepExecutable,
    DepGone,
    Makes,
    MakesNot,
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        Just(Edit::Command),
        Just(Edit::Uses),
        Just(Edit::Code),
        Just(Edit::Wdir),
        prop::option::of(text()).prop_map(Edit::Env),
        Just(Edit::EnvGone),
        leaf().prop_map(Edit::Param),
        Just(Edit::ParamGone),
        (0u8..9).prop_map(Edit::Dep),
        Just(Edit::DepExecutable),
        Just(Edit::DepGone),
        Just(Edit::Makes),
        Just(Edit::MakesNot),
    ]
}

/// The name of the kind of reason that must be given, or `None` where the edit changed nothing.
fn apply(edit: Edit, print: &mut Fingerprint) -> Option<&'static str> {
    match edit {
        Edit::Command => {
            print.cmd.push("one more".to_owned());
            Some("command")
        }
        Edit::Uses => {
            print.uses = Some("another stage".to_owned());
            Some("uses")
        }
        Edit::Code => {
            let code = print.code.as_mut()?;
            code.digest.push('x');
            Some("code")
        }
        Edit::Wdir => {
            print.wdir.push('x');
            Some("setting")
        }
        Edit::Env(value) => {
            print.env.insert("new".to_owned(), value);
            Some("setting")
        }
        Edit::EnvGone => print.env.pop_first().map(|_| "setting"),
        Edit::Param(value) => {
            let file = print.params.entry("file.yaml".to_owned()).or_default();
            file.insert("new.key".to_owned(), value);
            Some("param")
        }
        Edit::ParamGone => {
            let (_, values) = print.params.iter_mut().next()?;
            let key = values.keys().next()?.clone();
            values.remove(&key).map(|_| "param")
        }
        Edit::Dep(seed) => {
            print.deps.insert("new dep".to_owned(), content(seed));
            Some("dep")
        }
        Edit::DepExecutable => {
            let (_, content) = print.deps.iter_mut().next()?;
            content.executable = !content.executable;
            Some("dep")
        }
        Edit::DepGone => {
            let first = print.deps.first().map(|(path, _)| path.clone());
            first
                .and_then(|path| print.deps.remove(&path))
                .map(|_| "dep")
        }
        Edit::Makes => {
            print.makes.push("zz new out".to_owned());
            Some("makes")
        }
        Edit::MakesNot => print.makes.pop().map(|_| "makes"),
    }
}

fn kind(reason: &StaleReason) -> String {
    let json = serde_json::to_value(reason).expect("plain data");
    json["reason"].as_str().expect("a tagged enum").to_owned()
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn run_keys_are_equal_where_there_is_no_reason(a in fingerprint(), b in fingerprint()) {
        prop_assert_eq!(a.run_key() == b.run_key(), compare(&a, &b).is_empty());
        prop_assert!(compare(&a, &a).is_empty());
    }

    #[test]
    fn one_change_is_one_reason(mut new in fingerprint(), edit in edit()) {
        let old = new.clone();
        let Some(expected) = apply(edit, &mut new) else {
            return Ok(());
        };
        for (from, to) in [(&old, &new), (&new, &old)] {
            let reasons = compare(from, to);
            prop_assert_eq!(reasons.len(), 1, "{:?}", reasons);
            prop_assert_eq!(kind(&reasons[0]), expected);
        }
        prop_assert_ne!(old.run_key(), new.run_key());
    }

    #[test]
    fn sizes_and_counts_of_files_are_for_people_only(mut print in fingerprint(), size in any::<u64>()) {
        let key = print.run_key();
        for (_, content) in print.deps.iter_mut() {
            content.size = size;
            content.files = Some(3);
        }
        prop_assert_eq!(print.run_key(), key);
    }

    #[test]
    fn the_order_of_declaration_does_not_count(
        params in prop::collection::vec((few(), leaf()), 0..5),
        paths in prop::collection::btree_set("[a-d]{1,2}", 0..6),
        shuffle in any::<prop::sample::Index>(),
    ) {
        let paths: Vec<String> = paths.into_iter().collect();
        let (deps, outs) = paths.split_at(shuffle.index(paths.len() + 1));
        let declared = |turned: bool| -> Stage {
            let turn = |list: &[String]| -> Vec<String> {
                let list = list.iter().cloned();
                if turned { list.rev().collect() } else { list.collect() }
            };
            let mut stage = stage("s", &turn(deps), &turn(outs));
            let file = RelPath::root().join("params.yaml");
            // The last of two equal keys counts, so they are put in in one order.
            let unique: BTreeMap<&String, &Value> = params.iter().map(|(k, v)| (k, v)).collect();
            let mut pairs: Vec<_> = unique.into_iter().collect();
            if turned {
                pairs.reverse();
            }
            for (key, value) in pairs {
                stage.params.insert((file.clone(), key.clone()), value.clone());
            }
            stage
        };
        let print = |stage: &Stage| {
            let deps = stage.deps.iter().map(|dep| (dep.path.to_string(), content(1)));
            Fingerprint::compute(stage, deps.collect())
        };
        let (one, other) = (print(&declared(false)), print(&declared(true)));
        prop_assert_eq!(one.run_key(), other.run_key());
        prop_assert_eq!(one, other);
    }
}
