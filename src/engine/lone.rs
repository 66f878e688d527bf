//! [`Lone`]: built-in stages that run by themselves, outside of any pipeline.

use crate::cancel::Cancel;
use crate::context::{BoundDep, BoundOut, Checkpoints, StageContext};
use crate::event::{Event, EventSink, Outcome};
use crate::execute::guarded;
use crate::fs;
use crate::registry::{Registry, StageError};
use crate::spec::{SlotKind, StageSpec};
use crate::value::Value;
use std::path::Path;
use std::time::Instant;

/// Runs built-in stages that no pipeline names. No lock and no cache knows of them, and their outs are
/// written where they are to lie: what a stage that fails or is stopped has made stays.
pub struct Lone<'a> {
    /// The stages' code.
    pub registry: &'a Registry,
    /// The project's folder.
    pub root: &'a Path,
    /// Who learns of it.
    pub sink: &'a dyn EventSink,
    /// The wish to stop.
    pub cancel: &'a Cancel,
}

/// One stage with all it needs.
#[derive(Debug)]
pub struct LoneStage<'a> {
    /// The stage.
    pub spec: &'static StageSpec,
    /// Its params, all sections, defaults filled in.
    pub arguments: &'a Value,
    /// What it reads, slot by slot.
    pub deps: Vec<BoundDep>,
    /// What it makes, slot by slot.
    pub outs: Vec<BoundOut>,
    /// Where it leaves what it can go on from, if it may.
    pub checkpoints: Option<Checkpoints>,
}

impl Lone<'_> {
    /// Runs one stage; gives how it ended.
    pub fn run(&self, stage: LoneStage<'_>) -> Outcome {
        let (name, began) = (stage.spec.name.to_owned(), Instant::now());
        self.sink.emit(&Event::StageStarted {
            stage: name.clone(),
            action: format!("uses {name}"),
        });
        let outcome = match self.try_run(stage) {
            Ok(()) => Outcome::Done,
            Err(_) if self.cancel.is_cancelled() => Outcome::Cancelled,
            Err(error) => Outcome::Failed(error.to_string()),
        };
        self.sink.emit(&Event::StageFinished {
            stage: name,
            outcome: outcome.clone(),
            duration: began.elapsed(),
        });
        outcome
    }

    fn try_run(&self, stage: LoneStage<'_>) -> Result<(), StageError> {
        let LoneStage {
            spec,
            arguments,
            deps,
            outs,
            checkpoints,
        } = stage;
        let name = spec.name;
        let lacks = || StageError::new(format!("internal error: no code of `{name}` here"));
        let run = self.registry.code(name).ok_or_else(lacks)?;
        for (slot, out) in spec.outs.iter().zip(&outs) {
            let made = match slot.kind {
                SlotKind::Folder => fs::create_dir(&out.file),
                SlotKind::File | SlotKind::Rest => fs::create_parent(&out.file),
            };
            made.map_err(|error| StageError::from_error(&error))?;
        }
        let context = StageContext {
            stage: name,
            spec,
            root: self.root,
            arguments,
            deps,
            outs,
            sink: self.sink,
            cancel: self.cancel,
            trials: None,
            checkpoints,
        };
        guarded(run, &context)
    }
}
