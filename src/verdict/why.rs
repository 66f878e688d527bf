use crate::verdict::answer::{Answer, Evidence, Finding, points};
use crate::verdict::basis::Basis;
use crate::verdict::found::Found;
use crate::verdict::question::Question;

/// Why is it winning?
pub(super) fn why(basis: &Basis<'_>) -> Answer {
    let Some(counterfactual) = &basis.counterfactual else {
        return basis.not_measured(Question::WHY, "counterfactual");
    };
    if let Some(reason) = counterfactual.text("attribution.reason") {
        let text = format!("Nothing can be shared out: {reason}.");
        return Question::WHY.answer(Finding::NotMeasured, text, Vec::new());
    }
    let shares = shares(counterfactual);
    let mut told = vec![of_shares(&shares)];
    let caveat = counterfactual.text("attribution.caveat");
    let other = basis.differs("counterfactual");
    let against: Vec<String> = other.into_iter().chain(caveat).collect();
    told.extend(against.iter().map(|text| format!("But {text}.")));
    let causes = Causes::of(basis);
    told.push(causes.text);
    let finding = if causes.is_sure && against.is_empty() {
        Finding::Yes
    } else {
        Finding::NotEnough
    };
    let evidence = shares.into_iter().chain(causes.evidence).collect();
    Question::WHY.answer(finding, told.join(" "), evidence)
}

/// Each seed's share of the gain, the largest first.
fn shares(counterfactual: &Found<'_>) -> Vec<Evidence> {
    let seeds = counterfactual.names("contributions").into_iter();
    let share = |seed: String| {
        let key = |of: &str| format!("contributions.{seed}.{of}");
        let ends = [key("shapley_low"), key("shapley_high")];
        let what = format!("Shapley value of {seed}");
        let one = counterfactual.evidence(what, &key("shapley"), [&ends[0], &ends[1]])?;
        Some(Evidence {
            over: one.interval.map(|_| "validation samples".to_owned()),
            ..one
        })
    };
    let mut shares: Vec<Evidence> = seeds.filter_map(share).collect();
    let value = |one: &Evidence| one.value.unwrap_or_default();
    shares.sort_by(|one, other| value(other).total_cmp(&value(one)));
    shares
}

fn of_shares(shares: &[Evidence]) -> String {
    let is_sure = |one: &&Evidence| one.side_of_interval() == Finding::Yes;
    let sure = shares.iter().filter(is_sure).count();
    let largest = shares.first().map_or(String::new(), |one| {
        let (what, share) = (&one.what, one.shown());
        format!("; the largest is the {what} with {share} percentage points")
    });
    let seeds = shares.len();
    format!("Of {seeds} grown seeds, {sure} have a share whose interval lies above 0{largest}.")
}

/// What single slots caused, by runs without them.
struct Causes {
    text: String,
    evidence: Vec<Evidence>,
    /// Whether one of them surely caused a gain that switching it off tells of, too.
    is_sure: bool,
}

impl Causes {
    fn of(basis: &Basis<'_>) -> Self {
        let nothing = |why: &str| Self {
            text: format!(
                "A share is what switching a seed off costs the network that was trained with it, \
                 not what it caused: {why}."
            ),
            evidence: Vec::new(),
            is_sure: false,
        };
        let Some(control) = &basis.control else {
            return nothing(&basis.lacks("control"));
        };
        if let Some(other) = basis.differs("control") {
            return nothing(&format!("the runs without it are of another one: {other}"));
        }
        let slots = control.names("slots").into_iter();
        let cause = |slot: String| {
            let cause = control.pairs(
                &format!("caused by {slot}"),
                &format!("slots.{slot}.causal"),
            )?;
            Some((slot, cause))
        };
        let causes: Vec<(String, Evidence)> = slots.filter_map(cause).collect();
        if causes.is_empty() {
            return nothing("there are no control runs without single slots (`control.lesions`)");
        }
        let sure = causes
            .iter()
            .filter(|(_, cause)| cause.side() == Finding::Yes);
        let sure: Vec<&str> = sure.map(|(slot, _)| slot.as_str()).collect();
        let (unreliable, reliable): (Vec<&str>, Vec<&str>) =
            sure.iter().partition(|slot| is_unreliable(control, slot));
        Self {
            text: told(&causes, &reliable, &unreliable),
            is_sure: !reliable.is_empty(),
            evidence: causes.into_iter().map(|(_, cause)| cause).collect(),
        }
    }
}

fn is_unreliable(control: &Found<'_>, slot: &str) -> bool {
    let agreement = control.text(&format!("slots.{slot}.agreement"));
    agreement.as_deref() == Some("unreliable")
}

fn told(causes: &[(String, Evidence)], reliable: &[&str], unreliable: &[&str]) -> String {
    let mut text = if reliable.is_empty() && unreliable.is_empty() {
        let most = causes
            .iter()
            .max_by(|(_, one), (_, other)| {
                one.value
                    .unwrap_or_default()
                    .total_cmp(&other.value.unwrap_or_default())
            })
            .map_or(String::new(), |(slot, cause)| {
                let value = cause.value.map(points).unwrap_or_default();
                format!(": the largest cause is that of {slot} with {value}")
            });
        format!(
            "What switching a seed off costs is not what it caused, and by runs without it from \
             the start no slot surely caused a gain{most}."
        )
    } else {
        let all = [reliable, unreliable].concat().join(", ");
        format!("By runs without it from the start a gain was surely caused by {all}.")
    };
    if !unreliable.is_empty() {
        let slots = unreliable.join(", ");
        text = format!("{text} But the share of {slots} is far from what it caused.");
    }
    text
}
