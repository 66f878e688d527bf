//! [`Spoken`]: what a run says, for whoever subscribed to `tracing`.

use crate::record::speaker::Speaker;
use kaslite_engine::event::{Event, EventSink};
use kaslite_engine::stale::StaleReason;
use std::sync::{Mutex, PoisonError};

/// A consumer of events that says with `tracing` what `logs/train.log` says: levels INFO, WARN and ERROR,
/// target `kaslite::run`, the stage as a field. Where nobody subscribed, nothing is put into words.
#[derive(Debug)]
pub struct Spoken(Mutex<Speaker>);

impl Spoken {
    /// One that puts the reasons for which a stage runs into these words.
    pub(super) fn new(describe: fn(&StaleReason) -> String) -> Self {
        Self(Mutex::new(Speaker::new(describe)))
    }
}

impl EventSink for Spoken {
    fn emit(&self, event: &Event) {
        // Who does not hear errors hears nothing.
        if !tracing::enabled!(target: "kaslite::run", tracing::Level::ERROR) {
            return;
        }
        let mut speaker = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(said) = speaker.say(event) {
            said.trace();
        }
    }
}
