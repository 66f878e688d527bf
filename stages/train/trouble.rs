use std::fmt::Write as _;

use kaslite_engine::context::StageContext;
use kaslite_engine::fs;
use kaslite_engine::registry::StageError;
use kaslite_nn::NnError;

use crate::shared::fail;
use crate::train::keeping;
use crate::train::recorder::Recorder;

/// Writes, for a run that leaves checkpoints, what went wrong in it: when, by which sign, where the
/// close look at it lies, and from where it could be gone on with. Nothing where all went well.
pub(super) fn tell(
    context: &StageContext<'_>,
    recorder: &Recorder,
    error: Option<&NnError>,
) -> Result<(), StageError> {
    let Some(place) = context.checkpoints() else {
        return Ok(());
    };
    if recorder.dense.anomalies().next().is_none() {
        return Ok(());
    }
    let good = keeping::last_good_epoch(&place.folder);
    let text = text(recorder, error, good);
    fs::write_atomic(&place.report, text.as_bytes()).map_err(fail)
}

fn text(recorder: &Recorder, error: Option<&NnError>, good: Option<usize>) -> String {
    let dense = &recorder.dense;
    let mut text = "# Something went wrong in this run\n\n".to_owned();
    let end = match error {
        Some(error) => format!("It ended before its time: {error}."),
        None => "It came to its end all the same.".to_owned(),
    };
    // Writing into a text cannot fail.
    if let Some((epoch, trigger)) = dense.anomalies().next() {
        let _ = writeln!(text, "It began in epoch {epoch}: {trigger}. {end}\n");
    }
    text += "| epoch | trigger | what |\n|---:|---|---|\n";
    for (epoch, trigger) in dense.anomalies() {
        let _ = writeln!(text, "| {epoch} | `{}` | {trigger} |", trigger.name());
    }
    if !recorder.warned.is_empty() {
        text += "\nBesides, it was warned of:\n\n| epoch | sign | what |\n|---:|---|---|\n";
        for notice in &recorder.warned {
            let what = notice.what.as_deref().unwrap_or("it is over");
            let _ = writeln!(
                text,
                "| {} | `{}` | {what} |",
                notice.epoch,
                notice.sign.name()
            );
        }
    }
    if let Some((first, last)) = dense.traced() {
        let _ = writeln!(
            text,
            "\nThe dense trace, batch by batch, lies in `train/dense_batches.parquet` and the files \
             beside it; it holds epochs between {first} and {last}, named in \
             `train/dense_windows.parquet`."
        );
    }
    let _ = match good {
        Some(epoch) => writeln!(
            text,
            "\nThe last good checkpoint is that of epoch {epoch}: `checkpoint/last_good`. In the epochs \
             that led to it nothing went wrong, and its validation loss is not above that of the network \
             before it was trained."
        ),
        None => writeln!(
            text,
            "\nNo good checkpoint was left. One is good in whose epochs nothing went wrong, and whose \
             validation loss is not above that of the network before it was trained."
        ),
    };
    text
}
