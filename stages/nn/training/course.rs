use std::mem;

use crate::checkpoint::{Checkpoint, Floats, Keeper, Next, State};
use crate::error::NnError;
use crate::report::{Event, GerminationRecord, Phase};
use crate::training::{Adaptation, Session, TaskLearner};

/// How far a run is: the epochs behind it, and what the phase under way keeps track of.
pub(super) struct Course {
    /// Epochs that are over.
    epoch: usize,
    phase: Under,
    /// Loss and accuracy of the last one; none before the first.
    pub(super) validation: Option<(f64, f64)>,
}

enum Under {
    /// Nothing has begun.
    Nothing,
    WarmUp(TaskLearner),
    Adaptation(Box<Adaptation>),
}

impl Course {
    /// Before the first epoch.
    pub(super) fn start() -> Self {
        Self {
            epoch: 0,
            phase: Under::Nothing,
            validation: None,
        }
    }

    /// Where `state` was kept; `session` goes there, too.
    pub(super) fn restored(session: &mut Session<'_>, state: &State) -> Result<Self, NnError> {
        let fits = session.restore(state);
        let network = &session.network;
        let phase = match (&state.warm_up, &state.adaptation) {
            (Some(learner), None) => TaskLearner::restored(network, learner).map(Under::WarmUp),
            (None, Some(adaptation)) => {
                Adaptation::restored(network, adaptation).map(|it| Under::Adaptation(Box::new(it)))
            }
            (None, None) | (Some(_), Some(_)) => None,
        };
        let other = || NnError::Checkpoint("its weights are of another network".to_owned());
        Ok(Self {
            epoch: state.epoch,
            phase: phase.filter(|_| fits).ok_or_else(other)?,
            validation: Some(state.validation),
        })
    }

    /// Goes on to the last epoch. `keeper` is asked after each.
    pub(super) fn run(
        &mut self,
        session: &mut Session<'_>,
        keeper: &mut dyn Keeper,
    ) -> Result<(), NnError> {
        let config = session.config;
        let epochs = config.warm_up_epochs + config.adaptation_epochs;
        if self.epoch == 0 {
            session.report_initial()?;
        }
        while self.epoch < epochs {
            let epoch = self.epoch + 1;
            session.check_cancelled(epoch)?;
            self.enter(epoch, session);
            let over = match &mut self.phase {
                Under::WarmUp(learner) => session.warm_up_epoch(epoch, learner),
                Under::Adaptation(adaptation) => session.adapt_epoch(epoch, adaptation),
                Under::Nothing => break,
            };
            if let Err(NnError::NonFiniteLoss { epoch, batch, .. }) = &over {
                session.look_back(*epoch, *batch);
            }
            let validation = over?;
            self.epoch = epoch;
            self.validation = Some((validation.loss, validation.accuracy));
            let state = || self.checkpoint(session);
            if keeper.epoch_over(epoch, &state)? == Next::Stop {
                return Err(NnError::Cancelled { epoch });
            }
        }
        Ok(())
    }

    /// Begins a phase if `epoch` is its first.
    fn enter(&mut self, epoch: usize, session: &mut Session<'_>) {
        let config = session.config;
        let (warm_up, adaptation) = (config.warm_up_epochs, config.adaptation_epochs);
        let (phase, last_epoch) = if epoch == 1 && warm_up > 0 {
            let learner = TaskLearner::host(&session.network, config.lr);
            self.phase = Under::WarmUp(learner);
            (Phase::WarmUp, warm_up)
        } else if epoch == warm_up + 1 {
            self.phase = Under::Adaptation(Box::new(Adaptation::new(config)));
            (Phase::Adaptation, warm_up + adaptation)
        } else {
            return;
        };
        session.emit(&Event::PhaseStarted {
            phase,
            first_epoch: epoch,
            last_epoch,
        });
    }

    fn checkpoint(&self, session: &Session<'_>) -> Result<Checkpoint, NnError> {
        let (warm_up, adaptation) = match &self.phase {
            Under::WarmUp(learner) => (Some(learner.state()), None),
            Under::Adaptation(adaptation) => (None, Some(adaptation.state())),
            Under::Nothing => (None, None),
        };
        let nothing = || NnError::Checkpoint("no epoch is over".to_owned());
        let state = State {
            config: session.config.clone(),
            rows: session.batches.rows(),
            epoch: self.epoch,
            generator: session.generator.place(),
            host: Floats::of(session.network.host().parameters().flat()),
            seeds: session
                .network
                .seeds()
                .map(crate::seed::Seed::record)
                .collect(),
            buffers: session.memory.state(),
            shadow: session.shadow.state(),
            warm_up,
            adaptation,
            best_accuracy: session.best_accuracy(),
            watch: session.watch().clone(),
            validation: self.validation.ok_or_else(nothing)?,
        };
        Ok(Checkpoint { state })
    }

    /// What happened at each germination.
    pub(super) fn into_germinations(mut self) -> Vec<GerminationRecord> {
        match mem::replace(&mut self.phase, Under::Nothing) {
            Under::Adaptation(adaptation) => adaptation.germinations.into_records(),
            Under::Nothing | Under::WarmUp(_) => Vec::new(),
        }
    }
}
