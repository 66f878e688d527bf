//! Morphogenetic networks on libtorch: a host network whose seeds germinate, learn and blend in
//! while it trains. The crate knows no pipeline and no terminal; it reports to an [`Observer`].
//!
//! | module       | holds                                                                    |
//! |--------------|--------------------------------------------------------------------------|
//! | `config`     | [`Config`]: every number of one training run                             |
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
//! | `report`     | what [`fit`] tells: events while it runs, an [`Outcome`] at the end       |
//! | `model`      | the trained [`Model`]: evaluate with seeds switched off, save, load      |
//!
//! Random numbers come from explicit generators only; libtorch's own generator is never used.
//! Several runs may train side by side, each on its own thread, and give the bytes that each
//! gives alone.

mod blueprint;
mod config;
mod controller;
mod data;
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
pub use config::{Config, Landing};
pub use controller::{
    Action, Controller, Decision, HostOnly, Kasmina, Observation, Reason, SlotObservation, Tamiyo,
    TamiyoParams,
};
pub use data::{Data, Scaler, Split};
pub use error::{DataError, LossKind, ModelFileError, NnError, NonFinite};
pub use host::{Architecture, HostKind};
pub use lifecycle::{
    Advance, AlphaController, AlphaMode, AutoForward, Blend, Check, Curve, Gate, GateMode,
    GateParams, GateRecord, Germination, GradientHealth, IllegalPassage, Isolation, LifeStage,
    LivingSeed, Measure, NotHolding, Pace, Passage, PruneReason, SeedMetrics, Slot, SlotError,
    Tempo, Tick, gradient_ratio,
};
pub use model::{Evaluation, GrownSeed, Model};
pub use report::{
    EpochStats, Event, GerminationRecord, Observer, Outcome, ParameterCounts, Phase, SeedStats,
};
pub use seed::{IllegalTransition, Lesson, Operator, SeedId, SeedState};
pub use threads::single_thread;
pub use training::fit;
