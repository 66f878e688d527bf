//! Networks of which it is known what each seed is worth.

use crate::evidence::model_file::ModelFile;
use crate::evidence::project::{MODEL, controlled, with_a_model_from_outside};
use serde_json::Value;

/// Beside a seed that has learnt what the host cannot, one is put in by hand that passes on what it gets.
#[test]
fn a_useless_seed_gets_nothing_and_the_essential_one_the_whole_gain() {
    let (useless, essential) = ("seed1_1", "seed2_1");
    let space = with_a_model_from_outside(&[
        ("n_samples: 120", "n_samples: 400"),
        ("lr: 0.01", "lr: 0.1"),
        ("warm_up_epochs: 3", "warm_up_epochs: 0"),
        ("adaptation_epochs: 9", "adaptation_epochs: 40"),
        (
            "seeds_per_layer: 2",
            "seeds_per_layer: 1, lesson: task, disabled: seed1_1",
        ),
    ]);
    let mut model = ModelFile::read(&space, MODEL);
    let planted = [
        ("state", "active"),
        ("blueprint", "noop"),
        ("operator", "add"),
    ];
    let mut changes: Vec<(&str, Value)> = planted.map(|(key, value)| (key, value.into())).into();
    changes.extend([("alpha", 1.0.into()), ("progress", 1.0.into())]);
    model.edit_seed(useless, &changes);
    model.write(&space, MODEL);
    space.kaslite("repro counterfactual").ok();
    let metrics = space.read("results/counterfactual/metrics.json");
    let metrics: Value = serde_json::from_str(&metrics).expect("JSON");
    let number = |seed: &str, key: &str| metrics["contributions"][seed][key].as_f64().expect(key);
    let gain = metrics["metric"]["accuracy"]["gain"]
        .as_f64()
        .expect("a gain");
    assert!(gain > 0.1, "{metrics}");
    let interval = number(useless, "shapley_low")..=number(useless, "shapley_high");
    assert!(interval.contains(&0.0), "{metrics}");
    assert!(number(useless, "shapley").abs() < 1e-12, "{metrics}");
    assert!(
        (number(essential, "shapley") - gain).abs() < 1e-12,
        "{metrics}"
    );
    assert!(number(essential, "shapley_low") > 0.0, "{metrics}");
    let verdict = space.kaslite("verdict").ok().stdout;
    let expected = "Of 2 grown seeds, 1 have a share whose interval lies above 0";
    assert!(verdict.contains(expected), "{verdict}");
}

/// The host knows nothing, and seeds learn so fast that another does in a missing one's place what it
/// would have done: switching one off then says little of what it caused.
#[test]
fn where_what_is_left_has_adapted_the_removal_cost_is_called_unreliable() {
    let space = controlled(&[
        ("n_samples: 120", "n_samples: 300"),
        ("lr: 0.01", "lr: 0.1"),
        ("warm_up_epochs: 3", "warm_up_epochs: 0"),
        ("adaptation_epochs: 9", "adaptation_epochs: 8"),
        ("seeds_per_layer: 2", "seeds_per_layer: 2, lesson: task"),
    ]);
    space.kaslite("repro").ok();
    let metrics: Value =
        serde_json::from_str(&space.read("results/control/metrics.json")).expect("JSON");
    let slots = metrics["slots"].as_object().expect("slots");
    let (slot, found) = slots
        .iter()
        .find(|(_, found)| found["agreement"] == "unreliable")
        .unwrap_or_else(|| panic!("no removal cost is unreliable: {metrics}"));
    let why = found["explanation"].as_str().expect("an explanation");
    assert!(
        why.contains("another slot grew in its place (seed"),
        "{why}"
    );
    let report = space.read("results/REPORT.md");
    let row = report
        .lines()
        .find(|line| line.starts_with(&format!("| `{slot}`")) && line.ends_with("| unreliable |"));
    assert!(row.is_some(), "{report}");
    let told = format!("- `{slot}`: {}", why.replace('_', "\\_"));
    assert!(report.contains(&told), "{told}\n{report}");
    let verdict = space.kaslite("verdict").ok().stdout;
    let verdict = verdict.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        verdict.contains(&format!("hat switching off {slot} costs")),
        "{verdict}"
    );
    assert!(verdict.contains(why), "{verdict}");
}
