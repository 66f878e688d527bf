use serde::{Deserialize, Serialize};

use crate::blueprint::Blueprint;
use crate::controller::{ControllerKind, TamiyoParams};
use crate::dense::DenseParams;
use crate::device::Device;
use crate::error::NnError;
use crate::host::HostKind;
use crate::lifecycle::{Blend, Curve, GateParams, Pace, Tempo};
use crate::seed::{Lesson, Operator, SeedId};

/// What an active seed gives to the layer above it, `x` being what it gets and `child` its network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Landing {
    /// `x + child(x)`, as the Python original has it. The child has learnt to reproduce `x`, so
    /// the output of the seed jumps from about `x` to about `2x` in the batch where it lands.
    /// The rest is as in the original, too: see the table of the crate's documentation.
    Reference,
    /// Where the blend arrives at alpha 1, so that nothing jumps: `child(x)` with
    /// [`Operator::Add`].
    Continuous,
}

/// Every number of one training run.
///
/// It has no default: the caller's parameter file is the only place that names values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The backbone.
    pub host: HostKind,
    /// Width of the host's hidden layers, at least 1.
    pub hidden_dim: usize,
    /// Number of hidden layers that carry seeds, at least 1.
    pub num_layers: usize,
    /// Seeds behind each hidden layer, at least 1.
    pub seeds_per_layer: usize,
    /// Number of classes, at least 2; labels are `0..classes`.
    pub classes: usize,
    /// Rows in a training batch, at least 1; a validation batch has twice as many.
    pub batch_size: usize,
    /// Learning rate of the warm-up, above 0; the adaptation phase learns at a tenth of it.
    pub lr: f64,
    /// Epochs in which the whole host learns and no seed germinates.
    pub warm_up_epochs: usize,
    /// Epochs in which the host is frozen and seeds may grow.
    pub adaptation_epochs: usize,
    /// Share of the rows that train, in (0, 1); the rest validates.
    pub train_frac: f64,
    /// Batches that a seed takes to blend in, at least 1; a tempo takes their place.
    pub blend_steps: usize,
    /// The way of alpha in a blend.
    pub curve: Curve,
    /// Epochs that a seed takes to blend in, where they are not counted in batches.
    pub tempo: Option<Tempo>,
    /// Learning rate of a germinated seed's auto-encoding, above 0.
    pub shadow_lr: f64,
    /// Progress above which a germinated seed begins to blend, in (0, 1); a shadow step adds 0.01.
    pub progress_thresh: f64,
    /// Drift of a blending seed above which a warning is reported; 0 turns warnings off.
    pub drift_warn: f64,
    /// Validation accuracy (0..=1) from which on no seed germinates.
    pub acc_threshold: f64,
    /// Epochs without progress before a seed germinates, at least 1.
    pub patience: usize,
    /// Fall of the validation loss from one epoch to the next that counts as progress.
    pub delta: f64,
    /// Who decides about growth.
    pub controller: ControllerKind,
    /// What [`Tamiyo`](crate::Tamiyo) goes by.
    pub tamiyo: TamiyoParams,
    /// What the gates ask for.
    pub gates: GateParams,
    /// Epochs in which a slot rests after its seed was removed.
    pub embargo_epochs: usize,
    /// Epochs in which a seed that shows is led out before it is removed; 0 is at once.
    pub prune_epochs: usize,
    /// Slots in which nothing may grow: the controller does not see them.
    pub disabled: Vec<SeedId>,
    /// Epochs of the adaptation phase after which the host begins to learn, or begins anew: at a tenth
    /// of `lr`, without the moments of its steps. Rising; none without [`ControllerKind::None`].
    pub host_restarts: Vec<usize>,
    /// What a seed grows.
    pub blueprint: Blueprint,
    /// How it joins what its seed gets; [`Landing::Reference`] knows [`Operator::Add`] alone.
    pub operator: Operator,
    /// What it learns before it shows.
    pub lesson: Lesson,
    /// What an active seed computes.
    pub landing: Landing,
    /// What is looked at closely, and when.
    pub dense: DenseParams,
    /// Where the network trains.
    pub device: Device,
    /// Seed of every random draw of the run.
    pub rng_seed: u64,
}

impl Config {
    /// Checks every value against its range.
    ///
    /// # Errors
    /// [`NnError::Config`] names the first value that lies outside.
    pub fn validate(&self) -> Result<(), NnError> {
        self.validate_sizes()?;
        self.validate_rates()?;
        self.validate_disabled()?;
        self.validate_restarts()?;
        match (self.landing, self.operator) {
            (Landing::Reference, Operator::Multiply | Operator::Gate) => Err(NnError::Config {
                name: "operator",
                value: format!("{:?}", self.operator).to_lowercase(),
                expected: "add with the landing `reference`".to_owned(),
            }),
            (Landing::Reference, Operator::Add) if self.prune_epochs > 0 => Err(NnError::Config {
                name: "prune_epochs",
                value: self.prune_epochs.to_string(),
                expected: "0 with the landing `reference`, which no blend leads back from"
                    .to_owned(),
            }),
            (Landing::Reference, Operator::Add) | (Landing::Continuous, _) => Ok(()),
        }
    }

    /// How a seed blends in. Only the original takes 0.99 of a summed way for all of it; with
    /// [`Landing::Continuous`] a blend takes every one of its steps and ends at exactly 1.
    pub(crate) fn blend(&self) -> Blend {
        let (steps, pace) = match self.tempo {
            Some(tempo) => (tempo.epochs(), Pace::Epoch),
            None => (self.blend_steps, Pace::Batch),
        };
        let curve = match (self.landing, self.curve) {
            (Landing::Continuous, Curve::Summed) => Curve::Linear,
            (Landing::Continuous | Landing::Reference, curve) => curve,
        };
        Blend { curve, steps, pace }
    }

    fn validate_sizes(&self) -> Result<(), NnError> {
        at_least("hidden_dim", self.hidden_dim, 1)?;
        at_least("num_layers", self.num_layers, 1)?;
        at_least("seeds_per_layer", self.seeds_per_layer, 1)?;
        at_least("classes", self.classes, 2)?;
        at_least("batch_size", self.batch_size, 1)?;
        at_least("blend_steps", self.blend_steps, 1)?;
        at_least("patience", self.patience, 1)?;
        let epochs = self.warm_up_epochs.saturating_add(self.adaptation_epochs);
        at_least("warm_up_epochs + adaptation_epochs", epochs, 1)
    }

    fn validate_disabled(&self) -> Result<(), NnError> {
        let (layers, seeds) = (self.num_layers, self.seeds_per_layer);
        let is_there = |id: &&SeedId| id.layer <= layers && id.index <= seeds;
        match self.disabled.iter().find(|id| !is_there(id)) {
            Some(id) => Err(NnError::Config {
                name: "disabled",
                value: id.to_string(),
                expected: format!("seeds from seed1_1 to seed{layers}_{seeds}"),
            }),
            None => Ok(()),
        }
    }

    fn validate_restarts(&self) -> Result<(), NnError> {
        let restarts = &self.host_restarts;
        let epochs = self.warm_up_epochs.saturating_add(self.adaptation_epochs);
        let is_there = |epoch: &usize| *epoch > self.warm_up_epochs && *epoch <= epochs;
        let rising = restarts.windows(2).all(|pair| pair[0] < pair[1]);
        let expected = if !restarts.iter().all(is_there) || !rising {
            format!(
                "rising epochs from {} to {epochs}, those of the adaptation phase",
                self.warm_up_epochs.saturating_add(1)
            )
        } else if !restarts.is_empty() && self.controller != ControllerKind::None {
            "none but with the controller `none`: where seeds may grow, the host is frozen"
                .to_owned()
        } else {
            return Ok(());
        };
        let shown: Vec<String> = restarts.iter().map(usize::to_string).collect();
        Err(NnError::Config {
            name: "host_restarts",
            value: shown.join(","),
            expected,
        })
    }

    fn validate_rates(&self) -> Result<(), NnError> {
        let positive = |value: f64| value.is_finite() && value > 0.0;
        let open_unit = |value: f64| value > 0.0 && value < 1.0;
        within("lr", self.lr, positive(self.lr), "a number above 0")?;
        within(
            "shadow_lr",
            self.shadow_lr,
            positive(self.shadow_lr),
            "a number above 0",
        )?;
        let fraction = "a number between 0 and 1, both excluded";
        within(
            "train_frac",
            self.train_frac,
            open_unit(self.train_frac),
            fraction,
        )?;
        within(
            "progress_thresh",
            self.progress_thresh,
            open_unit(self.progress_thresh),
            fraction,
        )?;
        let warning = self.drift_warn >= 0.0;
        within(
            "drift_warn",
            self.drift_warn,
            warning,
            "a number not below 0",
        )?;
        let threshold = (0.0..=1.0).contains(&self.acc_threshold);
        within(
            "acc_threshold",
            self.acc_threshold,
            threshold,
            "a number from 0 to 1",
        )?;
        within(
            "delta",
            self.delta,
            self.delta.is_finite(),
            "a finite number",
        )
    }
}

fn at_least(name: &'static str, value: usize, least: usize) -> Result<(), NnError> {
    if value >= least {
        return Ok(());
    }
    Err(NnError::Config {
        name,
        value: value.to_string(),
        expected: format!("at least {least}"),
    })
}

fn within(name: &'static str, value: f64, holds: bool, expected: &str) -> Result<(), NnError> {
    if holds {
        return Ok(());
    }
    Err(NnError::Config {
        name,
        value: value.to_string(),
        expected: expected.to_owned(),
    })
}

#[cfg(test)]
impl Config {
    /// The original's default run, for tests of what takes a configuration.
    pub(crate) fn example() -> Self {
        Self {
            host: HostKind::Mlp,
            hidden_dim: 128,
            num_layers: 3,
            seeds_per_layer: 2,
            classes: 2,
            batch_size: 64,
            lr: 0.001,
            warm_up_epochs: 40,
            adaptation_epochs: 60,
            train_frac: 0.8,
            blend_steps: 30,
            curve: Curve::Summed,
            tempo: None,
            shadow_lr: 1e-3,
            progress_thresh: 0.6,
            drift_warn: 0.12,
            acc_threshold: 0.95,
            patience: 15,
            delta: 5e-4,
            controller: ControllerKind::Kasmina,
            tamiyo: TamiyoParams::default(),
            gates: GateParams {
                mode: crate::lifecycle::GateMode::Observe,
                ..GateParams::default()
            },
            embargo_epochs: 5,
            prune_epochs: 0,
            disabled: Vec::new(),
            host_restarts: Vec::new(),
            blueprint: Blueprint::Mlp,
            operator: Operator::Add,
            lesson: Lesson::Reproduction,
            landing: Landing::Reference,
            dense: DenseParams::default(),
            device: Device::Cpu,
            rng_seed: 42,
        }
    }
}
