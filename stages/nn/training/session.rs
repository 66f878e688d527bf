use std::collections::BTreeSet;

use kaslite_random::{DataLoader, TorchGenerator};
use tch::Tensor;

use crate::checkpoint::State;
use crate::config::Config;
use crate::dense::{self, DenseEpoch, Trigger, Watch, leakage};
use crate::error::{LossKind, NnError};
use crate::network::Network;
use crate::report::{EpochStats, Event, Moment, Observer, SeedStats};
use crate::seed::{Child, Seed, SeedId, SeedState};
use crate::training::task_learner::{CloseLook, Looks};
use crate::training::{
    At, BatchLog, Batches, GradientLog, Memory, ShadowTrainer, TaskLearner, TaskLoss, Trained,
    Validation,
};

/// One run under way: the network and all that both phases share.
pub(super) struct Session<'run> {
    pub(super) config: &'run Config,
    pub(super) network: Network,
    pub(super) batches: Batches,
    pub(super) generator: TorchGenerator,
    pub(super) memory: Memory,
    pub(super) shadow: ShadowTrainer,
    observer: &'run mut dyn Observer,
    cancelled: &'run dyn Fn() -> bool,
    best_accuracy: f64,
    watch: Watch,
    /// The batches of the epoch under way, or of the one that is over.
    log: BatchLog,
    /// What passed each slot on the validation rows that were computed last.
    pub(super) seen: Vec<Tensor>,
    /// What the epoch under way brought that seeds are switched off for, where somebody asks.
    pub(super) moments: BTreeSet<Moment>,
}

impl<'run> Session<'run> {
    pub(super) fn new(
        config: &'run Config,
        network: Network,
        batches: Batches,
        generator: TorchGenerator,
        observer: &'run mut dyn Observer,
        cancelled: &'run dyn Fn() -> bool,
    ) -> Self {
        let shadow = ShadowTrainer::new(config.rng_seed);
        let memory = Memory::new(&network, batches.train_features());
        let best_accuracy = 0.0;
        Self {
            config,
            network,
            batches,
            generator,
            memory,
            shadow,
            observer,
            cancelled,
            best_accuracy,
            watch: Watch::default(),
            log: BatchLog::default(),
            seen: Vec::new(),
            moments: BTreeSet::new(),
        }
    }

    pub(super) fn watch(&self) -> &Watch {
        &self.watch
    }

    /// Goes to where `state` was kept, but for what the phase under way keeps track of; whether it
    /// could, which it can where the state is of such a network.
    pub(super) fn restore(&mut self, state: &State) -> bool {
        let device = self.network.device();
        let mut host = self.network.host().parameters().flat().shallow_clone();
        if host.numel() != state.host.len() {
            return false;
        }
        host.copy_(&state.host.tensor(device));
        let dim = self.network.architecture().hidden_dim;
        let ids: Vec<SeedId> = self.network.seeds().map(Seed::id).collect();
        let seeds = state.seeds.iter().map(|record| record.seed(dim, device));
        let Some(seeds) = seeds.collect::<Option<Vec<_>>>() else {
            return false;
        };
        if !ids.into_iter().eq(seeds.iter().map(Seed::id)) {
            return false;
        }
        for seed in seeds {
            self.network.put(seed);
        }
        let rng_seed = self.config.rng_seed;
        self.generator = TorchGenerator::at(rng_seed, state.generator);
        self.memory.restore(state.buffers.as_deref(), device);
        self.best_accuracy = state.best_accuracy;
        self.watch = state.watch.clone();
        let shadow = ShadowTrainer::restored(rng_seed, &self.network, &state.shadow);
        let fits = shadow.is_some();
        self.shadow = shadow.unwrap_or_else(|| ShadowTrainer::new(rng_seed));
        fits
    }

    pub(super) fn best_accuracy(&self) -> f64 {
        self.best_accuracy
    }

    pub(super) fn into_network(self) -> Network {
        self.network
    }

    pub(super) fn emit(&mut self, event: &Event) {
        self.watch.note(event, &self.config.dense);
        self.observer.observe(event);
    }

    /// Whether `epoch`, which begins or goes on, is looked at closely.
    pub(super) fn is_dense(&self, epoch: usize) -> bool {
        self.watch.is_open(epoch, &self.config.dense)
    }

    /// Reports what is worth a close look in the epoch that is over, and what the look saw. Of one
    /// that was not looked at closely from its beginning it sees the batches' losses and accuracies.
    fn look(&mut self, stats: &EpochStats) {
        let (epoch, dense) = (stats.epoch, stats.dense);
        let (triggers, until) = self.watch.finish(stats, &self.config.dense);
        if dense || !triggers.is_empty() {
            self.show(epoch, triggers, until);
        }
        self.log = BatchLog::default();
        self.seen = Vec::new();
    }

    /// A loss is no number any more: reports how it came to that.
    pub(super) fn look_back(&mut self, epoch: usize, batch: usize) {
        let (triggers, until) = self.watch.fail(epoch, batch, &self.config.dense);
        self.show(epoch, triggers, until);
    }

    fn show(&mut self, epoch: usize, triggers: Vec<Trigger>, until: usize) {
        for trigger in triggers {
            self.emit(&Event::Triggered {
                epoch,
                trigger,
                until,
            });
        }
        let gradients = if self.log.is_whole() {
            dense::gradients(&self.network)
        } else {
            Vec::new()
        };
        let seen = DenseEpoch {
            epoch,
            batches: self.log.batches(),
            gradients,
            activations: dense::activations(&self.network, &self.seen),
            openness: dense::openness(&self.network, &self.seen),
        };
        self.emit(&Event::Dense { seen });
    }

    pub(super) fn check_cancelled(&self, epoch: usize) -> Result<(), NnError> {
        if (self.cancelled)() {
            Err(NnError::Cancelled { epoch })
        } else {
            Ok(())
        }
    }

    /// One pass over the training rows in a new order.
    pub(super) fn train_epoch(
        &mut self,
        learner: &mut TaskLearner,
        epoch: usize,
        by_itself: bool,
    ) -> Result<Trained, NnError> {
        let order = DataLoader::shuffled(self.batches.train_rows()).pass(&mut self.generator);
        let dense = self.is_dense(epoch);
        let (mut log, mut gradients) = (BatchLog::default(), GradientLog::default());
        let batches = self.batches.train(&order);
        let last = batches.len();
        for (batch, rows) in (1..).zip(batches) {
            self.check_cancelled(epoch)?;
            if batch == 1 {
                log.leakage = leakage(&self.network, &rows.features, &rows.labels);
            }
            let (pass, record) = self.network.forward_recorded(&rows.features);
            let loss = TaskLoss::new(&pass.logits, &rows.labels);
            self.memory.train(&self.network, pass.site_inputs);
            let looks = Looks {
                sample: GradientLog::samples(batch).then_some(&mut gradients),
                closely: dense.then(|| CloseLook {
                    batch,
                    frozen_host: self.config.dense.always
                        || BatchLog::wants_frozen_host(batch, last),
                    log: &mut log,
                }),
            };
            learner.learn(&self.network, record, &loss, looks);
            log.losses.push(batch, loss.value());
            log.answers.push(pass.logits, &rows.labels);
            let at = At {
                epoch,
                batch,
                by_itself,
                config: self.config,
            };
            self.grow(at, &mut gradients)?;
        }
        learner.finish_epoch();
        self.log = log;
        Ok(Trained {
            loss: self.check_losses(epoch)?,
            accuracy: self.log.answers.accuracy(),
            gradients,
            leakage: self.log.leakage,
        })
    }

    fn grow(&mut self, at: At<'_>, gradients: &mut GradientLog) -> Result<(), NnError> {
        let Self {
            shadow,
            network,
            memory,
            generator,
            ..
        } = self;
        for (seed, advance) in shadow.after_batch(at, network, memory, generator, gradients)? {
            self.emit_advance(seed, advance);
        }
        Ok(())
    }

    /// Counts an epoch for every slot, with what its gradients were.
    pub(super) fn record_epoch(&mut self, trained: &Trained, validation: &Validation) {
        let host_weights = self.network.host().parameters().count();
        let gradients = trained.gradients.seeds(host_weights);
        for site in self.network.sites_mut() {
            for seed in site.seeds_mut() {
                let found = gradients.get(&seed.id());
                let (norms, ratio) = found.map_or((&[][..], None), |found| {
                    (found.norms.as_slice(), found.ratio)
                });
                let life = seed.life_mut();
                life.record_epoch(validation.accuracy);
                life.record_gradients(norms, ratio);
            }
        }
    }

    fn check_losses(&mut self, epoch: usize) -> Result<Option<f64>, NnError> {
        let mean = self.log.losses.mean(LossKind::Training, epoch)?;
        for (seed, losses) in self.shadow.take_losses() {
            losses.mean(LossKind::Shadow(seed), epoch)?;
        }
        Ok(mean)
    }

    /// Health signal of every seed that is not yet active, in the order of the host.
    pub(super) fn health(&mut self) -> Vec<(SeedId, Option<f64>)> {
        let sites = self.network.sites().iter();
        let health = self.memory.health(&self.network);
        sites
            .zip(health)
            .flat_map(|(site, health)| {
                site.seeds().iter().map(move |seed| match seed.state() {
                    SeedState::Active => (seed.id(), None),
                    SeedState::Dormant | SeedState::Training | SeedState::Blending => {
                        (seed.id(), health)
                    }
                })
            })
            .collect()
    }

    /// Counts the epoch towards the best accuracy; the new best.
    pub(super) fn update_best(&mut self, validation: &Validation) -> f64 {
        self.best_accuracy = self.best_accuracy.max(validation.accuracy);
        self.best_accuracy
    }

    /// Reports an epoch that is over.
    pub(super) fn finish_epoch(
        &mut self,
        stats: EpochStats,
        validation: &Validation,
        health: &[(SeedId, Option<f64>)],
    ) {
        let warnings = self.drift_warnings(stats.epoch, validation);
        for warning in &warnings {
            self.emit(warning);
        }
        self.look(&stats);
        let seeds = self.seed_stats(validation, health);
        self.emit(&Event::EpochFinished { stats, seeds });
    }

    fn drift_warnings(&self, epoch: usize, validation: &Validation) -> Vec<Event> {
        let limit = self.config.drift_warn;
        let blending = self
            .network
            .seeds()
            .filter(|seed| seed.state() == SeedState::Blending);
        blending
            .filter_map(|seed| Some((seed.id(), *validation.drift.get(&seed.id())?)))
            .filter(|&(_, drift)| limit > 0.0 && drift > limit)
            .map(|(seed, drift)| Event::DriftWarning { epoch, seed, drift })
            .collect()
    }

    fn seed_stats(
        &self,
        validation: &Validation,
        health: &[(SeedId, Option<f64>)],
    ) -> Vec<SeedStats> {
        let of_seed = |(seed, &(_, health)): (&Seed, &(SeedId, Option<f64>))| SeedStats {
            seed: seed.id(),
            state: seed.state(),
            alpha: seed.alpha(),
            drift: validation.drift.get(&seed.id()).copied(),
            openness: validation.openness.get(&seed.id()).copied(),
            health,
            progress: seed.progress(),
            parameters: seed.child().map_or(0, Child::count),
            life: seed.life().clone(),
        };
        self.network.seeds().zip(health).map(of_seed).collect()
    }
}
