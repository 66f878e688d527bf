use crate::origins::made_by::MadeBy;
use kaslite_engine::entry::Entry;
use kaslite_engine::rel_path::RelPath;
use kaslite_engine::value::Value;
use std::collections::BTreeMap;

/// So many params that differ are named.
const NAMED: usize = 3;
/// The sections of params that a training depends on.
const SECTIONS: [&str; 2] = ["train.", "seeds."];

/// What a stage made its outs from, and the run in which it did.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    /// The stage.
    pub stage: String,
    /// The built-in stage it uses.
    pub uses: Option<String>,
    /// As the lock has it; none of a run without a pipeline.
    pub(super) entry: Option<Entry>,
    /// The run; none where no record of it is here.
    pub run: Option<MadeBy>,
}

impl Origin {
    /// Whether the file is one of its outs, or lies in one.
    pub(super) fn made(&self, file: &str) -> bool {
        let file = RelPath::root().join(file);
        let outs = self.entry.iter().flat_map(|entry| entry.outs.keys());
        let mut outs = outs.map(|out| RelPath::root().join(out));
        outs.any(|out| out.contains(&file))
    }

    /// Whether it reads something that `other` makes.
    pub(super) fn reads(&self, other: &Self) -> bool {
        let deps = self.entry.iter();
        let mut deps = deps.flat_map(|entry| entry.fingerprint.deps.keys());
        deps.any(|dep| other.made(dep))
    }

    /// Why its results are not of the training whose origin this is, as a fragment; `None` where they
    /// are, and where that is not known.
    pub fn differs(&self, training: &Self) -> Option<String> {
        let (own, trained) = (self.entry.as_ref()?, training.entry.as_ref()?);
        let (name, of) = (&self.stage, &training.stage);
        let deps = &own.fingerprint.deps;
        let is_read = |digest| deps.values().any(|content| content.digest == digest);
        if self.uses.as_deref() == Some("counterfactual") {
            let is_its = trained.outs.values().any(|out| is_read(out.digest));
            return (!is_its).then(|| {
                format!("`{name}` looked at another network than the one that `{of}` made here")
            });
        }
        let mut data = trained.fingerprint.deps.values();
        if !data.all(|content| is_read(content.digest)) {
            return Some(format!(
                "`{name}` was made from other data than `{of}` (`kaslite repro` makes both of the same)"
            ));
        }
        let differing = differing(&params(own), &params(trained));
        let more = differing.len().saturating_sub(NAMED);
        let mut named: Vec<String> = differing.into_iter().take(NAMED).collect();
        if named.is_empty() {
            return None;
        }
        named.extend((more > 0).then(|| format!("{more} more")));
        Some(format!(
            "`{name}` was made with other params than `{of}`: {} (`kaslite repro` makes both of the same)",
            named.join(", ")
        ))
    }
}

fn params(entry: &Entry) -> BTreeMap<&str, &Value> {
    let files = entry.fingerprint.params.values();
    let all = files.flat_map(|values| values.iter().map(|(key, value)| (key.as_str(), value)));
    all.filter(|(key, _)| SECTIONS.iter().any(|section| key.starts_with(section)))
        .collect()
}

/// `train.lr 0.001 and not 0.002`, of each that differs.
fn differing(own: &BTreeMap<&str, &Value>, trained: &BTreeMap<&str, &Value>) -> Vec<String> {
    let shown = |value: Option<&&Value>| value.map_or("none".to_owned(), ToString::to_string);
    let mut keys: Vec<&str> = own.keys().chain(trained.keys()).copied().collect();
    keys.sort_unstable();
    keys.dedup();
    let differ = keys
        .into_iter()
        .filter(|key| own.get(key) != trained.get(key));
    differ
        .map(|key| {
            let (own, trained) = (shown(own.get(key)), shown(trained.get(key)));
            format!("`{key}` {own} and not {trained}")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use kaslite_engine::lock;

    /// What `train` and `control` were made from.
    fn origins(data: [u8; 2], params: [&str; 2]) -> [Origin; 2] {
        let stage = |name: &str, data: u8, params: &str| {
            format!(
                "  {name}:\n    uses: {name}\n    params: {{params.yaml: {{{params}}}}}\n    \
                 deps: {{data/a.parquet: {{digest: {}, size: 1}}}}\n",
                format!("{data:02x}").repeat(32)
            )
        };
        let [train, control] = [0, 1].map(|at| {
            let name = ["train", "control"][at];
            stage(name, data[at], params[at])
        });
        let text = format!("version: 1\nstages:\n{train}{control}");
        let entries = lock::parse("a.lock", &text).expect("a lock");
        ["train", "control"].map(|name| Origin {
            stage: name.to_owned(),
            uses: Some(name.to_owned()),
            entry: entries.get(name).cloned(),
            run: None,
        })
    }

    fn differs(data: [u8; 2], params: [&str; 2]) -> Option<String> {
        let [train, control] = origins(data, params);
        control.differs(&train)
    }

    #[test]
    fn other_params_of_a_training_and_other_data_are_told() {
        let same = "train.lr: 0.1, control.rng_seeds: 5";
        assert_eq!(differs([1, 1], ["train.lr: 0.1", same]), None);
        let other = differs([1, 2], ["train.lr: 0.1", same]).expect("other data");
        assert!(other.contains("other data than `train`"), "{other}");
        let own = "seeds.blend: a, train.a: 1, train.b: 1, train.lr: 0.2";
        let other = differs([1, 1], ["train.lr: 0.1", own]).expect("other params");
        let expected = "`control` was made with other params than `train`: `seeds.blend` a and \
            not none, `train.a` 1 and not none, `train.b` 1 and not none, 1 more";
        assert!(other.starts_with(expected), "{other}");
        let other = differs([1, 1], ["train.lr: 0.1", "train.lr: 0.2"]).expect("another param");
        assert!(other.contains("`train.lr` 0.2 and not 0.1 ("), "{other}");
    }
}
