use crate::controller::{Action, Decision, Observation, SlotObservation};
use crate::error::NnError;
use crate::lifecycle::{Advance, AutoForward, LifeStage, Passage};
use crate::report::{Event, Moment};
use crate::seed::{Birth, Growth, SeedId};
use crate::training::{Adaptation, Session, TaskLearner, Validation};

/// What the learning rate of the warm-up is multiplied by.
pub(super) const LEARNING_RATE_FACTOR: f64 = 0.1;

impl Session<'_> {
    /// Every slot in which something may grow, as the controller sees it.
    pub(super) fn observation(
        &self,
        epoch: usize,
        validation: &Validation,
        health: &[(SeedId, Option<f64>)],
    ) -> Observation {
        let disabled = &self.config.disabled;
        let slots = self.network.seeds().zip(health);
        let slots = slots.filter(|(seed, _)| !disabled.contains(&seed.id()));
        Observation {
            epoch,
            loss: validation.loss,
            accuracy: validation.accuracy,
            slots: slots
                .map(|(seed, &(_, health))| SlotObservation::of(seed.life(), health))
                .collect(),
        }
    }

    /// Does what the controller decided.
    pub(super) fn carry_out(
        &mut self,
        epoch: usize,
        decision: &Decision,
        adaptation: &mut Adaptation,
    ) -> Result<(), NnError> {
        match decision.action {
            Action::Wait => Ok(()),
            Action::Germinate { slot, blueprint } => {
                let growth = self.growth(slot).map(|growth| Growth {
                    blueprint,
                    ..growth
                });
                match growth {
                    Some(growth) => self.germinate(epoch, slot, growth, decision, adaptation),
                    None => Ok(()),
                }
            }
            Action::Advance { slot } | Action::Fossilize { slot } => {
                let gates = &self.config.gates;
                let seed = self.network.seed_mut(slot);
                let advance = seed.map(|seed| seed.life_mut().advance(epoch, gates));
                if let Some(advance) = advance.transpose()? {
                    self.emit_advance(slot, advance);
                }
                Ok(())
            }
            Action::Prune { slot, reason } => {
                let epochs = self.config.prune_epochs;
                let Some(seed) = self.network.seed_mut(slot) else {
                    return Ok(());
                };
                let life = seed.life_mut();
                let passage = if life.holds_alpha() {
                    life.fade(epoch, reason, epochs)?
                } else {
                    Some(life.prune(epoch, reason)?)
                };
                if let Some(passage) = passage {
                    self.emit_passage(slot, passage);
                }
                self.settle(adaptation);
                Ok(())
            }
        }
    }

    /// What the epoch does to the slots by itself.
    pub(super) fn tick(
        &mut self,
        epoch: usize,
        adaptation: &mut Adaptation,
    ) -> Result<(), NnError> {
        let auto = AutoForward {
            g1: adaptation.by_itself(),
            ..AutoForward::default()
        };
        let (rest, gates) = (self.config.embargo_epochs, &self.config.gates);
        let mut ticks = Vec::new();
        for site in self.network.sites_mut() {
            for seed in site.seeds_mut() {
                let id = seed.id();
                ticks.push((id, seed.life_mut().tick(epoch, auto, rest, gates)?));
            }
        }
        for (slot, tick) in ticks {
            for advance in tick.advances {
                self.emit_advance(slot, advance);
            }
            for passage in tick.passages {
                self.emit_passage(slot, passage);
            }
        }
        self.settle(adaptation);
        Ok(())
    }

    /// Switches off, one at a time, every seed that shows and is not there for good, and notes
    /// what the accuracy is without it.
    pub(super) fn measure_contributions(&mut self, validation: &Validation) {
        let shows = |seed: &&crate::seed::Seed| {
            let gone = seed.alpha().is_some_and(|alpha| alpha > 0.0);
            gone && !seed.life().stage().is_terminal()
        };
        let shown: Vec<SeedId> = self
            .network
            .seeds()
            .filter(shows)
            .map(crate::seed::Seed::id)
            .collect();
        for id in shown {
            let without = self.accuracy_without(id);
            if let Some(seed) = self.network.seed_mut(id) {
                seed.life_mut()
                    .record_contribution(validation.accuracy, without);
            }
        }
    }

    /// Reports what a gate found, and where the seed went.
    pub(super) fn emit_advance(&mut self, slot: SeedId, advance: Advance) {
        let Advance { gate, passage } = advance;
        self.emit(&Event::GateAsked { slot, gate });
        if let Some(passage) = passage {
            self.emit_passage(slot, passage);
        }
    }

    fn emit_passage(&mut self, slot: SeedId, passage: Passage) {
        match passage.to {
            LifeStage::Germinated => self.moments.insert(Moment::Germination),
            LifeStage::Holding => self.moments.insert(Moment::Blended),
            LifeStage::Dormant
            | LifeStage::Training
            | LifeStage::Blending
            | LifeStage::Fossilized
            | LifeStage::Pruned
            | LifeStage::Embargoed
            | LifeStage::Resetting => false,
        };
        let (from, to) = (passage.from.state(), passage.to.state());
        self.emit(&Event::Passage { slot, passage });
        if from != to {
            self.emit(&Event::Transition {
                epoch: passage.epoch,
                seed: slot,
                from,
                to,
            });
        }
    }

    /// What germinates in a slot, as the configuration has it; none where there is no such slot.
    fn growth(&self, slot: SeedId) -> Option<Growth> {
        let place = self
            .network
            .host()
            .slots()
            .get(slot.layer.checked_sub(1)?)?;
        Some(Growth::new(self.config, place.dim, self.network.device()))
    }

    /// Germinates a seed. The task's optimiser starts anew, moments and schedule included.
    fn germinate(
        &mut self,
        epoch: usize,
        slot: SeedId,
        growth: Growth,
        decision: &Decision,
        adaptation: &mut Adaptation,
    ) -> Result<(), NnError> {
        let accuracy = decision.observation.accuracy;
        let birth = Birth {
            epoch,
            accuracy,
            host_weights: self.network.host().parameters().count(),
            config: self.config,
        };
        let Some(seed) = self.network.seed_mut(slot) else {
            return Ok(());
        };
        let advance = seed.germinate(growth, birth, &mut self.generator)?;
        self.emit_advance(slot, advance);
        let health = decision.reason.health();
        self.emit(&Event::Germination {
            epoch,
            seed: slot,
            health,
            accuracy,
        });
        adaptation.germinations.add(slot, epoch, accuracy);
        adaptation.learner = Some(TaskLearner::seeds(self.config.lr * LEARNING_RATE_FACTOR));
        Ok(())
    }

    /// The host begins to learn, or begins anew, where the configuration says so after this epoch: as
    /// the seeds do where one germinates.
    pub(super) fn restart_host(&self, epoch: usize, adaptation: &mut Adaptation) {
        if self.config.host_restarts.contains(&epoch) {
            let rate = self.config.lr * LEARNING_RATE_FACTOR;
            adaptation.learner = Some(TaskLearner::host(&self.network, rate));
        }
    }

    /// Drops what belonged to seeds that were removed: weights, and the moments of their steps.
    fn settle(&mut self, adaptation: &mut Adaptation) {
        for site in self.network.sites_mut() {
            for seed in site.seeds_mut() {
                if seed.settle() {
                    self.shadow.forget(seed.id());
                    if let Some(learner) = &mut adaptation.learner {
                        learner.forget(seed.id());
                    }
                }
            }
        }
    }
}
