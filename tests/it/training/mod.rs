//! Pipelines that train: both programs, libtorch and all.

mod cached_trials;
mod components;
mod criteria;
mod killed;
mod monitor;
mod peers;
mod project;
mod report;
mod reproducible;
mod single;
mod size;
mod story;
mod undisturbed;
