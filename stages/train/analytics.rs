use std::collections::BTreeMap;

use kaslite_nn::{EpochStats, Event, GradientHealth, LifeStage, Phase, SeedId, SeedStats};

use crate::train::sign::Sign;

/// Epochs of learning without improvement above which a run stagnates.
const MOST_STAGNANT: usize = 20;
/// Share of the seeds above which too many are removed.
const MOST_FAILURES: f64 = 0.8;
/// Below so many seeds, a single one would cross that line.
const FEWEST_SEEDS: usize = 5;
/// Below this, the gradients of a seed are not sound, as for its gates.
const LEAST_HEALTH: f64 = 0.7;
/// The weights that an efficiency is told for.
const WEIGHTS: f64 = 10_000.0;

/// How a run goes, from what it tells anyway: numbers at the end of each epoch, and the signs of trouble
/// as they begin and end.
#[derive(Debug, Default)]
pub(super) struct Analytics {
    /// The numbers of the last epoch.
    pub(super) vitals: Vitals,
    /// Accuracy of the host alone. It is frozen while seeds grow: without them, a run stays where its
    /// warm-up ended, or where it began if it had none.
    host: Option<f64>,
    /// The best validation accuracy and loss.
    best: Option<(f64, f64)>,
    germinated: usize,
    pruned: usize,
    /// What goes wrong, with the last epoch in which it did.
    open: BTreeMap<Sign, usize>,
}

/// The numbers of an epoch; none where they were not measured.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Vitals {
    /// What the accuracy is above that of the host alone.
    pub(super) gain: Option<f64>,
    /// The gain for each 10,000 weights that seeds have added.
    pub(super) efficiency: Option<f64>,
    /// The weights that seeds have added, for each weight of the host; told where the gain is.
    pub(super) ratio: Option<f64>,
    /// Share of the tensors of a seed whose gradient vanishes, explodes or is not finite: mean over the
    /// seeds that learnt.
    pub(super) unsound: Option<f64>,
    /// Epochs in which the network learnt since the validation loss or accuracy was last better.
    pub(super) stagnant: usize,
    /// Share of the seeds that germinated that were removed.
    pub(super) failures: Option<f64>,
}

/// A sign of trouble begins or ends.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Notice {
    pub(super) epoch: usize,
    pub(super) sign: Sign,
    /// What was measured; none where it is over.
    pub(super) what: Option<String>,
}

impl Analytics {
    /// Takes in what happened; the signs that begin or end with it.
    pub(super) fn observe(&mut self, event: &Event) -> Vec<Notice> {
        match event {
            Event::Initial { accuracy, .. } => self.host = Some(*accuracy),
            Event::Passage { passage, .. } => {
                self.germinated += usize::from(passage.to == LifeStage::Germinated);
                self.pruned += usize::from(passage.to == LifeStage::Pruned);
            }
            Event::Triggered { epoch, trigger, .. } => {
                let sign = Sign::of(*trigger);
                let begins = sign.and_then(|sign| self.seen(*epoch, sign, trigger.to_string()));
                return begins.into_iter().collect();
            }
            Event::EpochFinished { stats, seeds } => return self.finish_epoch(stats, seeds),
            Event::PhaseStarted { .. }
            | Event::Transition { .. }
            | Event::GateAsked { .. }
            | Event::Decided { .. }
            | Event::Germination { .. }
            | Event::Dense { .. }
            | Event::Matrix { .. }
            | Event::DriftWarning { .. } => {}
        }
        Vec::new()
    }

    fn finish_epoch(&mut self, stats: &EpochStats, seeds: &[SeedStats]) -> Vec<Notice> {
        let measured: Vec<(SeedId, GradientHealth)> = seeds.iter().filter_map(gradients).collect();
        self.measure(stats, seeds, &measured);
        let mut notices = Vec::new();
        let stagnant = self.vitals.stagnant;
        if stagnant > MOST_STAGNANT {
            let what = format!(
                "learns for {stagnant} epochs without a better validation loss or accuracy"
            );
            notices.extend(self.seen(stats.epoch, Sign::Stagnation, what));
        }
        let failures = self.vitals.failures.unwrap_or(0.0);
        if failures > MOST_FAILURES && self.germinated >= FEWEST_SEEDS {
            let what = format!(
                "{} of the {} seeds that germinated were removed",
                self.pruned, self.germinated
            );
            notices.extend(self.seen(stats.epoch, Sign::SeedFailures, what));
        }
        let worst = measured
            .iter()
            .min_by(|one, other| one.1.health.total_cmp(&other.1.health));
        if let Some((seed, worst)) = worst.filter(|(_, found)| found.health < LEAST_HEALTH) {
            let (vanish, explode) = (100.0 * worst.vanishing, 100.0 * worst.exploding);
            let what = format!(
                "of the gradients of {seed}, {vanish:.0} % vanish and {explode:.0} % explode"
            );
            notices.extend(self.seen(stats.epoch, Sign::UnsoundGradients, what));
        }
        notices.extend(self.ended(stats.epoch));
        notices
    }

    fn measure(
        &mut self,
        stats: &EpochStats,
        seeds: &[SeedStats],
        measured: &[(SeedId, GradientHealth)],
    ) {
        let gain = match stats.phase {
            Phase::WarmUp => {
                self.host = Some(stats.val_accuracy);
                None
            }
            Phase::Adaptation => self.host.map(|host| stats.val_accuracy - host),
        };
        let here = seeds.iter().filter(|seed| seed.life.stage().holds_seed());
        let added: usize = here.map(|seed| seed.parameters).sum();
        let efficiency = gain.filter(|_| added > 0);
        let unsound = measured
            .iter()
            .map(|(_, one)| one.vanishing + one.exploding);
        let ratio = |part: f64, whole: usize| (whole > 0).then(|| part / whole as f64);
        let of_host = ratio(added as f64, stats.host_parameters);
        self.vitals = Vitals {
            gain,
            efficiency: efficiency.map(|gain| gain * WEIGHTS / added as f64),
            ratio: gain.and(of_host),
            unsound: ratio(unsound.sum(), measured.len()),
            stagnant: self.stagnant(stats),
            failures: ratio(self.pruned as f64, self.germinated),
        };
    }

    /// An epoch in which nothing learnt cannot be better, and is not counted.
    fn stagnant(&mut self, stats: &EpochStats) -> usize {
        let (accuracy, loss) = (stats.val_accuracy, stats.val_loss);
        let (highest, lowest) = self.best.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
        self.best = Some((highest.max(accuracy), lowest.min(loss)));
        if accuracy > highest || loss < lowest {
            return 0;
        }
        self.vitals.stagnant + usize::from(stats.train_loss.is_some())
    }

    /// The sign shows in this epoch; told where it did not show before.
    fn seen(&mut self, epoch: usize, sign: Sign, what: String) -> Option<Notice> {
        let before = self.open.insert(sign, epoch);
        before.is_none().then_some(Notice {
            epoch,
            sign,
            what: Some(what),
        })
    }

    /// The signs that did not show in this epoch any more.
    fn ended(&mut self, epoch: usize) -> Vec<Notice> {
        let (open, ended) = std::mem::take(&mut self.open)
            .into_iter()
            .partition(|&(_, last)| last == epoch);
        self.open = open;
        let ended: BTreeMap<Sign, usize> = ended;
        let notice = |sign| Notice {
            epoch,
            sign,
            what: None,
        };
        ended.into_keys().map(notice).collect()
    }
}

/// How sound the gradients of the seed were, where they were measured in this epoch.
fn gradients(seed: &SeedStats) -> Option<(SeedId, GradientHealth)> {
    let here = seed.life.seed().filter(|_| seed.life.stage().holds_seed());
    Some((seed.seed, here?.metrics().gradient_health?))
}
