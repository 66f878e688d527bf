//! The box from the events of a training, at two widths.

use crate::ui::monitor::course::Course;
use crate::ui::monitor::picture::{NARROWEST, picture};
use crate::ui::monitor::row::{Field, Row, cut};
use kaslite_engine::event::{Alert, Event};
use textwrap::core::display_width;

/// A training that has told this.
fn told(events: Vec<Event>) -> Course {
    let mut course = Course::new("train", Some("spirals_20260102_030405".to_owned()));
    for event in events {
        course.take(&event);
    }
    course
}

fn state(name: &str, step: u64, value: &str) -> Event {
    Event::State {
        stage: "train".to_owned(),
        name: name.to_owned(),
        step,
        value: value.to_owned(),
    }
}

fn alert(sign: &str, step: u64, over: bool) -> Event {
    Event::Warning {
        stage: Some("train".to_owned()),
        message: String::new(),
        alert: Some(Alert {
            sign: sign.to_owned(),
            step,
            over,
        }),
    }
}

/// An epoch of 100 that measured this.
fn epoch(step: u64, measured: &[(&str, f64)]) -> Vec<Event> {
    let metric = |(name, value): &(&str, f64)| Event::Metric {
        stage: "train".to_owned(),
        name: (*name).to_owned(),
        step,
        value: Some(*value),
    };
    let mut events: Vec<Event> = measured.iter().map(metric).collect();
    events.push(Event::Progress {
        stage: "train".to_owned(),
        done: step,
        total: 100,
        message: String::new(),
    });
    events
}

/// What every epoch of an adaptation measures.
const ADAPTATION: [(&str, f64); 8] = [
    ("loss.val", 0.5124),
    ("metric.accuracy.val", 0.672),
    ("metric.accuracy.best", 0.68),
    ("metric.accuracy.gain", 0.049),
    ("metric.accuracy.efficiency", 0.0049),
    ("metric.weights.ratio", 0.2304),
    ("health.stagnation", 3.0),
    ("health.seed_failures", 0.5),
];

fn warming_up() -> Vec<Event> {
    let measured = [
        ("loss.val", 0.69),
        ("metric.accuracy.val", 0.5),
        ("metric.accuracy.best", 0.5),
        ("health.stagnation", 0.0),
    ];
    let mut events = vec![state("phase", 1, "warm-up")];
    events.extend(epoch(1, &measured));
    events
}

/// One seed blends, one learns; some things go wrong.
fn blending() -> Vec<Event> {
    let mut events = warming_up();
    events.extend([
        state("phase", 41, "adaptation"),
        state("seed.seed1_2.stage", 44, "blending"),
        state("seed.seed2_1.stage", 45, "training"),
        alert("loss_spike", 44, false),
        alert("accuracy_drop", 44, false),
        alert("unsound_gradients", 45, false),
        alert("stagnation", 45, false),
        alert("accuracy_drop", 45, true),
    ]);
    events.extend(epoch(46, &[("seed.seed1_2.contribution", -0.004)]));
    let mut measured = ADAPTATION.to_vec();
    measured.extend([
        ("health.gradients.unsound", 0.04),
        ("seed.seed1_2.alpha", 0.4333),
    ]);
    events.extend(epoch(47, &measured));
    events
}

/// Both are there for good; all is well again.
fn ended() -> Vec<Event> {
    let mut events = blending();
    let is_over = |sign| alert(sign, 80, true);
    events.extend(["loss_spike", "unsound_gradients", "stagnation"].map(is_over));
    events.push(state("seed.seed1_2.stage", 90, "fossilized"));
    events.push(state("seed.seed2_1.stage", 99, "holding"));
    let mut measured = ADAPTATION.to_vec();
    measured.extend([
        ("metric.accuracy.gain", -0.011),
        ("seed.seed1_2.alpha", 1.0),
        ("seed.seed2_1.alpha", 1.0),
        ("seed.seed1_2.contribution", 0.012),
        ("seed.seed2_1.contribution", 0.1275),
    ]);
    events.extend(epoch(100, &measured));
    events
}

/// The box as it stands on a terminal without colours.
fn shown(events: Vec<Event>, columns: usize) -> String {
    let lines = picture(&told(events), columns).join("\n");
    anstream::adapter::strip_str(&lines).to_string()
}

/// On a terminal of 80 columns, and of 40.
fn at_both_widths(events: Vec<Event>) -> String {
    let wide = shown(events.clone(), 80);
    format!("{wide}\n\n{}", shown(events, 40))
}

#[test]
fn before_anything_is_measured() {
    insta::assert_snapshot!(at_both_widths(vec![state("phase", 1, "warm-up")]));
}

#[test]
fn while_the_host_warms_up_there_is_nothing_to_compare_with() {
    insta::assert_snapshot!(at_both_widths(warming_up()));
}

#[test]
fn a_seed_blends_and_there_are_alerts() {
    insta::assert_snapshot!(at_both_widths(blending()));
}

#[test]
fn after_the_last_epoch() {
    insta::assert_snapshot!(at_both_widths(ended()));
}

#[test]
fn every_line_is_as_wide_as_the_terminal_and_colours_take_no_room() {
    let courses = [Vec::new(), warming_up(), blending(), ended()].map(told);
    for course in &courses {
        for columns in NARROWEST..=80 {
            for line in picture(course, columns) {
                assert_ne!(line, anstream::adapter::strip_str(&line).to_string());
                assert_eq!(display_width(&line), columns, "{line}");
            }
        }
        assert_eq!(display_width(&picture(course, 300)[0]), 80);
        assert!(picture(course, NARROWEST - 1).is_empty());
    }
}

#[test]
fn many_slots_take_six_lines_and_those_that_went_on_last_have_them() {
    let mut events = Vec::new();
    for seed in 1..=9_u64 {
        let name = format!("seed.seed{seed}_1.stage");
        events.push(state(&name, 20 - seed, "blending"));
    }
    insta::assert_snapshot!(at_both_widths(events));
}

#[test]
fn an_empty_slot_is_gone_and_so_is_what_it_was_worth() {
    let mut events = blending();
    events.push(state("seed.seed1_2.stage", 50, "dormant"));
    assert!(!shown(events.clone(), 80).contains("seed1_2"));
    events.push(state("seed.seed1_2.stage", 60, "germinated"));
    assert!(shown(events, 80).contains("seed1_2  germinated  alpha 0.43  contribution - "));
}

#[test]
fn what_an_epoch_did_not_measure_is_not_shown_from_the_one_before() {
    let mut events = blending();
    events.extend(epoch(48, &[]));
    let shown = shown(events, 80);
    assert!(
        shown.contains("epoch 48 of 100") && shown.contains("alpha - "),
        "{shown}"
    );
    assert!(
        shown.contains("accuracy -  no host-only curve yet"),
        "{shown}"
    );
}

#[test]
fn half_an_epoch_is_not_shown() {
    let mut events = warming_up();
    events.extend(epoch(2, &ADAPTATION).into_iter().take(3));
    assert_eq!(shown(events, 80), shown(warming_up(), 80));
}

#[test]
fn a_row_says_as_much_as_fits_and_cuts_the_rest() {
    let field = |text: &str| Field::plain(text);
    let row = Row::of_fields(vec![
        [field("accuracy 67 %"), field("67 %")],
        [field("loss 0.5"), field("0.5")],
    ]);
    assert_eq!(row.fitted(25), "accuracy 67 %  loss 0.5  ");
    assert_eq!(row.fitted(22), format!("{:22}", "67 %  0.5"));
    assert_eq!(row.fitted(8), "67 %    ");
    assert_eq!(row.fitted(3), "67…");
    assert_eq!(cut("日本語", 5), "日本…", "wide letters count twice");
    assert_eq!(cut("日本語", 4), "日…");
    assert_eq!(cut("ab", 0), "");
}
