//! Morphogenetic networks on libtorch: a host network whose seeds germinate, learn and blend in
//! while it trains. The crate knows no pipeline and no terminal; it reports to an [`Observer`].
//!
//! | module       | holds                                                                    |
//! |--------------|--------------------------------------------------------------------------|
//! | `config`     | [`Config`]: every number of one training run                             |
//! | `device`     | where it trains ([`Device`])                                              |
//! | `data`       | [`Data`], its [`Scaler`] and its [`Split`]                                |
//! | `layer`      | what networks are made of: forward, and backward by hand                 |
//! | `host`       | the backbone with its named slots, its shape and its initial weights     |
//! | `blueprint`  | the child networks that a seed may grow ([`Blueprint`])                   |
//! | `seed`       | one seed: its life ([`SeedState`]) and the child that it grows            |
//! | `network`    | host + seeds: the passes, the activations that the seeds remember        |
//! | `lifecycle`  | the stages of a seed's life, its gates, its alpha: logic without tensors  |
//! | `controller` | who decides about growth: [`Kasmina`], [`Tamiyo`], [`HostOnly`]           |
//! | `optimiser`  | Adam, its learning-rate schedule, flat parameter storage                 |
//! | `training`   | [`fit`]: warm-up, adaptation, validation                                 |
//! | `dense`      | epochs that are looked at closely: when, and what is then seen           |
//! | `report`     | what [`fit`] tells: events while it runs, an [`Outcome`] at the end       |
//! | `checkpoint` | [`Checkpoint`]: a run between two epochs, to be gone on with ([`fit_from`]) |
//! | `model`      | the trained [`Model`]: evaluate with seeds switched off, save, load      |
//!
//! # Landing
//!
//! [`Landing`] chooses between the ways of the Python original, which a recorded run of it can be
//! compared with, and those that we hold right:
//!
//! | | `reference` | `continuous` |
//! |---|---|---|
//! | an active seed gives | `x + child(x)`: a jump from about `x` to `2x` | what the blend gives at alpha 1 |
//! | features are scaled by | all rows, validation included | the training rows |
//! | health is measured on | the last 500 batches, validation and old weights among them | some training rows, as the network now stands |
//! | a shadow step learns from | 64 rows of 64 of those batches | up to 64 rows of the batch that is being learnt |
//! | validation loss | mean of the batches' means | mean over the rows |
//! | drift is measured on | the last validation batch | all validation rows |
//! | accuracy dip | what the epoch after germination lost, when no child shows yet | the deepest fall while the child showed |
//! | recovery time | from the germination | from the first fall to the return; 0 without a fall |
//!
//! Random numbers come from explicit generators only; libtorch's own generator is never used.
//! Several runs may train side by side, each on its own thread, and give the bytes that each
//! gives alone.

mod blueprint;
mod checkpoint;
mod config;
mod controller;
mod data;
mod dense;
mod device;
mod error;
mod host;
mod layer;
mod lifecycle;
mod model;
mod network;
mod optimiser;
mod report;
mod seed;
mod threads;
mod training;

pub use blueprint::Blueprint;
pub use checkpoint::{Checkpoint, Keeper, Next};
pub use config::{Config, Landing};
pub use controller::{
    Action, Controller, ControllerKind, Decision, HostOnly, Kasmina, Observation, Reason,
    SlotObservation, Tamiyo, TamiyoParams,
};
pub use data::{Data, Scaler, Split};
pub use dense::{
    Activations, DenseBatch, DenseEpoch, DenseParams, GradientSpread, Openness, Trigger,
};
pub use device::{Device, DeviceError};
pub use error::{DataError, LossKind, ModelFileError, NnError, NonFinite};
pub use host::{Architecture, HostKind};
pub use lifecycle::{
    Advance, AlphaController, AlphaMode, AutoForward, Blend, Check, Curve, Gate, GateMode,
    GateParams, GateRecord, Germination, GradientHealth, IllegalPassage, Isolation, LifeStage,
    LivingSeed, Measure, NotHolding, Pace, Passage, PruneReason, SeedMetrics, SlotError, SlotLife,
    Tempo, Tick, gradient_ratio,
};
pub use model::{Answers, Configuration, Evaluation, GrownSeed, Model, Prediction, Reading};
pub use report::{
    EpochStats, Event, GerminationRecord, Matrix, Moment, Observer, Outcome, ParameterCounts,
    Phase, SeedStats, SeedWorth,
};
pub use seed::{Lesson, Operator, SeedId, SeedNameError, SeedState};
pub use threads::single_thread;
pub use training::{fit, fit_from};
