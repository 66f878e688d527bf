use std::collections::BTreeMap;

use kaslite_engine::registry::StageError;
use kaslite_nn::{Answers, Configuration, GrownSeed, Reading, SeedState};

use crate::counterfactual::evaluator::Evaluator;
use crate::counterfactual::finding::{Finding, Findings};
use crate::counterfactual::game::Game;
use crate::counterfactual::measured::{Evaluated, Measured};
use crate::counterfactual::per_sample::{PerSample, losses, right};
use crate::counterfactual::quantity::Quantity;
use crate::counterfactual::sampling::{Round, Sampling};
use crate::counterfactual::section::CounterfactualSection;

/// What switching the grown seeds on and off has shown.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Study {
    pub(super) seeds: Vec<GrownSeed>,
    /// Orders of seeds that were drawn; none where all configurations were evaluated.
    pub(super) orders: Option<usize>,
    pub(super) as_trained: Evaluated,
    /// With every blend forced to its end; empty where nothing blends, since it would be the same.
    /// Where orders were drawn, of the first configurations only.
    pub(super) forced: Evaluated,
    /// Shares of the accuracy, a difference of shares of 1.
    pub(super) accuracy: Findings,
    /// Shares of the loss in nats; who helps has one below 0.
    pub(super) loss: Findings,
}

impl Study {
    /// Evaluates all configurations, or as many as it takes where there are too many seeds.
    ///
    /// # Errors
    /// `interrupted`; a model that cannot be evaluated.
    pub(super) fn make(
        evaluator: &Evaluator<'_, '_>,
        section: &CounterfactualSection,
    ) -> Result<Self, StageError> {
        let seeds = evaluator.model.grown_seeds();
        let count = seeds.len();
        let exact = count <= section.exact_seeds;
        let (first, quantities) = if exact {
            (Configuration::every(count).collect(), all_quantities(count))
        } else {
            (plain_configurations(count), plain_quantities(count))
        };
        let blends = |seed: &GrownSeed| seed.state == SeedState::Blending;
        let mut study = Self {
            orders: (!exact).then_some(0),
            as_trained: Evaluated::new(),
            forced: Evaluated::new(),
            accuracy: Findings::default(),
            loss: Findings::default(),
            seeds,
        };
        let sums = study.evaluate(evaluator, &first, &quantities)?;
        if study.seeds.iter().any(blends) {
            let forced = evaluator.evaluate(&first, Reading::Forced, &mut |_| {})?;
            study.forced = first.iter().copied().zip(forced).collect();
        }
        if study.not_a_number().is_some() {
            return Ok(study);
        }
        [study.accuracy, study.loss] = study.findings(&quantities, &sums, section);
        if !exact {
            study.sample(evaluator, section)?;
        }
        Ok(study)
    }

    /// The first configuration whose loss is no number: nothing follows from the rest then.
    pub(super) fn not_a_number(&self) -> Option<Configuration> {
        let mut evaluated = self.as_trained.iter();
        evaluated.find_map(|(one, measured)| measured.loss().is_none().then_some(*one))
    }

    /// Whether every configuration was evaluated.
    pub(super) fn is_exact(&self) -> bool {
        self.orders.is_none()
    }

    /// The seeds as players for accuracy and for loss; none unless all configurations have values.
    pub(super) fn games(&self) -> Option<[Game; 2]> {
        let known = self.is_exact() && self.not_a_number().is_none();
        let measures = [Measured::accuracy, Measured::loss];
        known.then(|| {
            measures.map(|measure| {
                let value = |one| self.as_trained.get(&one).and_then(measure);
                Game::new(self.seeds.len(), |one| value(one).unwrap_or(f64::NAN))
            })
        })
    }

    /// What each sample says of the quantities by itself, for accuracy and for loss.
    fn evaluate(
        &mut self,
        evaluator: &Evaluator<'_, '_>,
        configurations: &[Configuration],
        quantities: &[Quantity],
    ) -> Result<[PerSample; 2], StageError> {
        let seeds = self.seeds.len();
        let empty = PerSample::new(quantities.len(), evaluator.rows.rows());
        let mut sums = [empty.clone(), empty];
        let mut each = |answers: &Answers| {
            for (at, quantity) in quantities.iter().enumerate() {
                let weight = quantity.weight(configurations[answers.at], seeds);
                add(&mut sums, at, weight, answers);
            }
        };
        let measured = evaluator.evaluate(configurations, Reading::AsTrained, &mut each)?;
        self.as_trained
            .extend(configurations.iter().copied().zip(measured));
        Ok(sums)
    }

    fn findings(
        &self,
        quantities: &[Quantity],
        sums: &[PerSample; 2],
        section: &CounterfactualSection,
    ) -> [Findings; 2] {
        let seeds = self.seeds.len();
        let measures = [Measured::accuracy, Measured::loss];
        std::array::from_fn(|which| {
            let value = |quantity: &Quantity| {
                let evaluated = self.as_trained.iter();
                let known = evaluated.filter_map(|(one, measured)| {
                    let value = measures[which](measured)?;
                    Some((*one, value))
                });
                quantity.of(seeds, known)
            };
            let intervals = sums[which].intervals(section.resamples, section.rng_seed);
            let findings = quantities.iter().zip(intervals);
            let finding = |(quantity, interval): (&Quantity, _)| Finding {
                quantity: *quantity,
                value: value(quantity),
                interval,
                standard_error: None,
            };
            Findings::new(findings.map(finding).collect())
        })
    }

    /// The Shapley values from a sample of orders.
    fn sample(
        &mut self,
        evaluator: &Evaluator<'_, '_>,
        section: &CounterfactualSection,
    ) -> Result<(), StageError> {
        let seeds = self.seeds.len();
        let empty = PerSample::new(seeds, evaluator.rows.rows());
        let mut sums = [empty.clone(), empty];
        let mut sampling = Sampling::new(seeds, section.budget());
        let mut failed = false;
        sampling.draw(|round: &Round| -> Result<_, StageError> {
            let configurations: Vec<Configuration> = round.keys().copied().collect();
            let mut each = |answers: &Answers| {
                for (seed, weight) in &round[&configurations[answers.at]] {
                    add(&mut sums, *seed, *weight, answers);
                }
            };
            let measured = evaluator.evaluate(&configurations, Reading::AsTrained, &mut each)?;
            let mut values = BTreeMap::new();
            for (configuration, measured) in configurations.into_iter().zip(measured) {
                let known = measured.accuracy().zip(measured.loss());
                failed |= known.is_none();
                let (accuracy, loss) = known.unwrap_or((f64::NAN, f64::NAN));
                values.insert(configuration, [accuracy, loss]);
                self.as_trained.insert(configuration, measured);
            }
            Ok((!failed).then_some(values))
        })?;
        self.orders = Some(sampling.orders());
        if failed {
            [self.accuracy, self.loss] = [Findings::default(), Findings::default()];
            return Ok(());
        }
        let found = sampling.values();
        for (which, findings) in [&mut self.accuracy, &mut self.loss].into_iter().enumerate() {
            sums[which].divide(sampling.orders() as f64);
            let intervals = sums[which].intervals(section.resamples, section.rng_seed);
            findings.extend((0..seeds).map(|seed| Finding {
                quantity: Quantity::Shapley(seed),
                value: found[which][seed].value,
                interval: intervals[seed],
                standard_error: Some(found[which][seed].standard_error),
            }));
        }
        Ok(())
    }
}

fn add(sums: &mut [PerSample; 2], quantity: usize, weight: f64, answers: &Answers) {
    if weight != 0.0 {
        let [accuracy, loss] = sums;
        accuracy.add(quantity, weight, answers.first_row, right(answers));
        loss.add(quantity, weight, answers.first_row, losses(answers));
    }
}

/// What follows from the configurations with all seeds, none, one alone, and all but one.
fn plain_quantities(seeds: usize) -> Vec<Quantity> {
    let of_seeds = (0..seeds).flat_map(|seed| [Quantity::RemovalCost(seed), Quantity::Solo(seed)]);
    std::iter::once(Quantity::Gain).chain(of_seeds).collect()
}

fn plain_configurations(seeds: usize) -> Vec<Configuration> {
    let all = Configuration::all(seeds);
    let of_seeds = (0..seeds).flat_map(|seed| [Configuration::only(seed), all.without(seed)]);
    [Configuration::NONE, all]
        .into_iter()
        .chain(of_seeds)
        .collect()
}

/// What follows from all configurations.
fn all_quantities(seeds: usize) -> Vec<Quantity> {
    let of_seeds = (0..seeds).flat_map(|seed| [Quantity::Shapley(seed), Quantity::Marginal(seed)]);
    let pairs = (0..seeds)
        .flat_map(|one| (one + 1..seeds).map(move |other| Quantity::Interaction(one, other)));
    let plain = plain_quantities(seeds).into_iter();
    plain.chain(of_seeds).chain(pairs).collect()
}
