use kaslite_nn::{
    Blueprint, Config, ControllerKind, Curve, DenseParams, Device, GateMode, GateParams, HostKind,
    Landing, Lesson, Operator, SeedId, SeedNameError, TamiyoParams, Tempo,
};
use serde::Deserialize;

/// The section `train` of the params.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TrainSection {
    host: HostKind,
    hidden_dim: usize,
    num_layers: usize,
    batch_size: usize,
    lr: f64,
    warm_up_epochs: usize,
    adaptation_epochs: usize,
    train_frac: f64,
    acc_threshold: f64,
    patience: usize,
    delta: f64,
    host_restarts: Epochs,
    device: Device,
    rng_seed: u64,
}

/// The section `seeds` of the params.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SeedsSection {
    seeds_per_layer: usize,
    blend_steps: usize,
    shadow_lr: f64,
    progress_thresh: f64,
    drift_warn: f64,
    blueprint: Blueprint,
    operator: Operator,
    lesson: Lesson,
    landing: Landing,
    controller: ControllerKind,
    blend: Blend,
    tempo: BlendTempo,
    embargo_epochs: usize,
    prune_epochs: usize,
    disabled: Slots,
    gates: Gates,
    min_improvement: f64,
    min_training_epochs: usize,
    min_gradient_ratio: f64,
    min_gradient_health: f64,
    min_blending_epochs: usize,
    min_contribution: f64,
}

/// `seeds.disabled`: names of seeds with commas between them.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
struct Slots(Vec<SeedId>);

impl TryFrom<String> for Slots {
    type Error = SeedNameError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let names = text.split(',').map(str::trim);
        let named = names.filter(|name| !name.is_empty());
        named.map(str::parse).collect::<Result<_, _>>().map(Self)
    }
}

/// `train.host_restarts`: epochs with commas between them.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
struct Epochs(Vec<usize>);

impl TryFrom<String> for Epochs {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let epochs = text.split(',').map(str::trim);
        let named = epochs.filter(|epoch| !epoch.is_empty());
        let number = |epoch: &str| {
            let number = epoch.parse();
            number.map_err(|_| format!("`{epoch}` is not the number of an epoch"))
        };
        named.map(number).collect::<Result<_, _>>().map(Self)
    }
}

/// `seeds.blend`.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Blend {
    Summed,
    Linear,
    Cosine,
    Sigmoid,
}

/// `seeds.tempo`.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum BlendTempo {
    Batches,
    Fast,
    Standard,
    Slow,
}

/// `seeds.gates`.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Gates {
    ByController,
    Observe,
    Permissive,
    Strict,
}

/// The section `telemetry` of the params.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TelemetrySection {
    mode: Mode,
    loss_spike: f64,
    accuracy_drop: f64,
    gradient_explosion: f64,
    stage_transition: bool,
    gate_failure: bool,
    window: usize,
}

/// `telemetry.mode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Mode {
    Standard,
    Research,
}

impl TelemetrySection {
    fn dense(&self) -> DenseParams {
        DenseParams {
            always: self.mode == Mode::Research,
            loss_spike: self.loss_spike,
            accuracy_drop: self.accuracy_drop,
            gradient_explosion: self.gradient_explosion,
            stage_transition: self.stage_transition,
            gate_failure: self.gate_failure,
            window: self.window,
        }
    }
}

impl Blend {
    fn curve(self) -> Curve {
        match self {
            Self::Summed => Curve::Summed,
            Self::Linear => Curve::Linear,
            Self::Cosine => Curve::Cosine,
            Self::Sigmoid => Curve::SIGMOID,
        }
    }
}

impl BlendTempo {
    fn tempo(self) -> Option<Tempo> {
        match self {
            Self::Batches => None,
            Self::Fast => Some(Tempo::Fast),
            Self::Standard => Some(Tempo::Standard),
            Self::Slow => Some(Tempo::Slow),
        }
    }
}

impl Gates {
    /// Seeds that a controller leads must pass; those that go their way by themselves are watched.
    fn mode(self, controller: ControllerKind) -> GateMode {
        match (self, controller) {
            (Self::ByController, ControllerKind::Tamiyo) | (Self::Permissive, _) => {
                GateMode::Permissive
            }
            (Self::ByController, ControllerKind::Kasmina | ControllerKind::None)
            | (Self::Observe, _) => GateMode::Observe,
            (Self::Strict, _) => GateMode::Strict,
        }
    }
}

impl SeedsSection {
    fn gates(&self) -> GateParams {
        GateParams {
            mode: self.gates.mode(self.controller),
            min_improvement: self.min_improvement,
            min_training_epochs: self.min_training_epochs,
            min_gradient_ratio: self.min_gradient_ratio,
            min_gradient_health: self.min_gradient_health,
            min_blending_epochs: self.min_blending_epochs,
            min_contribution: self.min_contribution,
        }
    }
}

impl TrainSection {
    /// Every number of one training run over samples of `classes` classes.
    pub(super) fn config(
        &self,
        seeds: &SeedsSection,
        telemetry: &TelemetrySection,
        classes: usize,
    ) -> Config {
        Config {
            host: self.host,
            hidden_dim: self.hidden_dim,
            num_layers: self.num_layers,
            seeds_per_layer: seeds.seeds_per_layer,
            classes,
            batch_size: self.batch_size,
            lr: self.lr,
            warm_up_epochs: self.warm_up_epochs,
            adaptation_epochs: self.adaptation_epochs,
            train_frac: self.train_frac,
            blend_steps: seeds.blend_steps,
            shadow_lr: seeds.shadow_lr,
            progress_thresh: seeds.progress_thresh,
            drift_warn: seeds.drift_warn,
            acc_threshold: self.acc_threshold,
            patience: self.patience,
            delta: self.delta,
            curve: seeds.blend.curve(),
            tempo: seeds.tempo.tempo(),
            controller: seeds.controller,
            tamiyo: TamiyoParams::default(),
            gates: seeds.gates(),
            embargo_epochs: seeds.embargo_epochs,
            prune_epochs: seeds.prune_epochs,
            disabled: seeds.disabled.0.clone(),
            host_restarts: self.host_restarts.0.clone(),
            blueprint: seeds.blueprint,
            operator: seeds.operator,
            lesson: seeds.lesson,
            landing: seeds.landing,
            dense: telemetry.dense(),
            device: self.device,
            rng_seed: self.rng_seed,
        }
    }
}
