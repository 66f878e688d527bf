//! [`Training`]: the two stages of a single experiment.

use crate::cli::error::CliError;
use crate::cli::handover::hand_over;
use crate::cli::session::Session;
use crate::cli::signals::on_end;
use crate::cli::train::run_folder::RunFolder;
use kaslite_engine::cancel::Cancel;
use kaslite_engine::context::{BoundDep, BoundOut, Checkpoints};
use kaslite_engine::event::{Event, EventSink, Outcome, Summary};
use kaslite_engine::lone::{Lone, LoneStage};
use kaslite_engine::spec::StageSpec;
use kaslite_engine::value::Value;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// A dataset is drawn, and a network trained on it.
pub(super) struct Training<'a> {
    pub(super) session: &'a Session,
    pub(super) root: &'a Path,
    /// The params of both stages.
    pub(super) params: &'a Value,
    pub(super) folder: &'a RunFolder,
    pub(super) checkpoints: Option<Checkpoints>,
}

/// The stages, in the order in which they run.
pub(super) fn specs(session: &Session) -> Result<[&'static StageSpec; 2], CliError> {
    let spec = |name| session.registry.spec(name);
    let (Some(data), Some(train)) = (spec("generate_data"), spec("train")) else {
        return Err(CliError::usage("this program has no stage `train`"));
    };
    Ok([data, train])
}

/// Becomes the program that can train, where this one cannot.
pub(super) fn needs_torch(session: &Session) -> Result<(), CliError> {
    match session.registry.code("train") {
        Some(_) => Ok(()),
        None => Err(hand_over(session)),
    }
}

/// Where the project is; the folder itself where there is none.
pub(super) fn root(session: &Session) -> PathBuf {
    let project = session.recorded();
    project.unwrap_or_else(|_| session.bare()).root
}

/// Asks to stop at Ctrl-C: after the epoch and its checkpoint, the second time at once.
pub(super) fn cancelled_by_ctrl_c() -> Cancel {
    let cancel = Cancel::default();
    let on_signal = cancel.clone();
    on_end(move || on_signal.cancel());
    cancel
}

impl Training<'_> {
    /// Runs both stages; how they ended.
    pub(super) fn run(self, sink: &dyn EventSink, cancel: &Cancel) -> Result<Summary, CliError> {
        let began = Instant::now();
        let [data, train] = specs(self.session)?;
        self.folder.clear()?;
        sink.emit(&Event::RunStarted {
            stages: vec![data.name.to_owned(), train.name.to_owned()],
            jobs: 1,
        });
        let lone = Lone {
            registry: &self.session.registry,
            root: self.root,
            sink,
            cancel,
        };
        let problem = self
            .params
            .get("data.problem_type")
            .and_then(Value::as_text);
        let dataset = self.folder.dataset(problem.unwrap_or("data"));
        let drawn = lone.run(LoneStage {
            spec: data,
            arguments: self.params,
            deps: Vec::new(),
            outs: vec![self.out(&dataset)],
            checkpoints: None,
        });
        let trained = if drawn == Outcome::Done {
            lone.run(LoneStage {
                spec: train,
                arguments: self.params,
                deps: vec![BoundDep::found(self.folder.seen(&dataset), dataset)?],
                outs: vec![self.out(&self.folder.results())],
                checkpoints: self.checkpoints,
            })
        } else if drawn == Outcome::Cancelled {
            Outcome::Cancelled
        } else {
            Outcome::Skipped(data.name.to_owned())
        };
        let summary = Summary {
            stages: vec![
                (data.name.to_owned(), drawn),
                (train.name.to_owned(), trained),
            ],
            duration: began.elapsed(),
            lacks: None,
        };
        sink.emit(&Event::RunFinished(summary.clone()));
        Ok(summary)
    }

    fn out(&self, file: &Path) -> BoundOut {
        BoundOut {
            path: self.folder.seen(file),
            file: file.to_owned(),
        }
    }
}
