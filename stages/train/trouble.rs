use std::fmt::Write as _;

use kaslite_engine::context::StageContext;
use kaslite_engine::fs;
use kaslite_engine::registry::StageError;
use kaslite_nn::NnError;

use crate::shared::fail;
use crate::train::dense::Dense;
use crate::train::keeping;

/// Writes, for a run that leaves checkpoints, what went wrong in it: when, by which sign, where the
/// close look at it lies, and from where it could be gone on with. Nothing where all went well.
pub(super) fn tell(
    context: &StageContext<'_>,
    dense: &Dense,
    error: Option<&NnError>,
) -> Result<(), StageError> {
    let Some(place) = context.checkpoints() else {
        return Ok(());
    };
    if dense.anomalies().next().is_none() {
        return Ok(());
    }
    let good = keeping::last_good_epoch(&place.folder);
    let text = text(dense, error, good);
    fs::write_atomic(&place.report, text.as_bytes()).map_err(fail)
}

fn text(dense: &Dense, error: Option<&NnError>, good: Option<usize>) -> String {
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
             that led to it nothing went wrong."
        ),
        None => writeln!(text, "\nNo good checkpoint was left."),
    };
    text
}
