use crate::origins::Origins;
use crate::unmade::Unmade;
use crate::verdict::Finding::{self, No, NotEnough, NotMeasured, Yes};
use crate::verdict::{Unit, Verdict};
use kaslite_track::metrics::{self, Metrics};

const CONTROL: &str = r#"{
    "runs": {"done": 24, "failed": 0},
    "accuracy": {"grown": {"mean": 0.8175}, "host_only": {"mean": 0.7735}, "host_continued": {"mean": 0.7775}},
    "growth": {
        "against_host_only": {"n": 8, "mean": 0.044, "interval": {"low": LOW, "high": 0.105}, "p": 0.0234375, "least_p": 0.0078125, "effect": 0.895},
        "against_host_continued": {"n": PAIRS, "mean": 0.04, "interval": {"low": LOW, "high": 0.099}, "p": SIGN, "least_p": LEAST, "effect": 0.841}
    },
    "slots": {"seed1_1": {"agreement": "AGREEMENT", "removal_cost": 0.06, "explanation": "in 3 of 4 runs without it another slot grew in its place (seed2_1 in 3)", "causal": {"n": 8, "mean": 0.01, "interval": {"low": CAUSED, "high": 0.02}, "p": 0.03125, "least_p": 0.0078125}}}
}"#;
const COUNTERFACTUAL: &str = r#"{
    "attribution": {"status": "success", "method": "exact"},
    "contributions": {"seed1_1": {"shapley": 0.0112, "shapley_low": 0.002, "shapley_high": 0.02}}
}"#;
const TRAIN: &str = r#"{
    "metric": {"accuracy": {"host_only": 0.8125}}, "seeds": {"grown": 2},
    "anomalies": {"count": 0, "first_epoch": null, "first_trigger": null}
}"#;

fn metrics(files: &[(&str, String)]) -> Metrics {
    let parse = |(path, text): &(&str, String)| {
        let values = metrics::parse(path, text.as_bytes()).expect("JSON");
        ((*path).to_owned(), values)
    };
    files.iter().map(parse).collect()
}

/// Eight pairs, by which growth and the slot surely caused a gain.
const SURE: [(&str, &str); 6] = [
    ("PAIRS", "8"),
    ("LEAST", "0.0078125"),
    ("SIGN", "0.03125"),
    ("LOW", "0.002"),
    ("AGREEMENT", "agrees"),
    ("CAUSED", "0.004"),
];

/// Control as in [`SURE`], with other values.
fn control(changes: &[(&str, &str)]) -> String {
    let fill = |text: String, (name, value): &(&str, &str)| text.replace(name, value);
    changes.iter().chain(&SURE).fold(CONTROL.to_owned(), fill)
}

fn of(files: &[(&str, String)]) -> Verdict {
    Verdict::of(&metrics(files), &Unmade::default(), &Origins::default())
}

fn verdict(changes: &[(&str, &str)]) -> Verdict {
    of(&[
        ("a/metrics.json", TRAIN.to_owned()),
        ("b/metrics.json", COUNTERFACTUAL.to_owned()),
        ("c/metrics.json", control(changes)),
    ])
}

fn findings(verdict: &Verdict) -> Vec<Finding> {
    verdict
        .answers
        .iter()
        .map(|answer| answer.finding)
        .collect()
}

#[test]
fn an_interval_above_nothing_and_a_test_that_agrees_are_a_yes() {
    let verdict = verdict(&[]);
    // Of metrics alone nothing is known of how they were made.
    assert_eq!(findings(&verdict), [Yes, Yes, No, NotMeasured, Yes]);
    let winning = &verdict.answers[0];
    let expected = "Networks that may grow are +4.00 percentage points more accurate than a host \
        that learns for as long (8 pairs of runs; sign-flip p 0.0312, the smallest that so many \
        pairs can give 0.0078).";
    assert_eq!(winning.text, expected);
    assert_eq!(winning.evidence[0].file, "c/metrics.json");
    assert_eq!(winning.evidence[0].interval, Some([0.002, 0.099]));
    assert_eq!(winning.evidence[0].over.as_deref(), Some("8 pairs of runs"));
    assert_eq!(winning.evidence[0].shown_p(), "0.0312 (0.0078)");
    let why = &verdict.answers[1];
    assert!(
        why.text.contains("surely caused by seed1_1"),
        "{}",
        why.text
    );
    let over: Vec<_> = why.evidence.iter().map(|one| one.over.as_deref()).collect();
    assert_eq!(over, [Some("validation samples"), Some("8 pairs of runs")]);
}

/// The interval of three pairs that are alike leaves 0 out, and yet a coin would do as well.
#[test]
fn an_interval_without_a_test_that_agrees_is_not_enough() {
    let few = [("PAIRS", "3"), ("SIGN", "0.25"), ("LEAST", "0.25")];
    let winning = &verdict(&few).answers[0];
    assert_eq!(
        (winning.finding, winning.word),
        (NotEnough, "not enough evidence")
    );
    let expected =
        "3 pairs of runs; sign-flip p 0.2500, the smallest that so many pairs can give 0.2500";
    assert!(winning.text.contains(expected), "{}", winning.text);
    let more = "needs 5 more rng seeds (`control.rng_seeds`)";
    assert!(winning.text.contains(more), "{}", winning.text);
    let enough = [("SIGN", "0.0625")];
    let winning = &verdict(&enough).answers[0];
    assert_eq!(winning.finding, NotEnough);
    assert!(
        winning.text.contains("does not reach 0.05"),
        "{}",
        winning.text
    );
}

#[test]
fn an_interval_around_nothing_says_how_many_runs_it_needs() {
    let verdict = verdict(&[
        ("LOW", "-0.019"),
        ("PAIRS", "5"),
        ("SIGN", "0.125"),
        ("LEAST", "0.0625"),
    ]);
    assert_eq!(verdict.answers[0].finding, NotEnough);
    // t of 97.5 % over the root of n falls below 0.841 at 8 pairs.
    let text = &verdict.answers[0].text;
    assert!(text.contains("needs 3 more rng seeds"), "{text}");
}

/// A share of the gain is what switching a seed off costs, and no cause.
#[test]
fn it_wins_because_of_seeds_only_where_one_is_known_to_have_caused_a_gain() {
    let unknown = &verdict(&[("CAUSED", "-0.004")]).answers[1];
    assert_eq!(unknown.finding, NotEnough);
    let told = "Of 1 grown seeds, 1 have a share whose interval lies above 0";
    assert!(unknown.text.starts_with(told), "{}", unknown.text);
    let told = "no slot surely caused a gain: the largest cause is that of seed1_1 with +1.00";
    assert!(unknown.text.contains(told), "{}", unknown.text);
    let unreliable = &verdict(&[("AGREEMENT", "unreliable")]).answers[1];
    assert_eq!(unreliable.finding, NotEnough);
    let told = "the share of seed1_1 is far from what it caused";
    assert!(unreliable.text.contains(told), "{}", unreliable.text);
    let alone = &of(&[("b.json", COUNTERFACTUAL.to_owned())]).answers[1];
    assert_eq!(alone.finding, NotEnough);
    assert!(
        alone
            .text
            .contains("not what it caused: there are no metrics"),
        "{}",
        alone.text
    );
}

#[test]
fn a_removal_cost_that_is_no_cause_is_explained() {
    let failed = &verdict(&[("AGREEMENT", "unreliable")]).answers[2];
    assert_eq!((failed.finding, failed.word), (Yes, "something went wrong"));
    let expected = "What switching off seed1_1 costs (+6.00) is not what it caused (+1.00): \
        in 3 of 4 runs without it another slot grew in its place (seed2_1 in 3).";
    assert_eq!(failed.text, expected);
}

#[test]
fn what_the_training_noticed_is_told_and_nothing_of_runs_that_were_not_made() {
    let failed = |train: &str| of(&[("a.json", train.to_owned())]).answers[2].clone();
    let trouble = r#""anomalies": {"count": 3, "first_epoch": 1, "first_trigger": "loss_spike"}"#;
    let (before, _) = TRAIN.split_once("\"anomalies\"").expect("anomalies");
    let wrong = failed(&format!("{before}{trouble}}}"));
    assert_eq!(wrong.finding, Yes);
    assert_eq!(
        wrong.text,
        "The training went wrong 3 times, first in epoch 1 (loss spike)."
    );
    let calm = failed(TRAIN);
    assert_eq!(calm.finding, No);
    let expected = "Seeds grew; the training noticed nothing that went wrong; there are no control \
        runs of it to look at.";
    assert_eq!(calm.text, expected);
    // As a training of before anomalies were counted has it.
    let unknown = failed(&format!("{before}\"loss\": {{}}}}"));
    let expected = "Seeds grew; whether something went wrong while it trained is not known; there \
        are no control runs of it to look at.";
    assert_eq!(unknown.text, expected);
    let without =
        r#"{"attribution": {"status": "disabled", "reason": "none"}, "seeds": {"grown": 0}}"#;
    let swapped = of(&[("a.json", TRAIN.to_owned()), ("b.json", without.to_owned())]);
    let expected = "`train` grew 2 seeds, and the network that `counterfactual` looked at has 0.";
    assert_eq!(swapped.answers[2].text, expected);
}

#[test]
fn what_was_not_measured_says_what_to_do() {
    let verdict = of(&[]);
    assert_eq!(findings(&verdict), [NotMeasured; 5]);
    for (answer, stage) in [(0, "control"), (1, "counterfactual"), (2, "train")] {
        let text = &verdict.answers[answer].text;
        assert!(text.contains(&format!("uses `{stage}`")), "{text}");
    }
}

#[test]
fn what_the_weights_are_worth_is_evidence_with_its_unit() {
    let size = r#"{"equivalent_traditional_params": {"status": "above_range", "largest": 9.0, "smallest": 1.0},
        "worth": {"params_efficiency_ratio": 0.2951, "accuracy_for_10k_weights": 0.0021,
            "accuracy_delta": {"n": 5, "mean": 0.04, "interval": {"low": -0.01, "high": 0.09}, "p": 0.125, "least_p": 0.0625}}}"#;
    let verdict = of(&[("c.json", control(&[])), ("s.json", size.to_owned())]);
    let evidence = &verdict.answers[0].evidence;
    let found = |key: &str| {
        evidence
            .iter()
            .find(|one| one.key == key)
            .expect("evidence")
    };
    let ratio = found("worth.params_efficiency_ratio");
    assert_eq!(
        (ratio.unit, ratio.shown()),
        (Unit::Number, "0.295".to_owned())
    );
    let return_on = found("worth.accuracy_for_10k_weights");
    assert_eq!(return_on.shown(), "+0.21");
    assert_eq!(
        found("worth.accuracy_delta.mean").shown_p(),
        "0.1250 (0.0625)"
    );
}

#[test]
fn a_gain_that_cannot_be_shared_out_says_why() {
    let text = r#"{"attribution": {"status": "failed", "reason": "the loss of configuration `10` is not a number"}}"#;
    let verdict = of(&[("b.json", text.to_owned()), ("a.json", TRAIN.to_owned())]);
    assert!(verdict.answers[1].text.contains("not a number"));
    assert_eq!(verdict.answers[2].finding, Yes);
}

#[test]
fn control_runs_that_failed_are_named_three_at_most() {
    let failures = |failures: &str| {
        let runs = format!(r#"{{"done": 2, "failed": 5, "failures": {failures}}}"#);
        let control = control(&[]).replace(r#"{"done": 24, "failed": 0}"#, &runs);
        let verdict = of(&[("c.json", control)]);
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
