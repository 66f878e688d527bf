use crate::unmade::Unmade;
use crate::verdict::Finding::{self, No, NotEnough, NotMeasured, Yes};
use crate::verdict::Verdict;
use kaslite_track::metrics::{self, Metrics};
use kaslite_track::provenance::Provenance;

const CONTROL: &str = r#"{
    "runs": {"failed": 0},
    "accuracy": {"grown": {"mean": 0.8175}, "host_only": {"mean": 0.7735}, "host_continued": {"mean": 0.7775}},
    "growth": {
        "against_host_only": {"n": 5, "mean": 0.044, "interval": {"low": LOW, "high": 0.105}, "effect": 0.895},
        "against_host_continued": {"n": 5, "mean": 0.04, "interval": {"low": LOW, "high": 0.099}, "effect": 0.841}
    },
    "slots": {"seed1_1": {"agreement": "AGREEMENT", "removal_cost": 0.06, "explanation": "in 3 of 4 runs without it another slot grew in its place (seed2_1 in 3)", "causal": {"mean": 0.01, "interval": {"low": 0.0, "high": 0.02}}}}
}"#;
const COUNTERFACTUAL: &str = r#"{
    "attribution": {"status": "success", "method": "exact"},
    "contributions": {"seed1_1": {"shapley": 0.0112, "shapley_low": 0.002, "shapley_high": 0.02}}
}"#;
const TRAIN: &str = r#"{"metric": {"accuracy": {"host_only": 0.8125}}, "seeds": {"grown": 2}}"#;

fn metrics(files: &[(&str, String)]) -> Metrics {
    let parse = |(path, text): &(&str, String)| {
        let values = metrics::parse(path, text.as_bytes()).expect("JSON");
        ((*path).to_owned(), values)
    };
    files.iter().map(parse).collect()
}

fn verdict(low: &str, agreement: &str) -> Verdict {
    let control = CONTROL.replace("LOW", low).replace("AGREEMENT", agreement);
    let metrics = metrics(&[
        ("a/metrics.json", TRAIN.to_owned()),
        ("b/metrics.json", COUNTERFACTUAL.to_owned()),
        ("c/metrics.json", control),
    ]);
    let code = Provenance {
        commit: Some("0123abc".to_owned()),
        dirty: Some(false),
        ..Provenance::default()
    };
    Verdict::of(&metrics, &Unmade::default(), Some(&code))
}

fn findings(verdict: &Verdict) -> Vec<Finding> {
    verdict
        .answers
        .iter()
        .map(|answer| answer.finding)
        .collect()
}

#[test]
fn an_interval_above_nothing_is_a_yes() {
    let verdict = verdict("0.002", "agrees");
    assert_eq!(findings(&verdict), [Yes, Yes, No, Yes, Yes]);
    let winning = &verdict.answers[0];
    assert!(
        winning.text.starts_with("Networks that may grow are +4.00"),
        "{}",
        winning.text
    );
    assert_eq!(winning.evidence[0].file, "c/metrics.json");
    assert_eq!(winning.evidence[0].interval, Some([0.002, 0.099]));
    assert_eq!(verdict.answers[1].evidence.len(), 2);
}

#[test]
fn an_interval_around_nothing_says_how_many_runs_it_needs() {
    let verdict = verdict("-0.019", "agrees");
    assert_eq!(verdict.answers[0].finding, NotEnough);
    // t of 97.5 % over the root of n falls below 0.841 at 8 pairs.
    let text = &verdict.answers[0].text;
    assert!(text.contains("needs 3 more rng seeds"), "{text}");
}

#[test]
fn a_removal_cost_that_is_no_cause_is_explained() {
    let verdict = verdict("0.002", "unreliable");
    let failed = &verdict.answers[2];
    assert_eq!(failed.finding, Yes);
    let expected = "what switching off seed1_1 costs (+6.00) is not what it caused (+1.00): \
        in 3 of 4 runs without it another slot grew in its place (seed2_1 in 3).";
    assert_eq!(failed.text, expected);
}

#[test]
fn what_was_not_measured_says_what_to_do() {
    let verdict = Verdict::of(&Metrics::new(), &Unmade::default(), None);
    let found = findings(&verdict);
    assert_eq!(
        found,
        [
            NotMeasured,
            NotMeasured,
            NotMeasured,
            NotEnough,
            NotMeasured
        ]
    );
    for (answer, stage) in [(0, "control"), (1, "counterfactual"), (2, "train")] {
        let text = &verdict.answers[answer].text;
        assert!(text.contains(&format!("uses `{stage}`")), "{text}");
    }
}

#[test]
fn a_gain_that_cannot_be_shared_out_says_why() {
    let text = r#"{"attribution": {"status": "failed", "reason": "the loss of configuration `10` is not a number"}}"#;
    let metrics = metrics(&[("b.json", text.to_owned()), ("a.json", TRAIN.to_owned())]);
    let verdict = Verdict::of(&metrics, &Unmade::default(), None);
    assert!(verdict.answers[1].text.contains("not a number"));
    assert_eq!(verdict.answers[2].finding, Yes);
}

#[test]
fn control_runs_that_failed_are_named_three_at_most() {
    let failures = |failures: &str| {
        let runs = format!(r#"{{"done": 2, "failed": 5, "failures": {failures}}}"#);
        let control = CONTROL.replace(r#"{"failed": 0}"#, &runs);
        let control = control.replace("LOW", "0.0").replace("AGREEMENT", "agrees");
        let metrics = metrics(&[("c.json", control)]);
        let verdict = Verdict::of(&metrics, &Unmade::default(), None);
        let component = verdict.components["control.runs"].clone();
        assert_eq!(component.status(), "failed");
        component.reason().expect("a reason").to_owned()
    };
    let named =
        r#"{"grown_1": "a", "grown_2": "b", "grown_3": "c", "grown_4": "d", "grown_5": "e"}"#;
    let expected = "5 of 7 control runs failed: grown_1: a; grown_2: b; grown_3: c; and 2 more";
    assert_eq!(failures(named), expected);
    // As a record of before they were named has it.
    assert_eq!(failures("{}"), "5 of 7 control runs failed");
}
