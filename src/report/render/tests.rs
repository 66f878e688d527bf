mod filters;

use super::*;
use crate::report::trouble::{SignView, TroubleView};
use crate::report::view::{
    ArmView, CauseView, ClassView, ConfigurationView, ContributionView, ControlView,
    CounterfactualView, DataView, EventView, FigureView, FileView, FilesView, InteractionView,
    MatrixRowView, MeasureView, Pair, ParamView, ParamsView, ProvenanceView, Section, Shown,
    SizeCurveView, SizeView, SlotCauseView, SweepView, TrainingView, TrialView,
};
use crate::verdict::{Answer, Evidence, Finding, Unit, Verdict};
use kaslite_track::record::Components;

const TEMPLATE: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/templates/REPORT.md.j2"
));
const NAME: &str = "templates/REPORT.md.j2";

fn disabled<T>(what: &str) -> Section<T> {
    Section::Disabled {
        reason: format!("No stage made {what}."),
        to_enable: format!("Add the stage `{what}`."),
    }
}

/// A report of which nothing is there.
fn empty() -> ReportView {
    ReportView {
        title: "Spirals | 1".to_owned(),
        verdict: Verdict {
            answers: Vec::new(),
            components: Components::new(),
        },
        provenance: disabled("provenance"),
        data: disabled("data"),
        params: disabled("params"),
        training: Section::Failed {
            reason: "The file `a_b` is damaged.".to_owned(),
        },
        counterfactual: disabled("counterfactual"),
        control: disabled("control"),
        size_curve: disabled("size_curve"),
        sweep: disabled("sweep"),
        files: disabled("files"),
        components: vec![disabled::<()>("files").component("files")],
    }
}

fn text_of(text: &str) -> String {
    text.to_owned()
}

fn figure(name: &str, description: &str) -> FigureView {
    FigureView {
        path: format!("figures/{name}.svg"),
        description: text_of(description),
        ..FigureView::default()
    }
}

fn measure(name: &str, meaning: &str, value: Option<f64>, shown: Shown) -> MeasureView {
    MeasureView {
        name: text_of(name),
        meaning: text_of(meaning),
        value,
        shown,
    }
}

fn training() -> TrainingView {
    let event = |epoch, from: &str, to: &str| EventView {
        epoch,
        seed: text_of("seed1_1"),
        from: text_of(from),
        to: text_of(to),
    };
    TrainingView {
        measures: vec![
            measure(
                "best_acc",
                "highest validation accuracy",
                Some(0.8375),
                Shown::Percent,
            ),
            measure(
                "recovery_time",
                "epochs until it recovered",
                None,
                Shown::Count,
            ),
        ],
        parameters: vec![measure(
            "total",
            "all of them",
            Some(132_866.0),
            Shown::Count,
        )],
        figures: vec![figure(
            "learning_curve",
            "losses and accuracy over the epochs",
        )],
        events: vec![
            event(57, "dormant", "training"),
            event(59, "training", "blending"),
        ],
        caveat: None,
        trouble: Some(TroubleView {
            signs: vec![SignView {
                epoch: 3,
                trigger: text_of("loss_spike"),
                what: text_of("the validation loss is 9.0 times its mean"),
            }],
            total: 2,
            trace: text_of("results/train/dense_batches.parquet"),
            windows: text_of("results/train/dense_windows.parquet"),
        }),
    }
}

fn counterfactual() -> CounterfactualView {
    let one = |seeds: &[&str], accuracy, gain| ConfigurationView {
        seeds: seeds.iter().map(|seed| text_of(seed)).collect(),
        accuracy: Some(accuracy),
        gain: Some(gain),
    };
    CounterfactualView {
        configurations: vec![one(&["seed1_1"], 0.8375, 0.0125), one(&[], 0.825, 0.0)],
        contributions: vec![ContributionView {
            seed: text_of("seed1_1"),
            marginal: Some(0.0125),
            shapley: Some(-0.0031),
            low: Some(-0.02),
            high: Some(0.013),
            efficiency: Some(-0.0002),
        }],
        interactions: vec![InteractionView {
            seeds: text_of("seed1_1 + seed2_1"),
            value: Some(0.004),
            low: None,
            high: None,
        }],
        matrix: vec![
            MatrixRowView {
                seed: text_of("seed1_1"),
                cells: vec![None, Some(0.004)],
            },
            MatrixRowView {
                seed: text_of("seed2_1"),
                cells: vec![Some(0.004), None],
            },
        ],
        missing: None,
        notes: vec![text_of("all validation samples have the class 0")],
        figures: vec![figure(
            "configurations",
            "accuracy of every combination of grown seeds",
        )],
    }
}

fn control() -> ControlView {
    ControlView {
        arms: vec![ArmView {
            name: text_of("host only"),
            runs: Some(5.0),
            mean: Some(0.7735),
            low: Some(0.7),
            high: Some(0.847),
        }],
        growth: vec![CauseView {
            against: text_of("host only"),
            runs: Some(5.0),
            mean: Some(0.044),
            low: Some(-0.017),
            high: Some(0.105),
            p: Some(0.125),
            least_p: Some(0.0625),
            effect: Some(0.89),
        }],
        slots: vec![SlotCauseView {
            slot: text_of("seed1_1"),
            grown_in: 4,
            of_runs: 5,
            pairs: None,
            mean: None,
            low: None,
            high: None,
            p: None,
            least_p: None,
            removal_cost: Some(0.016),
            gap: None,
            agreement: None,
            explanation: Some(text_of(
                "in 3 of 4 runs without it another slot grew in its place (seed2_1 in 3)",
            )),
        }],
        runs: Some(15.0),
        failures: vec![Pair {
            name: text_of("grown_8"),
            value: text_of("loss became NaN at epoch 1, batch 2"),
        }],
        notes: vec![text_of("5 pairs cannot give a p below 0.0625")],
        figures: vec![figure("causes", "what growth caused")],
    }
}

fn size_curve() -> SizeCurveView {
    let size = |width, parameters, accuracy: f64| SizeView {
        width,
        parameters,
        runs: Some(5.0),
        accuracy: Some(accuracy),
        low: Some(accuracy - 0.02),
        high: Some(accuracy + 0.02),
        difference: width.map(|_| 0.82 - accuracy),
    };
    SizeCurveView {
        sizes: vec![size(Some(16), 690.0, 0.61), size(Some(128), 50_306.0, 0.78)],
        grown: Some(size(None, 181_112.0, 0.82)),
        equivalent: text_of("No network is as accurate: see `size_curve.widths`."),
        worth: vec![measure(
            "params_efficiency_ratio",
            "accuracy by weights",
            Some(0.29),
            Shown::Number,
        )],
        notes: vec![text_of("host16, rng seed 42: a loss became NaN")],
        figures: vec![figure("size_curve", "accuracy by size")],
    }
}

fn sweep() -> SweepView {
    let trial = |number, value: Option<f64>| TrialView {
        number,
        values: vec![text_of("0.003"), text_of("a|b")],
        value,
        state: text_of(if value.is_some() { "done" } else { "failed" }),
    };
    SweepView {
        metric: text_of("best_acc"),
        shown: Shown::Percent,
        lower_is_better: false,
        varied: vec![text_of("train.lr"), text_of("train.host")],
        trials: vec![trial(2, Some(0.91)), trial(1, None)],
        figures: vec![figure("trials", "the trials, best first")],
    }
}

fn verdict() -> Verdict {
    Verdict {
        components: Components::new(),
        answers: vec![Answer {
            question: "Is morphogenesis winning?",
            finding: Finding::NotEnough,
            word: "not enough evidence",
            text: text_of("+4.00 percentage points, but 5 pairs leave it open."),
            evidence: vec![Evidence {
                what: text_of("growth against a host that learns on"),
                value: Some(0.04),
                unit: Unit::Accuracy,
                interval: Some([-0.019, 0.099]),
                over: Some(text_of("5 pairs of runs")),
                p: Some(0.125),
                least_p: Some(0.0625),
                file: text_of("results/control/metrics.json"),
                key: text_of("growth.against_host_continued.mean"),
            }],
        }],
    }
}

/// A report of which everything is there.
fn full() -> ReportView {
    let param = |key: &str, value: &str, default: Option<&str>| ParamView {
        section: text_of("train"),
        key: text_of(key),
        value: text_of(value),
        default: default.map(text_of),
        changed: default != Some(value),
    };
    let class = |class: &str| ClassView {
        class: text_of(class),
        rows: 1000,
    };
    ReportView {
        title: "Morphogenetic training".to_owned(),
        verdict: verdict(),
        provenance: Section::Success(ProvenanceView {
            kaslite_version: text_of("0.1.0"),
            commit: Some("0123456789abcdef0123456789abcdef01234567".to_owned()),
            branch: Some(text_of("main")),
            dirty: Some(true),
            changed_files: vec![text_of("params.yaml")],
            changed_total: Some(3),
            note: None,
        }),
        data: Section::Success(DataView {
            problem: text_of("spirals"),
            arguments: vec![Pair {
                name: text_of("noise"),
                value: text_of("0.25"),
            }],
            rows: 2000,
            features: ["x0", "x1", "x2"].map(text_of).to_vec(),
            classes: vec![class("0"), class("1")],
            path: text_of("data/spirals.parquet"),
            digest: Some("ab".repeat(32)),
        }),
        params: Section::Success(ParamsView {
            rows: vec![
                param("lr", "0.003", Some("0.003")),
                param("hidden_dim", "64", Some("128")),
            ],
        }),
        training: Section::Success(training()),
        counterfactual: Section::Success(counterfactual()),
        control: Section::Success(control()),
        size_curve: Section::Success(size_curve()),
        sweep: Section::Success(sweep()),
        files: Section::Success(FilesView {
            files: vec![FileView {
                path: text_of("results/train/epochs.parquet"),
                what: text_of("one row an epoch"),
                bytes: Some(6543),
                digest: Some("cd".repeat(32)),
            }],
        }),
        components: vec![disabled::<()>("sweep").component("sweep.trials")],
    }
}

fn rendered(view: &ReportView) -> String {
    render(TEMPLATE, NAME, view).unwrap()
}

/// What Markdown needs: blank lines around blocks, never two, and tables with even rows.
fn check_markdown(markdown: &str) {
    assert!(
        !markdown.contains("\n\n\n") && markdown.ends_with('\n'),
        "{markdown}"
    );
    assert!(
        !markdown.ends_with("\n\n") && markdown.starts_with("# "),
        "{markdown}"
    );
    let lines: Vec<_> = markdown.lines().collect();
    let columns = |line: &str| line.replace("\\|", "").matches('|').count();
    for (above, below) in lines.iter().zip(&lines[1..]) {
        assert_eq!(above.trim_end(), *above);
        if above.starts_with('|') && below.starts_with('|') {
            assert_eq!(columns(above), columns(below), "{above}\n{below}");
        } else if above.starts_with('|') || above.starts_with('#') {
            assert_eq!(*below, "", "after {above}");
        } else if below.starts_with('|') || below.starts_with('#') {
            assert_eq!(*above, "", "before {below}");
        }
    }
}

#[test]
fn a_full_report_is_clean_markdown() {
    let markdown = rendered(&full());
    check_markdown(&markdown);
    for expected in [
        "| git commit | `0123456789abcdef0123456789abcdef01234567` |",
        "| uncommitted changes | 3 |",
        "- and 2 more",
        "2000 samples of the problem `spirals` with 3 features\n(`x0`, `x1`, `x2`),",
        "| `train` | `hidden_dim` | **`64`** | `128` |",
        "| `best_acc` | 83.75 % | highest validation accuracy |",
        "| `recovery_time` | — | epochs until it recovered |",
        "![losses and accuracy over the epochs](<figures/learning_curve.svg>)",
        "| 57 | `seed1_1` | dormant | training |",
        "| `seed1_1` | +1.25 | -0.31 |",
        "| | `seed1_1` | `seed2_1` |\n|---|---:|---:|\n| `seed1_1` | — | +0.40 |\n| `seed2_1` | +0.40 | — |",
        "| growth against a host that learns on | +4.00 | -1.90 to +9.90 | 5 pairs of runs | 0.1250 (0.0625) | `results/control/metrics.json` |",
        "**1. Is morphogenesis winning?** *Not enough evidence.* +4.00 percentage points, but",
        "| none: the host alone | 82.50 % | 0.00 |",
        "| trial | `best_acc` | `train.lr` | `train.host` | state |",
        "| 1 | — | `0.003` | `a\\|b` | failed |",
        "- `seed1_1`: in 3 of 4 runs without it another slot grew in its place",
        "- `grown_8`: loss became NaN at epoch 1, batch 2",
        "| `results/train/epochs.parquet` | one row an epoch | 6.4 KiB | `cdcdcdcdcdcd` |",
    ] {
        assert!(markdown.contains(expected), "{expected}\n\n{markdown}");
    }
}

#[test]
fn what_is_missing_says_why() {
    let markdown = rendered(&empty());
    check_markdown(&markdown);
    let from = markdown.find("## Code").unwrap();
    insta::assert_snapshot!(markdown[from..].trim_end(), @r"
    ## Code

    *Not part of this report.* No stage made provenance. Add the stage `provenance`.

    ## Data

    *Not part of this report.* No stage made data. Add the stage `data`.

    ## Params

    *Not part of this report.* No stage made params. Add the stage `params`.

    ## Training

    **Could not be made.** The file `a_b` is damaged.

    ## Counterfactual: the network without its seeds

    *Not part of this report.* No stage made counterfactual. Add the stage `counterfactual`.

    ## Control: the network that never had its seeds

    *Not part of this report.* No stage made control. Add the stage `control`.

    ## Size: how large a network without growth would have to be

    *Not part of this report.* No stage made size\_curve. Add the stage `size_curve`.

    ## Sweep

    *Not part of this report.* No stage made sweep. Add the stage `sweep`.

    ## Files

    *Not part of this report.* No stage made files. Add the stage `files`.

    ## Components

    Every part of this report and every picture, whether it is there or not.

    | component | status | why | to enable |
    |---|---|---|---|
    | `files` | disabled | No stage made files. | Add the stage `files`. |
    ");
    assert!(markdown.starts_with("# Spirals \\| 1\n"));
}

#[test]
fn a_run_in_which_nothing_grew_says_so() {
    let mut view = full();
    view.training = Section::Success(TrainingView::default());
    view.counterfactual = Section::Success(CounterfactualView::default());
    view.params = Section::Success(ParamsView::default());
    let markdown = rendered(&view);
    check_markdown(&markdown);
    assert!(markdown.contains("No seed germinated: all of them stayed dormant."));
    assert!(markdown.contains("No seed had grown, so there was none to switch off."));
}

fn error(template: &str) -> String {
    render(template, "my.md.j2", &full())
        .unwrap_err()
        .to_string()
}

#[test]
fn errors_name_the_template_and_the_line() {
    let undefined = error("# {{ title }}\n\n{{ titel|text }}\n");
    assert!(
        undefined.starts_with("my.md.j2:3: undefined value"),
        "{undefined}"
    );
    assert!(error("a\n{{ data.rowz }}").starts_with("my.md.j2:2: "));
    assert!(error("{{ data.rowz|num(2) }}").starts_with("my.md.j2:1: "));
    assert!(error("a\n{% if %}").starts_with("my.md.j2:2: syntax error"));
    let no_number = error("{{ title|num(2) }}");
    assert!(no_number.contains("is no number"), "{no_number}");
}
