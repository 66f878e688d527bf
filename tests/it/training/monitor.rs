//! The box on a terminal while a training runs.

use crate::support::{Screen, Space};
use crate::training::project::small;
use regex::Regex;

/// A training that goes on until it is interrupted; its seeds germinate early.
fn endless() -> Space {
    let space = small();
    space.edit(
        "params.yaml",
        "adaptation_epochs: 30",
        "adaptation_epochs: 30000",
    );
    space.kaslite("repro generate_data").ok();
    space
}

/// The epoch in the box, where all of it is on the screen.
fn epoch(lines: &[String]) -> Option<u32> {
    let top = lines.iter().position(|line| line.starts_with('╭'))?;
    let whole = lines[top..].iter().any(|line| line.starts_with('╰'));
    let found = Regex::new("([0-9]+)(/| of )30012,? adaptation").expect("a sound pattern");
    let found = found.captures(&lines[top]).filter(|_| whole)?;
    found[1].parse().ok()
}

/// Shown, told anew, and gone in the end; on the way, no line is wrapped.
fn looked_at(space: &Space, columns: u16) -> (Vec<String>, String) {
    let mut screen = Screen::start(space, columns, "repro train");
    let has_seed = |lines: &[String]| {
        lines
            .iter()
            .any(|line| line.contains("α ") || line.contains("alpha "))
    };
    let early = screen.wait_for("a seed in the box", |lines| {
        epoch(lines).is_some() && has_seed(lines)
    });
    let later = screen.wait_for("a later epoch", |lines| epoch(lines) > epoch(&early));
    for lines in [&early, &later] {
        let begin = lines.iter().position(|line| line.starts_with('╭'));
        let end = lines.iter().position(|line| line.starts_with('╰'));
        let lines = &lines[begin.expect("a box")..=end.expect("a box")];
        assert!(lines.len() >= 7, "{lines:#?}");
        for line in lines {
            assert_eq!(line.chars().count(), usize::from(columns), "{line}");
        }
    }
    screen.interrupt();
    assert_eq!(screen.wait().code(), Some(130));
    let last = screen.lines().join("\n");
    assert!(last.contains("train: not done"), "{last}");
    for gone in ['╭', '│', '╰', '━'] {
        assert!(!last.contains(gone), "{last}");
    }
    (later, screen.raw())
}

#[test]
fn the_box_shows_how_a_training_goes_and_leaves_nothing_behind() {
    let space = endless();
    let (lines, raw) = looked_at(&space, 80);
    let run = &space.records()[1];
    let text = lines.join("\n");
    assert!(text.contains(&format!("╭ train, {run} ─")), "{text}");
    for part in [
        "points vs host-only",
        "grown/host weights ",
        "contribution ",
        "alerts",
    ] {
        assert!(text.contains(part), "no `{part}`:\n{text}");
    }
    assert!(raw.contains("\u{1b}[2m╰"), "the frame is dim");
}

#[test]
fn a_narrow_terminal_shows_less_and_no_color_is_heard() {
    let mut space = endless();
    space.set("NO_COLOR", "1");
    let (lines, raw) = looked_at(&space, 40);
    let text = lines.join("\n");
    assert!(
        text.contains(" points ") && !text.contains("host-only"),
        "{text}"
    );
    let colours = Regex::new("\u{1b}\\[[0-9;]*m").expect("a sound pattern");
    let found = colours.find(&raw).map(|found| found.as_str().to_owned());
    assert_eq!(found, None, "colours");
}

#[test]
fn trials_and_quiet_runs_and_pipes_have_no_box() {
    let space = small();
    for line in ["repro train -q", "repro sweep"] {
        let mut screen = Screen::start(&space, 80, line);
        assert!(screen.wait().success(), "{:#?}", screen.lines());
        assert!(!screen.raw().contains('╭'), "{line}: {}", screen.raw());
    }
    let piped = space.kaslite("repro train -f").ok();
    piped.says("train: done").never_says("╭");
}

#[test]
fn of_two_trainings_at_once_one_has_the_box_and_each_a_bar() {
    let space = endless();
    let again = "  again:
    uses: train
    deps: [\"data/${data.problem_type}.parquet\"]
    params: [train, seeds, telemetry]
    outs: [results/again/]
  counterfactual:
";
    space.edit("pipeline.yaml", "  counterfactual:\n", again);
    let mut screen = Screen::start(&space, 80, "repro train again -j 2");
    let bar_of = |lines: &[String], stage: &str| {
        let is_bar = |line: &&String| line.contains('━') || line.contains("/30012");
        let mut bars = lines.iter().filter(is_bar);
        bars.any(|line| line.contains(&format!(" {stage} ")) && !line.contains('╭'))
    };
    let lines = screen.wait_for("two bars under a box", |lines| {
        epoch(lines).is_some() && bar_of(lines, "train") && bar_of(lines, "again")
    });
    let boxes = lines.iter().filter(|line| line.starts_with('╭'));
    assert_eq!(boxes.count(), 1, "{lines:#?}");
    screen.interrupt();
    assert_eq!(screen.wait().code(), Some(130));
    assert!(!screen.lines().concat().contains('╭'));
}
