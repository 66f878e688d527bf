//! [`picture`]: where a training stands, as a box.

use crate::ui::monitor::course::{Course, Slot};
use crate::ui::monitor::row::{Field, Row, cut};
use crate::ui::terminal::{BAD, BOLD, BUSY, DIM, GOOD};
use textwrap::core::display_width;

/// Columns below which nothing can be read.
pub(super) const NARROWEST: usize = 24;
/// Columns beyond which nothing is gained.
const WIDEST: usize = 80;
/// The frame left and right of a line.
const FRAME: usize = 4;
/// The name of a line, with a space after it.
const LABEL: usize = 9;
/// Slots that have a line each.
const SLOTS: usize = 6;

/// The lines of the box, each exactly as wide as the terminal, or 80 columns where that is wider.
pub(super) fn picture(course: &Course, columns: usize) -> Vec<String> {
    if columns < NARROWEST {
        return Vec::new();
    }
    let width = columns.min(WIDEST);
    let inner = width - FRAME;
    let mut lines = vec![top(course, inner)];
    let mut line = |name: &str, row: &Row| {
        let name = cut(name, LABEL - 1);
        let gap = " ".repeat(LABEL - display_width(&name));
        let rest = row.fitted(inner - LABEL);
        lines.push(format!("{DIM}│ {name}{DIM:#}{gap}{rest} {DIM}│{DIM:#}"));
    };
    line("accuracy", &accuracy(course));
    line("growth", &growth(course));
    let (shown, others) = slots(course);
    for (seed, slot) in &shown {
        line(seed, &self::slot(course, seed, slot));
    }
    if let Some(others) = &others {
        line("seeds", others);
    }
    line("health", &health(course));
    line("alerts", &alerts(course));
    lines.push(format!("{DIM}╰{}╯{DIM:#}", "─".repeat(inner + 2)));
    lines
}

/// Which training it is, and how far.
fn top(course: &Course, inner: usize) -> String {
    let stage = course.stage.as_str();
    let named = course.run.as_ref().map(|run| format!("{stage}, {run}"));
    let named = named.as_deref().unwrap_or(stage);
    let phase = course.phase.as_deref().unwrap_or("-");
    let (long, short) = match course.epochs {
        Some((done, all)) => (
            format!("epoch {done} of {all}, {phase}"),
            format!("{done}/{all} {phase}"),
        ),
        None => (format!("epoch -, {phase}"), format!("- {phase}")),
    };
    let rule = |name: &str, far: &str| inner.checked_sub(display_width(name) + display_width(far));
    let wordings = [(named, &long), (stage, &long), (stage, &short)];
    let fits = |(name, far): &(&str, &String)| rule(name, far) >= Some(FRAME - 1);
    let (name, far) = wordings.into_iter().find(fits).unwrap_or((stage, &short));
    let name = cut(name, inner.saturating_sub(display_width(far) + FRAME - 1));
    let far = cut(far, inner.saturating_sub(display_width(&name) + FRAME - 1));
    let dashes = rule(&name, &far).unwrap_or_default().saturating_sub(2);
    let dashes = "─".repeat(dashes);
    format!("{DIM}╭{DIM:#} {BOLD}{name}{BOLD:#} {DIM}{dashes}{DIM:#} {far} {DIM}╮{DIM:#}")
}

fn accuracy(course: &Course) -> Row {
    let measured = course.number("metric.accuracy.val");
    let gain = match course.number("metric.accuracy.gain") {
        Some(gain) => {
            let style = if gain < 0.0 { BAD } else { GOOD };
            [
                Field::styled(format!("{} vs host-only", points(gain)), style),
                Field::styled(points(gain), style),
            ]
        }
        None => [
            Field::styled("no host-only curve yet", DIM),
            Field::styled("no host curve yet", DIM),
        ],
    };
    let share = |name: &str| or_dash(course.number(name), percent);
    let loss = or_dash(course.number("loss.val"), |loss| format!("{loss:.3}"));
    Row::of_fields(vec![
        same(or_dash(measured, percent)),
        gain,
        same(format!("best {}", share("metric.accuracy.best"))),
        same(format!("loss {loss}")),
    ])
}

fn growth(course: &Course) -> Row {
    let efficiency = match course.number("metric.accuracy.efficiency") {
        Some(gain) => {
            let gain = format!("{:+.2}", 100.0 * gain);
            both(
                format!("efficiency {gain} points/10,000 weights"),
                format!("eff. {gain}/10k"),
            )
        }
        None => both("efficiency -", "eff. -"),
    };
    let ratio = course.number("metric.weights.ratio");
    let ratio = or_dash(ratio, |ratio| format!("{ratio:.3}"));
    Row::of_fields(vec![
        efficiency,
        both(
            format!("grown/host weights {ratio}"),
            format!("ratio {ratio}"),
        ),
    ])
}

/// The slots that have a line, in the order in which they germinated, and how the others stand. Those
/// have one that went on last.
fn slots(course: &Course) -> (Vec<(&str, &Slot)>, Option<Row>) {
    let all = || {
        course
            .slots
            .iter()
            .map(|(seed, slot)| (seed.as_str(), slot))
    };
    if course.slots.is_empty() {
        let none = Field::styled("none has germinated", DIM);
        return (Vec::new(), Some(Row::of(vec![vec![none]])));
    }
    if course.slots.len() <= SLOTS {
        return (all().collect(), None);
    }
    let mut latest: Vec<(&str, &Slot)> = all().collect();
    latest.sort_by_key(|(_, slot)| std::cmp::Reverse(slot.since));
    let chosen: Vec<&str> = latest[..SLOTS - 1].iter().map(|(seed, _)| *seed).collect();
    let (shown, others): (Vec<_>, Vec<_>) = all().partition(|(seed, _)| chosen.contains(seed));
    let count = Field::styled(format!("and {} more", others.len()), DIM);
    (shown, Some(Row::of(vec![vec![count]])))
}

fn slot(course: &Course, seed: &str, slot: &Slot) -> Row {
    let alpha = or_dash(course.alpha(seed), |alpha| format!("{alpha:.2}"));
    let now = course.epochs.map(|(done, _)| done);
    let [long, short] = match slot.contribution {
        Some((worth, step)) if Some(step) == now => [
            format!("contribution {}", points(worth)),
            format!("{:+.1} pt", 100.0 * worth),
        ],
        Some((worth, step)) => [
            format!("contribution {} in epoch {step}", points(worth)),
            format!("{:+.1} pt", 100.0 * worth),
        ],
        None => ["contribution -".to_owned(), "-".to_owned()],
    };
    let stage = &slot.stage;
    Row::of_fields(vec![
        both(format!("{stage:<10}"), stage),
        both(format!("alpha {alpha:<4}"), format!("α {alpha}")),
        both(long, short),
    ])
}

fn health(course: &Course) -> Row {
    let share = |name: &str| {
        or_dash(course.number(name), |share| {
            format!("{:.0} %", 100.0 * share)
        })
    };
    let unsound = share("health.gradients.unsound");
    let stagnant = or_dash(course.number("health.stagnation"), |epochs| {
        format!("{epochs:.0}")
    });
    let removed = share("health.seed_failures");
    Row::of_fields(vec![
        both(
            format!("unsound gradients {unsound}"),
            format!("grads {unsound}"),
        ),
        both(
            format!("epochs stagnant {stagnant}"),
            format!("stagnant {stagnant}"),
        ),
        both(
            format!("seeds removed {removed}"),
            format!("removed {removed}"),
        ),
    ])
}

/// None is left out unsaid.
fn alerts(course: &Course) -> Row {
    if course.alerts.is_empty() {
        return Row::of(vec![vec![Field::styled("none", DIM)]]);
    }
    let said = |text: String| Field::styled(text, BUSY);
    let long = course.alerts.iter();
    let long = long.map(|(sign, since)| said(format!("{sign} since {since}")));
    let short: Vec<Field> = course
        .alerts
        .keys()
        .map(|sign| said(sign.clone()))
        .collect();
    let fewer = (0..short.len()).rev().map(|count| {
        let rest = short.len() - count;
        let more = if count == 0 {
            format!("{rest} at once")
        } else {
            format!("+{rest}")
        };
        let kept = short[..count].iter().cloned();
        kept.chain([said(more)]).collect()
    });
    let whole = [long.collect(), short.clone()];
    Row::of(whole.into_iter().chain(fewer).collect())
}

/// A long and a short wording.
fn both(long: impl Into<String>, short: impl Into<String>) -> [Field; 2] {
    [Field::plain(long), Field::plain(short)]
}

fn same(text: String) -> [Field; 2] {
    both(text.clone(), text)
}

fn or_dash(value: Option<f64>, text: impl Fn(f64) -> String) -> String {
    value.map_or_else(|| "-".to_owned(), text)
}

/// `67.2 %`
fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

/// `+4.9 points`: of a difference between shares.
fn points(difference: f64) -> String {
    format!("{:+.1} points", 100.0 * difference)
}
