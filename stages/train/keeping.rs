use std::cell::RefCell;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use kaslite_engine::context::{Checkpoints, StageContext};
use kaslite_engine::digest::Digest;
use kaslite_engine::fs::{self, FsError};
use kaslite_engine::registry::StageError;
use kaslite_nn::{Checkpoint, Event, Keeper, Next, NnError};
use serde::Serialize;

use crate::shared::fail;

/// Leaves checkpoints in a folder: `journal`, all events so far, which only grows; and `state`, which
/// is replaced as a whole: the digest of the code (other code would go on otherwise), how much of the
/// journal belongs to it, its epoch, and the network's checkpoint. `last_good` is what `state` was, where it
/// was good, before something went wrong.
pub(super) struct Keeping<'a> {
    context: &'a StageContext<'a>,
    place: &'a Checkpoints,
    /// Epochs of the whole run.
    epochs: usize,
    /// Bytes of the journal that are on disk.
    written: u64,
    /// The validation loss before anything was trained.
    initial: Option<f64>,
    /// Whether the last checkpoint is good.
    good: bool,
    /// Events since then.
    events: &'a RefCell<Vec<Event>>,
}

/// Whether something went wrong.
fn is_anomaly(event: &Event) -> bool {
    matches!(event, Event::Triggered { trigger, .. } if trigger.is_anomaly())
}

/// Whether a checkpoint is good: nothing went wrong in the epochs that led to it, which are those of
/// `events`, and the network is no worse than one that never learnt. (A network can be ruined and calm.)
fn is_good(events: &[Event], initial: Option<f64>) -> bool {
    let loss = |event: &Event| match event {
        Event::EpochFinished { stats, .. } => Some(stats.val_loss),
        Event::Initial { .. }
        | Event::PhaseStarted { .. }
        | Event::Transition { .. }
        | Event::Passage { .. }
        | Event::GateAsked { .. }
        | Event::Decided { .. }
        | Event::Germination { .. }
        | Event::Triggered { .. }
        | Event::Dense { .. }
        | Event::Matrix { .. }
        | Event::DriftWarning { .. } => None,
    };
    let last = events.iter().rev().find_map(loss);
    let learnt = last
        .zip(initial)
        .is_none_or(|(last, initial)| last <= initial);
    learnt && !events.iter().any(is_anomaly)
}

/// The validation loss before anything was trained, where it is told.
fn initial_loss(events: &[Event]) -> Option<f64> {
    events.iter().find_map(|event| {
        if let Event::Initial { loss, .. } = event {
            Some(*loss)
        } else {
            None
        }
    })
}

/// What lies in a folder.
pub(super) struct Found {
    pub(super) checkpoint: Checkpoint,
    pub(super) events: Vec<Event>,
    /// Whether the checkpoint is good.
    good: bool,
    written: u64,
}

/// Length of a digest in front of what it is of.
const DIGEST: usize = 64;

impl<'a> Keeping<'a> {
    /// Goes on with what was found, or begins anew.
    pub(super) fn new(
        context: &'a StageContext<'a>,
        place: &'a Checkpoints,
        epochs: usize,
        found: Option<&Found>,
        events: &'a RefCell<Vec<Event>>,
    ) -> Self {
        Self {
            context,
            place,
            epochs,
            written: found.map_or(0, |found| found.written),
            initial: found.and_then(|found| initial_loss(&found.events)),
            good: found.is_none_or(|found| found.good),
            events,
        }
    }

    fn keep(&mut self, checkpoint: &Checkpoint) -> Result<(), NnError> {
        let refused = |error: FsError| NnError::Keep(StageError::from_error(&error).to_string());
        self.finish()?;
        let events = std::mem::take(&mut *self.events.borrow_mut());
        self.initial = self.initial.or_else(|| initial_loss(&events));
        self.good = is_good(&events, self.initial);
        let part = encode(&events)?;
        let length = u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes();
        let part = [&length[..], &part].concat();
        let part = sealed(&part);
        append(&journal(&self.place.folder), self.written, &part).map_err(refused)?;
        self.written += part.len() as u64;
        let (code, epoch) = (self.context.code(), checkpoint.epoch());
        let head = format!("{code}\n{}\n{epoch}\n", self.written);
        let bytes = sealed(&[head.as_bytes(), &checkpoint.to_bytes()?].concat());
        fs::write_atomic(&state(&self.place.folder), &bytes).map_err(refused)
    }
}

impl Keeping<'_> {
    /// Where something went wrong since the last checkpoint, that one is the last good one if it is good.
    pub(super) fn finish(&self) -> Result<(), NnError> {
        let (from, to) = (state(&self.place.folder), last_good(&self.place.folder));
        let wrong = self.events.borrow().iter().any(is_anomaly);
        if wrong && self.good && from.exists() {
            let copied = std::fs::copy(&from, &to);
            copied.map_err(|error| NnError::Keep(format!("`{}`: {error}", to.display())))?;
        }
        Ok(())
    }
}

impl Keeper for Keeping<'_> {
    fn epoch_over(
        &mut self,
        epoch: usize,
        state: &dyn Fn() -> Result<Checkpoint, NnError>,
    ) -> Result<Next, NnError> {
        let stop = self.context.is_cancelled() && epoch < self.epochs;
        if stop || (epoch.is_multiple_of(self.place.every) && epoch < self.epochs) {
            self.keep(&state()?)?;
        }
        if stop {
            let message = format!("stopped after epoch {epoch}, which is kept");
            self.context.log(message);
            return Ok(Next::Stop);
        }
        Ok(Next::Epoch)
    }
}

/// What can be gone on with; none where no checkpoint was left.
///
/// # Errors
/// What lies there is damaged, or was left by other code.
pub(super) fn find(context: &StageContext<'_>, folder: &Path) -> Result<Option<Found>, StageError> {
    let path = state(folder);
    if !path.exists() {
        return Ok(None);
    }
    let damaged = |path: &Path| StageError::new(format!("`{}` is damaged", path.display()));
    let bytes = fs::read(&path).map_err(fail)?;
    let kept = unsealed(&bytes).and_then(parts);
    let (code, written, _, kept) = kept.ok_or_else(|| damaged(&path))?;
    if code != context.code() {
        return Err(StageError::new(
            "the code of `train` is another one than that which left the checkpoint: it would not go on as it began",
        ));
    }
    let path = journal(folder);
    let bytes = fs::read(&path).map_err(fail)?;
    let length = usize::try_from(written).unwrap_or(usize::MAX);
    let parts = bytes.get(..length).and_then(events);
    let parts = parts.ok_or_else(|| damaged(&path))?;
    let initial = parts.iter().find_map(|part| initial_loss(part));
    Ok(Some(Found {
        checkpoint: Checkpoint::from_bytes(kept).map_err(fail)?,
        good: parts.last().is_none_or(|last| is_good(last, initial)),
        events: parts.concat(),
        written,
    }))
}

/// The code that left a checkpoint, how much of the journal belongs to it, its epoch, and the network's.
fn parts(bytes: &[u8]) -> Option<(&str, u64, usize, &[u8])> {
    let mut parts = bytes.splitn(4, |&byte| byte == b'\n');
    let mut text = || std::str::from_utf8(parts.next()?).ok();
    let (code, written, epoch) = (text()?, text()?.parse().ok()?, text()?.parse().ok()?);
    Some((code, written, epoch, parts.next()?))
}

/// The epoch of the last good checkpoint before something went wrong; none where none was left.
pub(super) fn last_good_epoch(folder: &Path) -> Option<usize> {
    let bytes = fs::read(&last_good(folder)).ok()?;
    let (_, _, epoch, _) = parts(unsealed(&bytes)?)?;
    Some(epoch)
}

/// The events of a journal, part by part; none where it is damaged.
fn events(mut rest: &[u8]) -> Option<Vec<Vec<Event>>> {
    let mut events = Vec::new();
    while !rest.is_empty() {
        let length = rest.get(DIGEST..DIGEST + size_of::<u64>())?;
        let length = u64::from_le_bytes(length.try_into().ok()?);
        let whole = DIGEST + size_of::<u64>() + usize::try_from(length).ok()?;
        let (part, after) = rest.split_at_checked(whole)?;
        let part = unsealed(part)?.get(size_of::<u64>()..)?;
        events.push(rmp_serde::from_slice::<Vec<Event>>(part).ok()?);
        rest = after;
    }
    Some(events)
}

fn state(folder: &Path) -> PathBuf {
    folder.join("state")
}

fn last_good(folder: &Path) -> PathBuf {
    folder.join("last_good")
}

fn journal(folder: &Path) -> PathBuf {
    folder.join("journal")
}

/// Bytes behind their digest.
fn sealed(bytes: &[u8]) -> Vec<u8> {
    let digest = Digest::of(bytes).to_string();
    [digest.as_bytes(), bytes].concat()
}

/// The bytes behind a digest; none where it is not theirs.
fn unsealed(bytes: &[u8]) -> Option<&[u8]> {
    let (digest, bytes) = bytes.split_at_checked(DIGEST)?;
    (Digest::of(bytes).to_string().as_bytes() == digest).then_some(bytes)
}

fn encode(value: &impl Serialize) -> Result<Vec<u8>, NnError> {
    rmp_serde::to_vec_named(value).map_err(|error| NnError::Keep(error.to_string()))
}

/// Writes behind the first `length` bytes of a file; what was there is what a run wrote that was killed
/// before it named it.
fn append(path: &Path, length: u64, bytes: &[u8]) -> Result<(), FsError> {
    let write = |mut file: File| {
        file.set_len(length)?;
        std::io::Seek::seek(&mut file, std::io::SeekFrom::Start(length))?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    let opened = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path);
    opened
        .and_then(write)
        .map_err(|error| FsError::new("write", path, error))
}
